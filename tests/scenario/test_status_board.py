"""/pairec-status: a board that fills in, in the order of PAI-Rec's own page, with two sources kept apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.findings import Finding
from approvals.ledger.status_findings import last_change
from approvals.status.checks.permission import GRANTED
from approvals.status.last_findings import by_check, record
from bot.sandbox.client import SandboxPerson, SeenMessage, ViewSnapshot
from bot.sandbox.products import pairec
from bot.sandbox.ram.seed import ENGINE_ROLE, SERVICE_POLICY
from bot.sandbox.ram.state import AccountState, PolicyVersion
from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.boards import GENERAL, LOOKING, RANKING, board, boards, row, status, whole
from tests.harness.refusals import is_told, press, refused
from tests.harness.waiting import LONG_ENOUGH, in_time

IN_ORDER = (
    "PAI-Rec's own role",
    "OSS",
    "Container Registry",
    "DataHub",
    "MaxCompute",
    "PAI-Rec console",
    "FeatureStore",
    "PAI-EAS",
    "Hologres",
    "Flink",
    "Simple Log Service",
    "The engine's role",
    "Access administrator",
    "Data management",
    "Engine",
    "Monitoring",
    "Tenant role for training",
    "Routing of training reads",
)
SERVICES = {
    "oss": "OSS",
    "container-registry": "Container Registry",
    "datahub": "DataHub",
    "maxcompute": "MaxCompute",
    "console": "PAI-Rec console",
    "featurestore": "FeatureStore",
    "eas": "PAI-EAS",
    "hologres": "Hologres",
    "flink": "Flink",
    "sls": "Simple Log Service",
}


def test_a_fresh_account_is_all_good_and_shown_in_the_order_of_pai_recs_page(app: AppHarness) -> None:
    found = status(app, app.carol)
    assert found.plain.startswith("PAI-Rec status · all good")
    assert found.buttons == ["Details"] and "OSS" not in found.plain
    every = whole(app.carol, found)
    assert f"*{every.plain.count('🟢')} good*" in found.plain
    places = [every.plain.index(f"*{title}*") for title in IN_ORDER]
    assert places == sorted(places)
    assert "RAM permission: granted · PAI-Rec connectivity: Success" in row(every, "OSS")
    assert "PAI-Rec connectivity: PAI-Rec has no check for it" in row(every, "FeatureStore")
    assert "initialized, 3 RAM users hold it" in row(every, "Access administrator")
    assert "since <!date^" in row(every, "OSS")


def test_the_board_is_there_within_a_second_and_fills_in(unhurried: AppHarness) -> None:
    app = unhurried
    app.people.inject_ram_fault({"action": "CheckInstanceResources", "fault": "hang", "seconds": 2.5})
    app.carol.type("/pairec-status")
    first = app.until(lambda: boards(app.carol), "a board", timeout=1.0)[0]
    assert LOOKING in first.plain
    app.until(
        lambda: " good*" in boards(app.carol)[0].plain and LOOKING in boards(app.carol)[0].plain,
        "what is known already, while the rest is looked at",
        timeout=2.5,
    )
    assert "all good" in board(app, app.carol).plain
    assert len(boards(app.carol)) == 1


@pytest.mark.parametrize("typed", ["oss", "OSS", "object-storage-service"])
def test_one_service_is_looked_at_by_any_of_its_names(app: AppHarness, typed: str) -> None:
    found = status(app, app.carol, typed)
    assert found.plain.startswith("PAI-Rec status · OSS · all good")
    assert "• RAM permission: granted\n• PAI-Rec connectivity: Success" in found.plain
    assert "*DataHub*" not in found.plain


def test_one_policy_is_looked_at_by_its_name(app: AppHarness) -> None:
    assert "1 RAM user holds it" in status(app, app.carol, ENGINE).plain


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("os", "`oss`"),
        ("hologrs", "`hologres`"),
        ("Container Regstry", "`container-registry`"),
        ("watc 30m", "`watch`"),
    ],
)
def test_an_unknown_service_gets_the_nearest_names(app: AppHarness, typed: str, nearest: str) -> None:
    app.carol.type(f"/pairec-status {typed}")
    told = app.carol.ephemeral_with(f"There is no service called `{typed}`.").plain
    assert "Did you mean" in told and nearest in told
    assert boards(app.carol) == []


def test_help_names_all_that_can_be_typed(app: AppHarness) -> None:
    is_told(app, app.carol, "/pairec-status help", "`/pairec-status watch 30m`")
    assert all(f"`{name}`" in app.carol.ephemeral_with("How to use").plain for name in SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_whose_actions_are_not_allowed_names_them(app: AppHarness, name: str) -> None:
    app.people.turn_switch(f"{name}.permission")
    found = status(app, app.carol)
    assert found.plain.startswith("PAI-Rec status · 1 failed")
    said = row(found, SERVICES[name])
    assert "Failed since" in said and "RAM permission: missing `" in said
    assert "cannot be changed in this account" in said


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "featurestore"])
def test_a_service_that_pai_rec_does_not_reach_names_the_resource_and_leaves_the_permission_alone(
    app: AppHarness, name: str
) -> None:
    app.people.turn_switch(f"{name}.connection")
    said = row(status(app, app.carol), SERVICES[name])
    assert "RAM permission: granted" in said and "PAI-Rec connectivity: Failure, `pairec-cn-workshop1: " in said


@pytest.mark.parametrize("word", ["Checking", None])
def test_a_resource_of_which_pai_rec_says_neither_is_unknown(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch, word: str | None
) -> None:
    monkeypatch.setattr(pairec, "_checked", lambda _, each: {"Type": each.type, "Uri": each.uri, "Status": word})
    said = row(status(app, app.carol), "OSS")
    assert "Unknown since" in said
    assert "PAI-Rec connectivity: unknown, PAI-Rec did not say whether it reaches `pairec-cn-workshop1: oss://" in said


def test_resources_that_pai_rec_does_not_check_are_unknown(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairec, "_asked", lambda _, body: [])
    said = row(status(app, app.carol), "OSS")
    assert "PAI-Rec connectivity: unknown, PAI-Rec did not say whether it reaches `pairec-cn-workshop1: oss://" in said


def test_without_its_own_role_every_service_says_so_and_one_button_mends_them_all(app: AppHarness) -> None:
    app.people.turn_switch("service-role")
    found = status(app, app.carol)
    assert found.plain.startswith("PAI-Rec status · 11 failed")
    for title in ("PAI-Rec's own role", *SERVICES.values()):
        assert "there is no role `AliyunServiceRoleForPaiRec`" in row(found, title)
    assert found.plain.count("there is no role") == 1
    assert f"*{whole(app.carol, found).plain.count('🟢')} good*" in found.plain
    assert found.buttons == ["Authorize", "Details"]


def test_a_role_of_that_name_that_is_none_of_a_service_is_no_good(app: AppHarness) -> None:
    app.people.turn_switch("service-role")
    trust = '{"Version": "1", "Statement": []}'
    app.by_hand("CreateRole", RoleName="AliyunServiceRoleForPaiRec", AssumeRolePolicyDocument=trust)
    said = row(status(app, app.carol), "PAI-Rec's own role")
    assert "is no service-linked role" in said and "Rename or delete it" in said


def test_a_permission_under_a_condition_is_neither_granted_nor_missing(app: AppHarness) -> None:
    document = (
        '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:*", "Resource": "*",'
        ' "Condition": {"StringEquals": {"oss:BucketTag/featurestore": "1"}}}]}'
    )
    rewrite(app, document)
    said = row(status(app, app.carol), "OSS")
    assert "Conditional since" in said
    assert "it depends on `StringEquals oss:BucketTag/featurestore = 1`" in said


def test_a_policy_that_denies_is_told_from_one_that_is_silent(app: AppHarness) -> None:
    rewrite(
        app,
        '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},'
        ' {"Effect": "Deny", "Action": "oss:PutObject", "Resource": "*"}]}',
    )
    found = status(app, app.carol)
    assert "RAM permission: denied `oss:PutObject`" in row(found, "OSS")
    assert "RAM permission: granted" in row(whole(app.carol, found), "DataHub")


ALLOWS = '"Effect": "Allow", "Action": "*", "Resource": "*"'


@pytest.mark.parametrize(
    "document",
    [
        "<html>",
        '{"Version": "1", "Statement": [{"Effect": "Allow"}]}',
        '{"Version": "1", "Statement": [{"Effect": "Deny", ' + ALLOWS + "}]}",
        '{"Version": "1", "Statement": [{' + ALLOWS + ', "Conditions": {"Bool": {"acs:MFAPresent": "true"}}}]}',
        '{"Version": "1", "Statement": [{' + ALLOWS + ', "Condition": {"DateLessThan": {"acs:CurrentTime": 9}}}]}',
    ],
)
def test_a_policy_document_that_cannot_be_read_is_unknown_and_no_failure(app: AppHarness, document: str) -> None:
    rewrite(app, document)
    found = status(app, app.carol)
    assert found.plain.startswith("PAI-Rec status · 10 unknown")
    assert "`AliyunServiceRolePolicyForPaiRec` cannot be read" in row(found, "OSS")


def rewrite(app: AppHarness, document: str) -> None:
    """Alibaba Cloud changes the policy of PAI-Rec's own role."""

    def change(state: AccountState, now: float) -> None:
        version = PolicyVersion("v1", document, now)
        state.policies[SERVICE_POLICY] = replace(state.policies[SERVICE_POLICY], versions=(version,))

    app.sandbox.account.write(change)


