"""/pairec-status: a board that fills in, in the order of PAI-Rec's own page, with two sources kept apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.findings import CheckResult, Finding
from approvals.ledger.status import findings, keep, last_change
from bot.sandbox.client import SandboxPerson, SeenMessage
from bot.sandbox.products import pairec
from bot.sandbox.ram.seed import ENGINE_ROLE, SERVICE_POLICY
from bot.sandbox.ram.state import AccountState, PolicyVersion
from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.boards import GENERAL, LOOKING, RANKING, board, boards, row, status
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


def test_a_fresh_account_is_all_good_and_shown_in_the_order_of_pai_recs_page(office: AppHarness) -> None:
    found = status(office, office.carol)
    assert found.plain.startswith("PAI-Rec status · all good")
    places = [found.plain.index(f"*{title}*") for title in IN_ORDER]
    assert places == sorted(places)
    assert "RAM permission: granted · PAI-Rec connectivity: Success" in row(found, "OSS")
    assert "PAI-Rec connectivity: PAI-Rec has no check for it" in row(found, "FeatureStore")
    assert "initialised, 3 RAM users hold it" in row(found, "Access administrator")
    assert "since <!date^" in row(found, "OSS")
    assert found.buttons == []


def test_the_board_is_there_within_a_second_and_fills_in(unhurried: AppHarness) -> None:
    office = unhurried
    office.people.order_ram({"action": "CheckInstanceResources", "fault": "hang", "seconds": 2.5})
    office.carol.types("/pairec-status")
    first = office.until(lambda: boards(office.carol), "a board", timeout=1.0)[0]
    assert LOOKING in first.plain
    office.until(
        lambda: "RAM permission: granted" in boards(office.carol)[0].plain and LOOKING in boards(office.carol)[0].plain,
        "what is known already, while the rest is looked at",
        timeout=2.5,
    )
    assert "all good" in board(office, office.carol).plain
    assert len(boards(office.carol)) == 1


@pytest.mark.parametrize("typed", ["oss", "OSS", "object-storage-service"])
def test_one_service_is_looked_at_by_any_of_its_names(office: AppHarness, typed: str) -> None:
    found = status(office, office.carol, typed)
    assert found.plain.startswith("PAI-Rec status · OSS · all good")
    assert "• RAM permission: granted\n• PAI-Rec connectivity: Success" in found.plain
    assert "*DataHub*" not in found.plain


def test_one_policy_is_looked_at_by_its_name(office: AppHarness) -> None:
    assert "1 RAM user holds it" in status(office, office.carol, ENGINE).plain


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("os", "`oss`"),
        ("hologrs", "`hologres`"),
        ("Container Regstry", "`container-registry`"),
        ("watc 30m", "`watch`"),
    ],
)
def test_an_unknown_service_gets_the_nearest_names(office: AppHarness, typed: str, nearest: str) -> None:
    office.carol.types(f"/pairec-status {typed}")
    told = office.carol.ephemeral_with(f"There is no service called `{typed}`.").plain
    assert "Did you mean" in told and nearest in told
    assert boards(office.carol) == []


def test_help_names_all_that_can_be_typed(office: AppHarness) -> None:
    is_told(office, office.carol, "/pairec-status help", "`/pairec-status watch 30m`")
    assert all(f"`{name}`" in office.carol.ephemeral_with("How to use").plain for name in SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_whose_actions_are_not_allowed_names_them(office: AppHarness, name: str) -> None:
    office.people.break_it(f"{name}.permission")
    found = status(office, office.carol)
    assert found.plain.startswith("PAI-Rec status · 1 failed")
    said = row(found, SERVICES[name])
    assert "Failed since" in said and "RAM permission: missing `" in said
    assert "cannot be changed in this account" in said


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "featurestore"])
def test_a_service_that_pai_rec_does_not_reach_names_the_resource_and_leaves_the_permission_alone(
    office: AppHarness, name: str
) -> None:
    office.people.break_it(f"{name}.connection")
    said = row(status(office, office.carol), SERVICES[name])
    assert "RAM permission: granted" in said and "PAI-Rec connectivity: Failure, `pairec-cn-workshop1: " in said


@pytest.mark.parametrize("word", ["Checking", None])
def test_a_resource_of_which_pai_rec_says_neither_is_unknown(
    office: AppHarness, monkeypatch: pytest.MonkeyPatch, word: str | None
) -> None:
    monkeypatch.setattr(pairec, "_checked", lambda _, each: {"Type": each.type, "Uri": each.uri, "Status": word})
    said = row(status(office, office.carol), "OSS")
    assert "Unknown since" in said
    assert "PAI-Rec connectivity: unknown, PAI-Rec did not say whether it reaches `pairec-cn-workshop1: oss://" in said


def test_resources_that_pai_rec_does_not_check_are_unknown(office: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairec, "_asked", lambda _, body: [])
    said = row(status(office, office.carol), "OSS")
    assert "PAI-Rec connectivity: unknown, PAI-Rec did not say whether it reaches `pairec-cn-workshop1: oss://" in said


def test_without_its_own_role_every_service_says_so_and_one_button_mends_them_all(office: AppHarness) -> None:
    office.people.break_it("service-role")
    found = status(office, office.carol)
    assert found.plain.startswith("PAI-Rec status · 11 failed")
    for title in ("PAI-Rec's own role", *SERVICES.values()):
        assert "there is no role `AliyunServiceRoleForPaiRec`" in row(found, title)
    assert found.buttons == ["Authorize"]


def test_a_role_of_that_name_that_is_none_of_a_service_is_no_good(office: AppHarness) -> None:
    office.people.break_it("service-role")
    trust = '{"Version": "1", "Statement": []}'
    office.by_hand("CreateRole", RoleName="AliyunServiceRoleForPaiRec", AssumeRolePolicyDocument=trust)
    said = row(status(office, office.carol), "PAI-Rec's own role")
    assert "is no service-linked role" in said and "Rename or delete it" in said


def test_a_permission_under_a_condition_is_neither_granted_nor_missing(office: AppHarness) -> None:
    document = (
        '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:*", "Resource": "*",'
        ' "Condition": {"StringEquals": {"oss:BucketTag/featurestore": "1"}}}]}'
    )
    rewrite(office, document)
    said = row(status(office, office.carol), "OSS")
    assert "Conditional since" in said
    assert "it depends on `StringEquals oss:BucketTag/featurestore = 1`" in said


def test_a_policy_that_denies_is_told_from_one_that_is_silent(office: AppHarness) -> None:
    rewrite(
        office,
        '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},'
        ' {"Effect": "Deny", "Action": "oss:PutObject", "Resource": "*"}]}',
    )
    found = status(office, office.carol)
    assert "RAM permission: denied `oss:PutObject`" in row(found, "OSS")
    assert "RAM permission: granted" in row(found, "DataHub")


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
def test_a_policy_document_that_cannot_be_read_is_unknown_and_no_failure(office: AppHarness, document: str) -> None:
    rewrite(office, document)
    found = status(office, office.carol)
    assert found.plain.startswith("PAI-Rec status · 10 unknown")
    assert "`AliyunServiceRolePolicyForPaiRec` cannot be read" in row(found, "OSS")


def rewrite(office: AppHarness, document: str) -> None:
    """Alibaba Cloud changes the policy of PAI-Rec's own role."""

    def change(state: AccountState, now: float) -> None:
        version = PolicyVersion("v1", document, now)
        state.policies[SERVICE_POLICY] = replace(state.policies[SERVICE_POLICY], versions=(version,))

    office.sandbox.account.write(change)


