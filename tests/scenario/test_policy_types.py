"""RAM keeps custom and system policies apart, and every call names which of the two is meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.ram.state import AccountState, Policy, PolicyKey, PolicyVersion
from tests.harness.app import ENGINE, AppHarness
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, carol_has, comes_to, in_time, time_is_up

CATALOGUE = f"""
[policies.{ENGINE}]
title = "Engine"
allows = "Deploy and run the recommendation engine."
default = "8h"
longest = "90d"
until_revoked = true
approvals = 1
reason = true
ticket = false
expires_after = "24h"
type = "System"
"""


def of_alibaba(app: AppHarness, *, alone: bool) -> None:
    """There is a system policy of the engine policy's name, alone or beside the custom one, and the bot does not
    remember that it was otherwise.
    """

    def change(state: AccountState, now: float) -> None:
        version = PolicyVersion("v1", '{"Version": "1", "Statement": []}', now)
        key = PolicyKey("System", ENGINE)
        state.policies[key] = Policy(key, "", now, now, (version,))
        if alone:
            del state.policies[PolicyKey("Custom", ENGINE)]
            state.attachments = {held: at for held, at in state.attachments.items() if held[1].name != ENGINE}

    app.sandbox.account.write(change)
    app.restart_bot({})


def attach_of_alibaba(app: AppHarness) -> None:
    app.by_hand("AttachPolicyToUser", UserName="carol", PolicyName=ENGINE, PolicyType="System")


def now_of_alibaba(app: AppHarness, tmp_path: Path) -> None:
    """There are two policies of the name, and the catalogue says that Alibaba Cloud's own is meant."""
    of_alibaba(app, alone=False)
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    app.restart_bot({"PAIREC_CATALOG": str(path)})


def known_type(app: AppHarness, ref: str) -> str | None:
    return app.record(ref).grants[0].entitlement.policy_type


def forget_types(app: AppHarness) -> None:
    """As in a ledger that was there before they were kept."""
    with app.ledger.write() as tx:
        tx.run("UPDATE grants SET policy_type = NULL")


def types_carol_has(app: AppHarness) -> list[str]:
    answer = app.by_hand("ListPoliciesForUser", UserName="carol")
    return [policy["PolicyType"] for policy in answer["Policies"]["Policy"] if policy["PolicyName"] == ENGINE]


def test_a_policy_that_only_alibaba_cloud_has_is_granted_as_a_system_policy(app: AppHarness) -> None:
    of_alibaba(app, alone=True)
    ref = carol_has(app)
    assert types_carol_has(app) == ["System"]
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert types_carol_has(app) == []


def test_two_policies_of_one_name_are_not_chosen_between(app: AppHarness) -> None:
    of_alibaba(app, alone=False)
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.carol.ephemeral_with("both a custom and a system policy have this name")
    assert app.requests() == 0


def test_the_catalogue_can_say_which_of_the_two_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as app:
        of_alibaba(app, alone=False)
        carol_has(app)
        assert types_carol_has(app) == ["System"]


def test_a_policy_of_the_other_type_does_not_count_as_the_one_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as app:
        of_alibaba(app, alone=False)
        app.attach_by_hand("carol", ENGINE)
        ref = carol_has(app)
        assert sorted(types_carol_has(app)) == ["Custom", "System"]
        time_is_up(app)
        comes_to(app, ref, "ended")
        assert types_carol_has(app) == ["Custom"]


def test_a_type_that_is_said_but_not_there_counts_as_not_initialised(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as app:
        app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
        app.carol.ephemeral_with("not initialized in this account")


@pytest.mark.parametrize("alone", [True, False], ids=["a system policy", "a custom one"])
def test_without_the_permission_to_read_policies_the_type_is_found_in_the_list_of_them(
    app: AppHarness, alone: bool
) -> None:
    may_list = {"Effect": "Allow", "Action": "ram:ListPolicies", "Resource": "*"}
    lists = json.dumps({"Version": "1", "Statement": [may_list]})
    own = app.sandbox.account.identities[ACCESS_KEY_ID].without("ram:GetPolicy")
    app.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity(*own.documents, lists)
    if alone:
        of_alibaba(app, alone=True)
    carol_has(app)
    assert types_carol_has(app) == ["System" if alone else "Custom"]


def test_what_was_given_stays_given_although_the_catalogue_means_the_other_policy_now(
    app: AppHarness, tmp_path: Path
) -> None:
    ref = carol_has(app, duration="8h")
    now_of_alibaba(app, tmp_path)
    for _ in range(3):
        time_is_up(app, COMPARED_EVERY)
        compared = app.people.account()["log"]
        app.real_passes(LONG_ENOUGH)
    app.asked(app.dave, f"{ENGINE} 8h rollout")
    assert (app.states(ref), types_carol_has(app)) == (["active"], ["Custom"])
    assert app.record(ref).grants[0].missing_since_real is None and compared
    time_is_up(app, 8 * 3600)
    comes_to(app, ref, "ended")
    assert types_carol_has(app) == []
    app.card(ref, "Ended")


def test_what_was_given_is_taken_back_although_the_account_has_two_policies_of_the_name_now(app: AppHarness) -> None:
    ref = carol_has(app)
    of_alibaba(app, alone=False)
    app.restart_bot()
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert types_carol_has(app) == []


@pytest.mark.parametrize("ended", [True, False], ids=["that ends", "that runs"])
def test_a_ledger_that_does_not_know_which_policy_was_given_finds_it_out(
    app: AppHarness, tmp_path: Path, ended: bool
) -> None:
    ref = carol_has(app, duration="8h")
    app.stop_bot()
    forget_types(app)
    if ended:
        time_is_up(app, 9 * 3600)
    now_of_alibaba(app, tmp_path)
    if not ended:
        in_time(app, lambda: known_type(app, ref) == "Custom", "the type to be found out")
        app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert types_carol_has(app) == []


def test_where_both_are_there_the_one_that_was_given_is_taken_back_and_the_other_stays(
    app: AppHarness, tmp_path: Path
) -> None:
    ref = carol_has(app, duration="8h")
    app.stop_bot()
    forget_types(app)
    time_is_up(app, 3600)
    of_alibaba(app, alone=False)
    attach_of_alibaba(app)
    now_of_alibaba(app, tmp_path)
    in_time(app, lambda: known_type(app, ref) == "Custom", "the type to be found out")
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert types_carol_has(app) == ["System"]


def test_somebody_who_looks_sees_what_was_given_although_the_catalogue_means_the_other_now(
    app: AppHarness, tmp_path: Path
) -> None:
    ref = carol_has(app, duration="8h")
    now_of_alibaba(app, tmp_path)
    app.bob.type("/pairec-access who @carol")
    assert ref in app.bob.ephemeral_with("Engine").plain


def test_what_is_removed_by_hand_is_noticed_although_the_other_policy_of_its_name_is_there(
    app: AppHarness, tmp_path: Path
) -> None:
    ref = carol_has(app, duration="8h")
    now_of_alibaba(app, tmp_path)
    attach_of_alibaba(app)
    app.detach_by_hand("carol", ENGINE)
    time_is_up(app, COMPARED_EVERY)
    in_time(app, lambda: app.record(ref).grants[0].missing_since_real, "the bot to miss it")
    app.real_passes(LONG_ENOUGH)
    comes_to(app, ref, "ended")
    assert types_carol_has(app) == ["System"]