@pytest.mark.parametrize(
    ("switch", "says", "step"),
    [
        ("engine-role.role", "there is no role `AliyunPAIRecEASRole`", "create `AliyunPAIRecEASRole` and let"),
        ("engine-role.trust", "does not trust `eas.pai.aliyuncs.com`", "Trust Policy, let `eas.pai.aliyuncs.com`"),
        ("engine-role.policy", "does not have `PaiRecDataManagementAccess`", "Authorize asks an administrator"),
    ],
)
def test_what_the_engines_role_lacks_is_named_with_the_step_to_take(
    app: AppHarness, switch: str, says: str, step: str
) -> None:
    app.people.turn_switch(switch)
    said = row(status(app, app.carol), "The engine's role")
    assert "Failed since" in said and says in said and step in said


def test_an_engines_role_that_trusts_under_a_condition_names_it(app: AppHarness) -> None:
    trust_engine(app, Condition={"StringEquals": {"acs:SourceAccount": "1000000000000001"}})
    said = row(status(app, app.carol), "The engine's role")
    assert "Conditional since" in said
    assert (
        "trusts `eas.pai.aliyuncs.com`, but it depends on `StringEquals acs:SourceAccount = 1000000000000001`" in said
    )


def test_an_engines_role_whose_trust_is_not_understood_is_unknown(app: AppHarness) -> None:
    trust_engine(app, NotPrincipal={"Service": ["ecs.aliyuncs.com"]})
    said = row(status(app, app.carol), "The engine's role")
    assert "Unknown since" in said and "cannot be read: `NotPrincipal`" in said