@pytest.mark.parametrize(
    ("switch", "says", "step"),
    [
        ("engine-role.role", "there is no role `AliyunPAIRecEASRole`", "create `AliyunPAIRecEASRole` and let"),
        ("engine-role.trust", "does not trust `eas.pai.aliyuncs.com`", "Trust Policy, let `eas.pai.aliyuncs.com`"),
        ("engine-role.policy", "does not have `PaiRecDataManagementAccess`", "Authorize asks an administrator"),
    ],
)
def test_what_the_engines_role_lacks_is_named_with_the_step_to_take(
    office: AppHarness, switch: str, says: str, step: str
) -> None:
    office.people.break_it(switch)
    said = row(status(office, office.carol), "The engine's role")
    assert "Failed since" in said and says in said and step in said


def test_an_engines_role_that_trusts_under_a_condition_names_it(office: AppHarness) -> None:
    trust_engine(office, Condition={"StringEquals": {"acs:SourceAccount": "1000000000000001"}})
    said = row(status(office, office.carol), "The engine's role")
    assert "Conditional since" in said
    assert (
        "trusts `eas.pai.aliyuncs.com`, but it depends on `StringEquals acs:SourceAccount = 1000000000000001`" in said
    )


def test_an_engines_role_whose_trust_is_not_understood_is_unknown(office: AppHarness) -> None:
    trust_engine(office, NotPrincipal={"Service": ["ecs.aliyuncs.com"]})
    said = row(status(office, office.carol), "The engine's role")
    assert "Unknown since" in said and "cannot be read: `NotPrincipal`" in said


