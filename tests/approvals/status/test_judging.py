"""What RAM was seen to have, judged: a row for each thing that can be so. Nothing is asked of anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from approvals.errors import CloudErrorKind
from approvals.findings import CheckResult, CheckState, Finding
from approvals.millis import DomainMillis
from approvals.status import judging
from approvals.status.plan import ENGINE_ROLE, SERVICE_ROLE, EngineRole, ServiceTerms
from approvals.status.seen import PolicySeen, PolicySummary, RoleSeen

NOW = DomainMillis(1_795_514_400_000)
OSS = ServiceTerms("oss", ("oss:GetObject", "oss:PutObject"), ("OSS",))
ENGINE = EngineRole("EngineRole", "eas.pai.aliyuncs.com", "Data")


def allows(*actions: str, effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def text(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


def trust(service: str) -> str:
    return text({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": [service]}})


def role(*documents: str | None, linked: bool = True, trusts: str = "eas.pai.aliyuncs.com") -> RoleSeen:
    policies = tuple(PolicySeen("Data", "Custom", document) for document in documents)
    return RoleSeen("300", "Role", "100", linked, trust(trusts), policies)


def permission(*statements: dict[str, Any]) -> Finding:
    return judging.permission("oss/permission", OSS, "Role", role(text(*statements)), NOW)


def engine(seen: RoleSeen | None) -> Finding:
    return judging.engine_role("engine-role/role", ENGINE, seen)


def trusting(changed: dict[str, Any], *further: dict[str, Any]) -> RoleSeen:
    """The engine's role with other elements in its trust, and further statements."""
    first = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": [ENGINE.trusts]}, **changed}
    return replace(role(""), trust_document=text(first, *further))


OURS = {"Condition": {"StringEquals": {"acs:SourceAccount": "100"}}}
REFUSES = {"Effect": "Deny", "Action": "sts:*", "Principal": {"Service": "eas.pai.aliyuncs.com"}}
OVER: dict[str, Any] = {"DateLessThan": {"acs:CurrentTime": "2019-08-12T17:00:00+08:00"}}
TAGGED: dict[str, Any] = {"StringEquals": {"oss:BucketTag/a": "1"}}
SEEN = [
    ("its own role is there", judging.service_role("c", "Role", role()), CheckResult.ROLE_READY),
    ("its own role is not there", judging.service_role("c", "Role", None), CheckResult.NO_ROLE),
    (
        "its own role is anybody's",
        judging.service_role("c", "Role", role(linked=False)),
        CheckResult.NOT_SERVICE_LINKED,
    ),
    ("every action is allowed", permission(allows("oss:*")), CheckResult.GRANTED),
    ("one action is not", permission(allows("oss:GetObject")), CheckResult.MISSING),
    ("one is denied", permission(allows("*"), allows("oss:PutObject", effect="Deny")), CheckResult.MISSING),
    ("it was allowed once", permission(allows("oss:*", **OVER)), CheckResult.MISSING),
    ("it is allowed under a condition", permission(allows("oss:*", **TAGGED)), CheckResult.CONDITIONAL),
    ("one is missing, one conditional", permission(allows("oss:GetObject", **TAGGED)), CheckResult.MISSING),
    ("no policy at all", judging.permission("c", OSS, "Role", role(), NOW), CheckResult.MISSING),
    ("no role", judging.permission("c", OSS, "Role", None, NOW), CheckResult.NO_ROLE),
    ("no text", judging.permission("c", OSS, "Role", role(None), NOW), CheckResult.UNREADABLE),
    (
        "one text of two",
        judging.permission("c", OSS, "Role", role(text(allows("*")), "?"), NOW),
        CheckResult.UNREADABLE,
    ),
    ("the engine's role is as it should be", engine(role("")), CheckResult.ROLE_READY),
    ("the engine's role is not there", engine(None), CheckResult.NO_ROLE),
    ("the engine's role trusts another", engine(role("", trusts="ecs.aliyuncs.com")), CheckResult.NOT_TRUSTED),
    ("the engine's role is bare", engine(role()), CheckResult.NO_POLICY),
    ("the engine's role trusts under a condition", engine(trusting(OURS)), CheckResult.TRUST_CONDITIONAL),
    ("the engine's role trusts and denies", engine(trusting({}, REFUSES)), CheckResult.NOT_TRUSTED),
    ("the engine's role trusts by a wildcard", engine(trusting({"Action": "sts:*"})), CheckResult.ROLE_READY),
    ("it is bare, and trusts under a condition", engine(replace(trusting(OURS), policies=())), CheckResult.NO_POLICY),
    ("its trust is not understood", engine(trusting({"NotPrincipal": {}})), CheckResult.UNREADABLE),
    ("its trust cannot be read", engine(RoleSeen("3", "Role", "1", False, "<html>")), CheckResult.UNREADABLE),
    ("a policy is there", judging.policy("c", "Data", PolicySummary(None, 3)), CheckResult.INITIALISED),
    (
        "a policy is not",
        judging.policy("c", "Data", PolicySummary(CloudErrorKind.NO_POLICY)),
        CheckResult.NOT_INITIALISED,
    ),
    ("two policies", judging.policy("c", "Data", PolicySummary(CloudErrorKind.AMBIGUOUS_TYPE)), CheckResult.REFUSED),
]