def trust_engine(app: AppHarness, **further: Any) -> None:
    """Somebody changes whom the engine's role trusts, in RAM's console."""
    principal = {"Service": ["eas.pai.aliyuncs.com"]}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **further}

    def change(state: AccountState, now: float) -> None:
        document = json.dumps({"Version": "1", "Statement": [statement]})
        state.roles[ENGINE_ROLE] = replace(state.roles[ENGINE_ROLE], trust_document=document, updated=now)

    app.sandbox.account.write(change)


def test_the_engines_role_may_have_another_name(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_ENGINE_ROLE": "RankerRole"}, pace=10.0) as app:
        assert "there is no role `RankerRole`" in row(status(app, app.carol), "The engine's role")


def test_a_policy_that_is_not_initialised_says_who_creates_it(app: AppHarness) -> None:
    app.people.turn_switch(f"policy.{ENGINE}")
    said = row(status(app, app.carol), "Engine")
    assert "not initialized in this account" in said and "The account's owner creates it" in said


def test_an_instance_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_INSTANCES": "pairec-cn-workshop1,pairec-cn-gone"}, pace=10.0) as app:
        said = row(status(app, app.carol), "OSS")
    assert "there is no instance `pairec-cn-gone`" in said and "Correct PAIREC_INSTANCES" in said


def test_without_instances_the_connection_is_not_looked_at(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_INSTANCES": ""}, pace=10.0) as app:
        found = status(app, app.carol)
        every = whole(app.carol, found)
    assert found.plain.startswith("PAI-Rec status · all good")
    assert "PAI-Rec connectivity: no instances set" in row(every, "OSS")


@pytest.mark.parametrize(
    ("action", "title", "permission"),
    [
        ("GetRole", "The engine's role", "ram:GetRole"),
        ("ListPoliciesForRole", "OSS", "ram:ListPoliciesForRole"),
        ("GetPolicy", "OSS", "ram:GetPolicy"),
        ("ListEntitiesForPolicy", "Engine", "ram:ListEntitiesForPolicy"),
        ("ListInstanceResources", "OSS", "pairec:ListInstanceResources"),
        ("CheckInstanceResources", "OSS", "pairec:CheckInstanceResources"),
    ],
)
def test_a_look_that_is_refused_names_the_permission_that_the_bot_lacks(
    app: AppHarness, action: str, title: str, permission: str
) -> None:
    app.people.inject_ram_fault({"action": action, "fault": "no_permission"})
    said = row(status(app, app.carol), title)
    assert f"unknown, the app lacks the permission `{permission}`" in said
    assert f"An administrator adds `{permission}`" in said


def test_what_hangs_is_no_answer_and_holds_up_nobody(unhurried: AppHarness) -> None:
    app = unhurried
    app.people.inject_ram_fault({"action": "ListInstanceResources", "fault": "drip", "seconds": 40})
    app.carol.type("/pairec-status")
    app.until(
        lambda: boards(app.carol) and " good*" in boards(app.carol)[0].plain,
        "what does not hang",
        timeout=3.0,
    )
    found = board(app, app.carol, timeout=13.0)
    assert "PAI-Rec connectivity: no answer in 10 s" in row(found, "OSS")
    assert "initialized" in row(whole(app.carol, found), "Engine")


def test_five_who_ask_at_once_share_one_run(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "GetRole", "fault": "hang", "seconds": 1.0})
    people = (app.carol, app.dave, app.erin, app.frank, app.alice)
    for person in people:
        person.type("/pairec-status")
    first = board(app, app.carol).plain.rpartition("requested by ")[2].strip()
    for person in people:
        if first != f"<@{person.id}>":
            person.ephemeral_with(f"see the board that {first} requested, above")
    assert len(boards(app.carol)) == 1 and runs(app) == 1


def test_those_who_ask_elsewhere_share_the_run_on_a_board_of_their_own(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "GetRole", "fault": "hang", "seconds": 1.0})
    app.carol.type("/pairec-status")
    app.dave.type("/pairec-status", "C0RANKING")
    assert "all good" in board(app, app.carol).plain
    assert "all good" in board(app, app.dave, channel=RANKING).plain
    assert runs(app) == 1