def trust_engine(office: AppHarness, **further: Any) -> None:
    """Somebody changes whom the engine's role trusts, in RAM's console."""
    principal = {"Service": ["eas.pai.aliyuncs.com"]}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **further}

    def change(state: AccountState, now: float) -> None:
        document = json.dumps({"Version": "1", "Statement": [statement]})
        state.roles[ENGINE_ROLE] = replace(state.roles[ENGINE_ROLE], trust_document=document, updated=now)

    office.sandbox.account.write(change)


def test_the_engines_role_may_have_another_name(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_ENGINE_ROLE": "RankerRole"}, pace=10.0) as office:
        assert "there is no role `RankerRole`" in row(status(office, office.carol), "The engine's role")


def test_a_policy_that_is_not_initialised_says_who_creates_it(office: AppHarness) -> None:
    office.people.break_it(f"policy.{ENGINE}")
    said = row(status(office, office.carol), "Engine")
    assert "not initialised in this account" in said and "The account's owner creates it" in said


def test_an_instance_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_INSTANCES": "pairec-cn-workshop1,pairec-cn-gone"}, pace=10.0) as office:
        said = row(status(office, office.carol), "OSS")
    assert "there is no instance `pairec-cn-gone`" in said and "Correct PAIREC_INSTANCES" in said


def test_without_instances_the_connection_is_not_looked_at(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_INSTANCES": ""}, pace=10.0) as office:
        found = status(office, office.carol)
    assert found.plain.startswith("PAI-Rec status · all good")
    assert "PAI-Rec connectivity: no instances set" in row(found, "OSS")


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
    office: AppHarness, action: str, title: str, permission: str
) -> None:
    office.people.order_ram({"action": action, "fault": "no_permission"})
    said = row(status(office, office.carol), title)
    assert f"unknown, the bot lacks the permission `{permission}`" in said
    assert f"An administrator adds `{permission}`" in said


def test_what_hangs_is_no_answer_and_holds_up_nobody(unhurried: AppHarness) -> None:
    office = unhurried
    office.people.order_ram({"action": "ListInstanceResources", "fault": "drip", "seconds": 40})
    office.carol.types("/pairec-status")
    office.until(
        lambda: boards(office.carol) and "RAM permission: granted" in boards(office.carol)[0].plain,
        "what does not hang",
        timeout=3.0,
    )
    found = board(office, office.carol, timeout=13.0)
    assert "PAI-Rec connectivity: no answer in 10 s" in row(found, "OSS")
    assert "initialised" in row(found, "Engine")


def test_five_who_ask_at_once_share_one_run(office: AppHarness) -> None:
    office.people.order_ram({"action": "GetRole", "fault": "hang", "seconds": 1.0})
    people = (office.carol, office.dave, office.erin, office.frank, office.alice)
    for person in people:
        person.types("/pairec-status")
    first = board(office, office.carol).plain.rpartition("asked by ")[2].strip()
    for person in people:
        if first != f"<@{person.id}>":
            person.ephemeral_with(f"see the board that {first} asked for, above")
    assert len(boards(office.carol)) == 1 and runs(office) == 1


def test_those_who_ask_elsewhere_share_the_run_on_a_board_of_their_own(office: AppHarness) -> None:
    office.people.order_ram({"action": "GetRole", "fault": "hang", "seconds": 1.0})
    office.carol.types("/pairec-status")
    office.dave.types("/pairec-status", "C0RANKING")
    assert "all good" in board(office, office.carol).plain
    assert "all good" in board(office, office.dave, channel=RANKING).plain
    assert runs(office) == 1


def runs(office: AppHarness) -> int:
    with office.ledger.read() as tx:
        return len(tx.rows("SELECT id FROM status_runs"))


def test_where_the_bot_is_not_a_member_the_board_is_sent_as_a_reply_at_most_five_times(office: AppHarness) -> None:
    office.people.order_ram({"action": "CheckInstanceResources", "fault": "hang", "seconds": 2.0})
    office.carol.types("/pairec-status", RANKING)
    found = board(office, office.dave, "all good", RANKING)
    assert len(boards(office.dave, RANKING)) == 1, "the replies stand for one board"

    def kept() -> dict[str, object]:
        with office.ledger.read() as tx:
            return tx.rows("SELECT sent, reply_url FROM status_boards")[0]

    office.until(lambda: kept()["reply_url"] is None, "the way to reply to be forgotten")
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
    office: AppHarness, flag: str, channel: str
) -> None:
    office.people.order_slack({"channel": channel, "set": {flag: True}})
    office.carol.types("/pairec-status", channel)
    office.until(shown_to(office.carol, channel), "her board")
    assert "all good" in shown_to(office.carol, channel)()[0].plain
    assert boards(office.dave, channel) == [] and shown_to(office.dave, channel)() == []


