"""`pairec-access check` says what the bot may do in the cloud, and what of it is there."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.ledger import open_ledger, policy_reviews, trail
from approvals.millis import DomainMillis
from approvals.policies.reviewed import PolicyNow
from bot.ram_policy import joined_policy, policy_parts
from bot.sandbox.ram.identity import bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.ram.state import AccountState, PolicyKey
from tests.harness.app import ADMIN, ENGINE
from tests.harness.builders import NOW
from tests.harness.checked import Installation, says

pytestmark = pytest.mark.slow
EVERYTHING = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:*", "Resource": "*"}]}'
NOT_RESOURCE = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "eas:*", "NotResource": "x"}]}'


def test_what_a_write_would_need_is_judged_by_the_texts_of_the_bots_own_policies(installed: Installation) -> None:
    installed.may_not("ram:AttachPolicyToUser", "ram:CreateUser", "paiworkspace:AddMemberRole")
    rows = installed.rows(PAIREC_RESOURCES=installed.everything["PAIREC_RESOURCES"])
    says(rows["permissions base"], "failed", "lacks ram:AttachPolicyToUser (missing)", "ram-policy base")
    says(rows["permissions onboarding"], "warning", "lacks ram:CreateUser", "ram-policy onboarding")
    says(rows["permissions members-pai"], "failed", "lacks paiworkspace:AddMemberRole", "ram-policy members-pai")
    says(rows["permissions members-dataworks"], "ok", "all 7 actions")
    assert installed.people.account()["log"] == [], "nothing was written to find it out"


def test_what_a_read_needs_is_tried_and_what_nobody_uses_is_no_failure(installed: Installation) -> None:
    installed.may_not("ram:ListUsersForGroup", "ram:GetLoginProfile", "ram:GetRole", "paiworkspace:AddMemberRole")
    rows = installed.rows()
    says(rows["ram:ListUsersForGroup"], "failed", "NoPermission", "ram-policy base")
    says(rows["ram:GetLoginProfile"], "warning", "NoPermission", "ram-policy offboarding")
    says(rows["permissions members-pai"], "not tried", "not used")
    says(rows["status service-role"], "warning", "ram:GetRole", "")


def test_an_identity_that_may_do_more_than_it_needs(installed: Installation) -> None:
    whole = joined_policy(policy_parts().values())
    installed.sandbox.account.identities[ACCESS_KEY_ID] = bot_identity(whole, EVERYTHING)
    says(
        installed.row("least permission", "permissions"),
        "warning",
        "may ram:CreatePolicy, ram:CreateAccessKey",
        "no other",
    )


def test_a_policy_that_is_not_there_and_one_whose_text_cannot_be_judged(
    installed: Installation, tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.toml"
    usual = Path("approvals/catalog/catalog.toml").read_text("utf-8")
    catalog.write_text(usual.replace("PaiRecMonitorAccess", "PaiRecNobodysAccess"), "utf-8")
    key = PolicyKey("Custom", ENGINE)
    before = installed.sandbox.account.read().policies[key]

    def change(state: AccountState, _: float) -> None:
        version = replace(before.default, document=NOT_RESOURCE)
        state.policies[key] = replace(before, versions=(version,))

    installed.sandbox.account.write(change)
    rows = installed.rows(PAIREC_CATALOG=str(catalog))
    installed.sandbox.account.write(lambda state, _: state.policies.update({key: before}))
    says(rows["PaiRecNobodysAccess"], "failed", "is not in this account", "Permission initialization")
    says(rows[ENGINE], "warning", "cannot be judged: NotResource", "Look at its text")
    says(rows[ADMIN], "ok", "Custom, v1")


def test_each_policy_says_whether_it_is_the_one_that_was_reviewed(installed: Installation) -> None:
    now = installed.sandbox.account.read().policies[PolicyKey("Custom", ENGINE)].default.document
    says(installed.row(ADMIN, "policies"), "ok", "Custom, v1, as published")
    says(installed.row(ENGINE, "policies"), "ok", "nobody has reviewed it")
    says(
        installed.row(ENGINE, "policies", PAIREC_POLICY_REVIEW="required"),
        "failed",
        "it is not given",
        "policies review",
    )
    for document, status, words in ((now, "ok", "as it was reviewed"), (EVERYTHING, "failed", "changed since")):
        with closing(open_ledger(f"sqlite:///{installed.ledger_path}")) as ledger, ledger.write() as tx:
            policy_reviews.put(tx, PolicyNow.of(ENGINE, "Custom", "v1", document), [SlackUserId("U0BOB")], NOW)
        says(installed.row(ENGINE, "policies"), status, words)


def test_a_name_that_a_custom_and_a_system_policy_have(installed: Installation) -> None:
    both = PolicyKey("System", ENGINE)

    def add(state: AccountState, _: float) -> None:
        state.policies[both] = state.policies[PolicyKey("Custom", ENGINE)]

    installed.sandbox.account.write(add)
    row = installed.row(ENGINE, "policies")
    installed.sandbox.account.write(lambda state, _: state.policies.pop(both))
    says(row, "failed", "is there as a custom and as a system policy", "Say its type in the catalogue")


def test_too_few_approvers_for_a_rule_none_who_is_linked_and_none_at_all(
    installed: Installation, tmp_path: Path
) -> None:
    nobody_linked = {"PAIREC_DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    says(installed.row("approvers", **nobody_linked), "warning", "who is linked is not known", "pairec-access link")
    for name, seen in (
        ("judy", "none of them can be given what wants 2 approvals"),
        ("bob", "what wants 2 approvals can never be approved"),
    ):
        installed.by_hand("DetachPolicyFromUser", UserName=name, PolicyName=ADMIN, PolicyType="Custom")
        says(installed.row("approvers"), "warning", seen, "pairec-access link")
    installed.by_hand("DetachPolicyFromUser", UserName="alice", PolicyName=ADMIN, PolicyType="Custom")
    says(installed.row("approvers"), "failed", f"nobody holds {ADMIN}", "RAM console")
    for name in ("alice", "bob", "judy"):
        installed.by_hand("AttachPolicyToUser", UserName=name, PolicyName=ADMIN, PolicyType="Custom")


def test_a_place_that_is_not_there_and_a_product_that_nobody_answers_for(
    installed: Installation, tmp_path: Path
) -> None:
    resources = tmp_path / "resources.toml"
    usual = Path(installed.everything["PAIREC_RESOURCES"]).read_text("utf-8")
    resources.write_text(usual.replace('"10001"', '"4711"'), "utf-8")
    installed.people.inject_ram_fault({"action": "ListWorkspaces", "fault": "hang", "seconds": 60})
    rows = installed.rows(PAIREC_RESOURCES=str(resources))
    says(rows["DataWorks 4711"], "failed", "not among the", "PAIREC_RESOURCES")
    says(rows["DataWorks 10002"], "ok", "members: ")
    says(rows["PAI"], "failed", "ListWorkspaces: no answer", "endpoint of PAI")
    says(rows["MaxCompute search"], "ok", "members: ")


def test_a_wrong_address_of_ram_is_a_line_of_each_row_that_needs_it(installed: Installation) -> None:
    rows = installed.rows(
        PAIREC_RAM_ENDPOINT="http://127.0.0.1:9", PAIREC_STS_ENDPOINT=installed.settings["PAIREC_IMS_ENDPOINT"]
    )
    says(rows["approvers"], "failed", "no answer", "PAIREC_REGION")
    says(rows["Slack token"], "ok", "")
    says(rows["cloud account"], "ok", "")


def test_actiontrail_is_readable_where_it_shows_something_and_nowhere_else(installed: Installation) -> None:
    here = {"PAIREC_ACTIONTRAIL_REGION": "ap-southeast-1"}
    says(installed.row("ActionTrail"), "ok", "PAIREC_ACTIONTRAIL_REGION is not set")
    says(installed.row("ActionTrail", **here), "not tried", "no write of this app that should be there")
    with closing(open_ledger(f"sqlite:///{installed.ledger_path}")) as ledger, ledger.write() as tx:
        known: dict[str, Any] = {"write_id": "ab" * 16, "ram_request_id": "R-1", "entitlement": f"policy/{ENGINE}"}
        trail.append_event(tx, DomainMillis(int(time.time() - 7200) * 1_000), AuditEvent.ATTACH_CONFIRMED, **known)
    says(installed.row("ActionTrail", **here), "failed", "not readable here", "ap-southeast-1 or cn-hangzhou")
    installed.may_not("actiontrail:LookupEvents")
    says(installed.row("ActionTrail", **here), "failed", "NoPermission", "")
    says(installed.row("permissions actiontrail"), "not tried", "not used")
    says(installed.row("permissions actiontrail", **here), "warning", "lacks actiontrail:LookupEvents")
    installed.sandbox.trail.late_seconds = lambda _: 0.0
    installed.mend()
    installed.by_hand("CreateGroup", GroupName="chess")
    says(installed.row("ActionTrail", **here), "ok", "shows RAM's events in ap-southeast-1")
    installed.by_hand("DeleteGroup", GroupName="chess")