def runs(app: AppHarness) -> int:
    with app.ledger.read() as tx:
        return len(tx.rows("SELECT id FROM status_runs"))


def test_where_the_bot_is_not_a_member_the_board_is_sent_as_a_reply_at_most_five_times(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "CheckInstanceResources", "fault": "hang", "seconds": 2.0})
    app.carol.type("/pairec-status", RANKING)
    found = board(app, app.dave, "all good", RANKING)
    assert len(boards(app.dave, RANKING)) == 1, "the replies stand for one board"

    def kept() -> dict[str, object]:
        with app.ledger.read() as tx:
            return tx.rows("SELECT sent, reply_url FROM status_boards")[0]

    app.until(lambda: kept()["reply_url"] is None, "the way to reply to be forgotten")
    assert kept()["sent"] in range(2, 6)
    assert found.channel == RANKING


def shown_to(person: SandboxPerson, channel: str) -> Callable[[], list[SeenMessage]]:
    """Boards that this person alone sees, once they are done."""
    return lambda: [
        m
        for m in person.messages(channel)
        if m.ephemeral and m.plain.startswith("PAI-Rec status") and LOOKING not in m.plain
    ]


@pytest.mark.parametrize("channel", [GENERAL, RANKING])
@pytest.mark.parametrize("flag", ["is_ext_shared", "is_pending_ext_shared"])
def test_where_another_organisation_reads_along_only_whoever_asked_sees_the_board(
    app: AppHarness, flag: str, channel: str
) -> None:
    app.people.inject_slack_fault({"channel": channel, "set": {flag: True}})
    app.carol.type("/pairec-status", channel)
    app.until(shown_to(app.carol, channel), "her board")
    assert "all good" in shown_to(app.carol, channel)()[0].plain
    assert boards(app.dave, channel) == [] and shown_to(app.dave, channel)() == []