@pytest.mark.parametrize(("found", "result"), [each[1:] for each in SEEN], ids=[each[0] for each in SEEN])
def test_what_ram_has_is_judged(found: Finding, result: CheckResult) -> None:
    assert found.result is result


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (permission(allows("oss:*")), CheckState.OK),
        (permission(allows("oss:GetObject")), CheckState.FAILED),
        (permission(allows("oss:*", **TAGGED)), CheckState.CONDITIONAL),
        (judging.permission("c", OSS, "Role", role("<html>"), NOW), CheckState.UNKNOWN),
    ],
    ids=["granted", "missing", "under a condition", "unreadable"],
)
def test_a_permission_is_good_failed_conditional_or_unknown(found: Finding, state: CheckState) -> None:
    assert found.state is state


def test_a_trust_under_a_condition_is_neither_good_nor_failed_and_names_it() -> None:
    found = engine(trusting(OURS))
    assert found.state is CheckState.CONDITIONAL
    assert found.facts["limits"] == ["StringEquals acs:SourceAccount = 100"]


def test_what_is_missing_is_told_from_what_is_denied() -> None:
    found = permission(allows("oss:*"), allows("oss:PutObject", effect="Deny"))
    assert (found.facts["missing"], found.facts["denied"]) == ([], ["oss:PutObject"])


def test_a_condition_is_told_once_however_many_actions_depend_on_it() -> None:
    assert permission(allows("oss:*", **TAGGED)).facts["limits"] == ["StringEquals oss:BucketTag/a = 1"]


def test_a_policy_tells_how_many_hold_it() -> None:
    assert judging.policy("c", "Data", PolicySummary(None, 3)).facts == {"policy": "Data", "holders": 3}


@pytest.mark.parametrize(
    ("found", "repair"),
    [
        (judging.service_role("c", "Role", None), SERVICE_ROLE),
        (judging.permission("c", OSS, "Role", None, NOW), SERVICE_ROLE),
        (engine(role()), ENGINE_ROLE),
        (engine(None), None),
        (engine(role("", trusts="ecs.aliyuncs.com")), None),
        (judging.service_role("c", "Role", role(linked=False)), None),
        (permission(), None),
    ],
    ids=["no own role", "no role to judge", "bare engine", "no engine", "untrusted", "not linked", "not allowed"],
)
def test_only_what_one_click_can_put_right_is_offered(found: Finding, repair: str | None) -> None:
    assert found.repair == repair