def test_in_a_channel_that_the_bot_cannot_see_only_whoever_asked_sees_the_board(office: AppHarness) -> None:
    office.people.order_slack({"channel": RANKING, "set": {"is_private": True}})
    office.carol.types("/pairec-status", RANKING)
    office.until(shown_to(office.carol, RANKING), "her board")
    assert boards(office.dave, RANKING) == []


def test_where_boards_are_for_one_alone_everybody_who_asks_gets_one(office: AppHarness) -> None:
    office.people.order_slack({"channel": GENERAL, "set": {"is_ext_shared": True}})
    office.people.order_ram({"action": "GetRole", "fault": "hang", "seconds": 1.0})
    for person in (office.carol, office.dave):
        person.types("/pairec-status")
    for person in (office.carol, office.dave):
        office.until(shown_to(person, GENERAL), "a board of their own")


def test_a_board_is_not_redrawn_in_a_channel_that_became_shared(office: AppHarness) -> None:
    first = status(office, office.carol, "oss")
    office.people.order_slack({"channel": GENERAL, "set": {"is_ext_shared": True}})
    office.real_passes(LONG_ENOUGH)
    office.people.break_it("oss.permission")
    office.carol.types("/pairec-status oss")
    office.until(shown_to(office.carol, GENERAL), "her board")
    office.until(lambda: scopes(office) == ["oss"], "the first one to be forgotten")
    assert boards(office.dave)[0].plain == first.plain


@pytest.mark.parametrize("fault", ["http_500", "ratelimited", "drop_answer"])
def test_a_reply_that_slack_does_not_take_is_sent_again_until_it_shows_the_end(office: AppHarness, fault: str) -> None:
    office.people.order_ram({"action": "CheckInstanceResources", "fault": "hang", "seconds": 1.0, "times": 9})
    office.carol.types("/pairec-status", RANKING)
    office.until(lambda: boards(office.dave, RANKING), "a board")
    office.people.order_slack({"fault": fault, "method": "response_url", "channel": RANKING, "times": 6})
    in_time(office, lambda: "all good" in boards(office.dave, RANKING)[0].plain, "the board to be done")
    assert len(boards(office.dave, RANKING)) == 1


def test_a_use_of_the_reply_counts_before_it_is_made(office: AppHarness) -> None:
    office.people.order_slack({"fault": "hang", "method": "response_url", "seconds": 2.0})
    office.carol.types("/pairec-status oss", RANKING)
    office.until(lambda: sent(office) == [1], "the use to be counted")
    assert boards(office.dave, RANKING) == []