def test_in_a_channel_that_the_bot_cannot_see_only_whoever_asked_sees_the_board(app: AppHarness) -> None:
    app.people.inject_slack_fault({"channel": RANKING, "set": {"is_private": True}})
    app.carol.type("/pairec-status", RANKING)
    app.until(shown_to(app.carol, RANKING), "her board")
    assert boards(app.dave, RANKING) == []


def test_where_boards_are_for_one_alone_everybody_who_asks_gets_one(app: AppHarness) -> None:
    app.people.inject_slack_fault({"channel": GENERAL, "set": {"is_ext_shared": True}})
    app.people.inject_ram_fault({"action": "GetRole", "fault": "hang", "seconds": 1.0})
    for person in (app.carol, app.dave):
        person.type("/pairec-status")
    for person in (app.carol, app.dave):
        app.until(shown_to(person, GENERAL), "a board of their own")


def test_a_board_is_not_redrawn_in_a_channel_that_became_shared(app: AppHarness) -> None:
    first = status(app, app.carol, "oss")
    app.people.inject_slack_fault({"channel": GENERAL, "set": {"is_ext_shared": True}})
    app.real_passes(LONG_ENOUGH)
    app.people.turn_switch("oss.permission")
    app.carol.type("/pairec-status oss")
    app.until(shown_to(app.carol, GENERAL), "her board")
    app.until(lambda: scopes(app) == ["oss"], "the first one to be forgotten")
    assert boards(app.dave)[0].plain == first.plain


@pytest.mark.parametrize("fault", ["http_500", "ratelimited", "drop_answer"])
def test_a_reply_that_slack_does_not_take_is_sent_again_until_it_shows_the_end(app: AppHarness, fault: str) -> None:
    app.people.inject_ram_fault({"action": "CheckInstanceResources", "fault": "hang", "seconds": 1.0, "times": 9})
    app.carol.type("/pairec-status", RANKING)
    app.until(lambda: boards(app.dave, RANKING), "a board")
    app.people.inject_slack_fault({"fault": fault, "method": "response_url", "channel": RANKING, "times": 6})
    in_time(app, lambda: "all good" in boards(app.dave, RANKING)[0].plain, "the board to be done")
    assert len(boards(app.dave, RANKING)) == 1


def test_a_use_of_the_reply_counts_before_it_is_made(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "hang", "method": "response_url", "seconds": 2.0})
    app.carol.type("/pairec-status oss", RANKING)
    app.until(lambda: sent(app) == [1], "the use to be counted")
    assert boards(app.dave, RANKING) == []


