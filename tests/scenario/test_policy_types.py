"""RAM keeps custom and system policies apart, and every call names which of the two is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def of_alibaba(office: AppHarness, *, alone: bool) -> None:
    """There is a system policy of the engine policy's name, alone or beside the custom one, and the bot does not
    remember that it was otherwise."""

    def change(state: AccountState, now: float) -> None:
        version = PolicyVersion("v1", '{"Version": "1", "Statement": []}', now)
        key = PolicyKey("System", ENGINE)
        state.policies[key] = Policy(key, "", now, now, (version,))
        if alone:
            del state.policies[PolicyKey("Custom", ENGINE)]
            state.attachments = {held: at for held, at in state.attachments.items() if held[1].name != ENGINE}

    office.sandbox.account.write(change)
    office.restart_bot({})


def attach_of_alibaba(office: AppHarness) -> None:
    office.by_hand("AttachPolicyToUser", UserName="carol", PolicyName=ENGINE, PolicyType="System")


def now_of_alibaba(office: AppHarness, tmp_path: Path) -> None:
    """There are two policies of the name, and the catalogue says that Alibaba Cloud's own is meant."""
    of_alibaba(office, alone=False)
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    office.restart_bot({"PAIREC_CATALOG": str(path)})


def known_type(office: AppHarness, ref: str) -> str | None:
    return office.record(ref).grants[0].entitlement.policy_type


def forget_types(office: AppHarness) -> None:
    """As in a ledger that was there before they were kept."""
    with office.ledger.write() as tx:
        tx.run("UPDATE grants SET policy_type = NULL")


def types_carol_has(office: AppHarness) -> list[str]:
    answer = office.by_hand("ListPoliciesForUser", UserName="carol")
    return [policy["PolicyType"] for policy in answer["Policies"]["Policy"] if policy["PolicyName"] == ENGINE]


def test_a_policy_that_only_alibaba_cloud_has_is_granted_as_a_system_policy(office: AppHarness) -> None:
    of_alibaba(office, alone=True)
    ref = carol_has(office)
    assert types_carol_has(office) == ["System"]
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert types_carol_has(office) == []


def test_two_policies_of_one_name_are_not_chosen_between(office: AppHarness) -> None:
    of_alibaba(office, alone=False)
    office.carol.types(f"/pairec-access request {ENGINE} 8h rollout")
    office.carol.ephemeral_with("this account has a custom and a system policy of that name")
    assert office.requests() == 0


def test_the_catalogue_can_say_which_of_the_two_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as office:
        of_alibaba(office, alone=False)
        carol_has(office)
        assert types_carol_has(office) == ["System"]


def test_a_policy_of_the_other_type_does_not_count_as_the_one_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as office:
        of_alibaba(office, alone=False)
        office.attach_by_hand("carol", ENGINE)
        ref = carol_has(office)
        assert sorted(types_carol_has(office)) == ["Custom", "System"]
        time_is_up(office)
        comes_to(office, ref, "ended")
        assert types_carol_has(office) == ["Custom"]


def test_a_type_that_is_said_but_not_there_counts_as_not_initialised(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(CATALOGUE, "utf-8")
    with AppHarness(tmp_path, {"PAIREC_CATALOG": str(path)}, pace=10.0) as office:
        office.carol.types(f"/pairec-access request {ENGINE} 8h rollout")
        office.carol.ephemeral_with("not initialised in this account")


@pytest.mark.parametrize("alone", [True, False], ids=["a system policy", "a custom one"])
def test_without_the_permission_to_read_policies_the_type_is_found_in_the_list_of_them(
    office: AppHarness, alone: bool
) -> None:
    office.people.order_ram({"action": "GetPolicy", "fault": "no_permission"})
    if alone:
        of_alibaba(office, alone=True)
    carol_has(office)
    assert types_carol_has(office) == ["System" if alone else "Custom"]


def test_what_was_given_stays_given_although_the_catalogue_means_the_other_policy_now(
    office: AppHarness, tmp_path: Path
) -> None:
    ref = carol_has(office, duration="8h")
    now_of_alibaba(office, tmp_path)
    for _ in range(3):
        time_is_up(office, COMPARED_EVERY)
        compared = office.people.account()["log"]
        office.real_passes(LONG_ENOUGH)
    office.asked(office.dave, f"{ENGINE} 8h rollout")
    assert (office.states(ref), types_carol_has(office)) == (["active"], ["Custom"])
    assert office.record(ref).grants[0].missing_since_real is None and compared
    time_is_up(office, 8 * 3600)
    comes_to(office, ref, "ended")
    assert types_carol_has(office) == []
    office.card(ref, "Ended")


def test_what_was_given_is_taken_back_although_the_account_has_two_policies_of_the_name_now(office: AppHarness) -> None:
    ref = carol_has(office)
    of_alibaba(office, alone=False)
    office.restart_bot()
    office.revokes(office.carol, ref)
    comes_to(office, ref, "ended")
    assert types_carol_has(office) == []


@pytest.mark.parametrize("ended", [True, False], ids=["that ends", "that runs"])
def test_a_ledger_that_does_not_know_which_policy_was_given_finds_it_out(
    office: AppHarness, tmp_path: Path, ended: bool
) -> None:
    ref = carol_has(office, duration="8h")
    office.stop_bot()
    forget_types(office)
    if ended:
        time_is_up(office, 9 * 3600)
    now_of_alibaba(office, tmp_path)
    if not ended:
        in_time(office, lambda: known_type(office, ref) == "Custom", "the type to be found out")
        office.revokes(office.carol, ref)
    comes_to(office, ref, "ended")
    assert types_carol_has(office) == []


def test_where_both_are_there_the_one_that_was_given_is_taken_back_and_the_other_stays(
    office: AppHarness, tmp_path: Path
) -> None:
    ref = carol_has(office, duration="8h")
    office.stop_bot()
    forget_types(office)
    time_is_up(office, 3600)
    of_alibaba(office, alone=False)
    attach_of_alibaba(office)
    now_of_alibaba(office, tmp_path)
    in_time(office, lambda: known_type(office, ref) == "Custom", "the type to be found out")
    office.revokes(office.carol, ref)
    comes_to(office, ref, "ended")
    assert types_carol_has(office) == ["System"]


def test_somebody_who_looks_sees_what_was_given_although_the_catalogue_means_the_other_now(
    office: AppHarness, tmp_path: Path
) -> None:
    ref = carol_has(office, duration="8h")
    now_of_alibaba(office, tmp_path)
    office.bob.types("/pairec-access who @carol")
    assert ref in office.bob.ephemeral_with("Engine").plain


def test_what_is_removed_by_hand_is_noticed_although_the_other_policy_of_its_name_is_there(
    office: AppHarness, tmp_path: Path
) -> None:
    ref = carol_has(office, duration="8h")
    now_of_alibaba(office, tmp_path)
    attach_of_alibaba(office)
    office.detach_by_hand("carol", ENGINE)
    time_is_up(office, COMPARED_EVERY)
    in_time(office, lambda: office.record(ref).grants[0].missing_since_real, "the bot to miss it")
    office.real_passes(LONG_ENOUGH)
    comes_to(office, ref, "ended")
    assert types_carol_has(office) == ["System"]