def sent(office: AppHarness) -> list[int]:
    with office.ledger.read() as tx:
        return [kept["sent"] for kept in tx.rows("SELECT sent FROM status_boards")]


@pytest.mark.parametrize("words", ["", "oss", "history", "watch 30m"])
def test_a_guest_learns_nothing(office: AppHarness, words: str) -> None:
    office.grace.types(f"/pairec-status {words}".strip())
    office.grace.ephemeral_with("Guests cannot ask for access or decide on it.")
    assert boards(office.grace, GENERAL) == []


def test_a_board_is_drawn_to_its_end_by_the_next_process(office: AppHarness) -> None:
    office.people.order_ram({"action": "CheckInstanceResources", "fault": "hang", "seconds": 4.0, "times": 9})
    office.carol.types("/pairec-status")
    office.until(lambda: boards(office.carol), "a board")
    office.restart_bot()
    assert "all good" in board(office, office.carol).plain


def test_a_board_is_drawn_to_its_end_though_the_clock_jumps_by_days(office: AppHarness) -> None:
    office.people.order_ram({"action": "CheckInstanceResources", "fault": "hang", "seconds": 2.0})
    office.carol.types("/pairec-status")
    office.until(lambda: boards(office.carol), "a board")
    office.people.advance(8 * 24 * HOUR)
    assert "all good" in board(office, office.carol).plain


def test_what_an_older_run_finds_in_the_end_is_not_taken_for_news(office: AppHarness) -> None:
    status(office, office.carol)
    office.people.break_it("oss.permission")
    status(office, office.carol)
    with office.ledger.write() as tx:
        kept = findings(tx)["oss/permission"]
        keep(tx, Finding("oss/permission", CheckResult.GRANTED, {}), kept.run_id - 1, kept.checked_at + 1)
        assert findings(tx)["oss/permission"] == kept
        assert last_change(tx) == 1


def since(found: SeenMessage, title: str) -> int:
    return int(row(found, title).partition("since <!date^")[2].partition("^")[0])


def test_a_row_has_failed_since_the_first_of_its_sources_failed(office: AppHarness) -> None:
    status(office, office.carol)
    office.people.break_it("oss.permission")
    first = since(status(office, office.carol), "OSS")
    office.people.advance(2 * 24 * HOUR)
    office.people.break_it("oss.connection")
    assert since(status(office, office.carol), "OSS") == first


def test_a_row_is_good_since_the_last_of_its_sources_turned_good(office: AppHarness) -> None:
    for switch in ("oss.permission", "oss.connection"):
        office.people.break_it(switch)
    failed = since(status(office, office.carol), "OSS")
    for days, switch in enumerate(("oss.permission", "oss.connection"), start=1):
        office.people.advance(24 * HOUR)
        office.people.break_it(switch, broken=False)
        found = status(office, office.carol)
        assert (since(found, "OSS") - failed) // (24 * HOUR) == (0 if days == 1 else days)


def test_a_board_of_a_row_that_left_the_plan_is_forgotten(office: AppHarness, tmp_path: Path) -> None:
    plan = (Path(__file__).parents[2] / "approvals" / "status" / "status.toml").read_text(encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text(plan.replace("[services.hologres]", "[services.holo]"), encoding="utf-8")
    status(office, office.carol, "hologres")
    office.restart_bot({"PAIREC_STATUS": str(other)})
    status(office, office.dave, "oss", RANKING)
    office.until(lambda: "hologres" not in scopes(office), "its board to be forgotten")


def scopes(office: AppHarness) -> list[str]:
    with office.ledger.read() as tx:
        return [kept["scope"] for kept in tx.rows("SELECT scope FROM status_boards")]


def test_a_click_that_was_forged_asks_for_nothing(office: AppHarness) -> None:
    found = status(office, office.carol)
    for value in ("", "engine", "R-1001", "PaiRecRamAdminAccess"):
        with refused(office, office.carol, "unknown_mend", "There is nothing like that to authorize.", act="ask"):
            press(office.carol, "authorize", value, found)