def sent(app: AppHarness) -> list[int]:
    with app.ledger.read() as tx:
        return [kept["sent"] for kept in tx.rows("SELECT sent FROM status_boards")]


@pytest.mark.parametrize("words", ["", "oss", "history", "watch 30m"])
def test_a_guest_learns_nothing(app: AppHarness, words: str) -> None:
    app.grace.type(f"/pairec-status {words}".strip())
    app.grace.ephemeral_with("Guests cannot request access or decide on it.")
    assert boards(app.grace, GENERAL) == []


def test_a_board_is_drawn_to_its_end_by_the_next_process(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "CheckInstanceResources", "fault": "hang", "seconds": 4.0, "times": 9})
    app.carol.type("/pairec-status")
    app.until(lambda: boards(app.carol), "a board")
    app.restart_bot()
    assert "all good" in board(app, app.carol).plain


def test_a_board_is_drawn_to_its_end_though_the_clock_jumps_by_days(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "CheckInstanceResources", "fault": "hang", "seconds": 2.0})
    app.carol.type("/pairec-status")
    app.until(lambda: boards(app.carol), "a board")
    app.people.advance(8 * 24 * HOUR)
    assert "all good" in board(app, app.carol).plain


def test_what_an_older_run_finds_in_the_end_is_not_taken_for_news(app: AppHarness) -> None:
    status(app, app.carol)
    app.people.turn_switch("oss.permission")
    status(app, app.carol)
    with app.ledger.write() as tx:
        kept = by_check(tx)["oss/permission"]
        record(tx, Finding("oss/permission", GRANTED, {}), kept.run_id - 1, kept.checked_at + 1)
        assert by_check(tx)["oss/permission"] == kept
        assert last_change(tx) == 1


def since(found: SeenMessage | ViewSnapshot, title: str) -> int:
    return int(row(found, title).partition("since <!date^")[2].partition("^")[0])


def test_a_row_has_failed_since_the_first_of_its_sources_failed(app: AppHarness) -> None:
    status(app, app.carol)
    app.people.turn_switch("oss.permission")
    first = since(status(app, app.carol), "OSS")
    app.people.advance(2 * 24 * HOUR)
    app.people.turn_switch("oss.connection")
    assert since(status(app, app.carol), "OSS") == first


def test_a_row_is_good_since_the_last_of_its_sources_turned_good(app: AppHarness) -> None:
    for switch in ("oss.permission", "oss.connection"):
        app.people.turn_switch(switch)
    failed = since(status(app, app.carol), "OSS")
    for days, switch in enumerate(("oss.permission", "oss.connection"), start=1):
        app.people.advance(24 * HOUR)
        app.people.turn_switch(switch, broken=False)
        found = whole(app.carol, status(app, app.carol))
        assert (since(found, "OSS") - failed) // (24 * HOUR) == (0 if days == 1 else days)


def test_a_board_of_a_row_that_left_the_plan_is_forgotten(app: AppHarness, tmp_path: Path) -> None:
    plan = (Path(__file__).parents[2] / "approvals" / "status" / "status.toml").read_text(encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text(plan.replace("[services.hologres]", "[services.holo]"), encoding="utf-8")
    status(app, app.carol, "hologres")
    app.restart_bot({"PAIREC_STATUS": str(other)})
    status(app, app.dave, "oss", RANKING)
    app.until(lambda: "hologres" not in scopes(app), "its board to be forgotten")


def scopes(app: AppHarness) -> list[str]:
    with app.ledger.read() as tx:
        return [kept["scope"] for kept in tx.rows("SELECT scope FROM status_boards")]


def test_a_click_that_was_forged_asks_for_nothing(app: AppHarness) -> None:
    found = status(app, app.carol)
    for value in ("", "engine", "R-1001", "PaiRecRamAdminAccess"):
        with refused(app, app.carol, "unknown_mend", "There is nothing like that to authorize.", act="ask"):
            press(app.carol, "authorize", value, found)
