"""What RAM was seen to have, judged: a row for each thing that can be so. Nothing is asked of anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from approvals.errors import CloudErrorKind
from approvals.findings import CheckResult, CheckState, Finding
from approvals.millis import DomainMillis
from approvals.status.checks import engine_role, permission, policy, roles, service_role, unseen
from approvals.status.checks.engine_role import ENGINE_ROLE
from approvals.status.checks.service_role import SERVICE_ROLE
from approvals.status.seen import PolicySeen, PolicySummary, RoleSeen
from approvals.status.terms import EngineRole, ServiceTerms

NOW = DomainMillis(1_795_514_400_000)
OSS = ServiceTerms("oss", ("oss:GetObject", "oss:PutObject"), ("OSS",), "OSS")
ENGINE = EngineRole("EngineRole", "eas.pai.aliyuncs.com", "Data", "Engine")


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


def allowing(*statements: dict[str, Any]) -> Finding:
    return permission.judge("oss/permission", OSS, "Role", role(text(*statements)), NOW)


def engine(seen: RoleSeen | None) -> Finding:
    return engine_role.judge("engine-role/role", ENGINE, seen)


def trusting(changed: dict[str, Any], *further: dict[str, Any]) -> RoleSeen:
    """The engine's role with other elements in its trust, and further statements."""
    first = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": [ENGINE.trusts]}, **changed}
    return replace(role(""), trust_document=text(first, *further))


OURS = {"Condition": {"StringEquals": {"acs:SourceAccount": "100"}}}
REFUSES = {"Effect": "Deny", "Action": "sts:*", "Principal": {"Service": "eas.pai.aliyuncs.com"}}
OVER: dict[str, Any] = {"DateLessThan": {"acs:CurrentTime": "2019-08-12T17:00:00+08:00"}}
TAGGED: dict[str, Any] = {"StringEquals": {"oss:BucketTag/a": "1"}}
SEEN = [
    ("its own role is there", service_role.judge("c", "Role", role()), roles.ROLE_READY),
    ("its own role is not there", service_role.judge("c", "Role", None), roles.NO_ROLE),
    (
        "its own role is anybody's",
        service_role.judge("c", "Role", role(linked=False)),
        service_role.NOT_SERVICE_LINKED,
    ),
    ("every action is allowed", allowing(allows("oss:*")), permission.GRANTED),
    ("one action is not", allowing(allows("oss:GetObject")), permission.MISSING),
    ("one is denied", allowing(allows("*"), allows("oss:PutObject", effect="Deny")), permission.MISSING),
    ("it was allowed once", allowing(allows("oss:*", **OVER)), permission.MISSING),
    ("it is allowed under a condition", allowing(allows("oss:*", **TAGGED)), permission.CONDITIONAL),
    ("one is missing, one conditional", allowing(allows("oss:GetObject", **TAGGED)), permission.MISSING),
    ("no policy at all", permission.judge("c", OSS, "Role", role(), NOW), permission.MISSING),
    ("no role", permission.judge("c", OSS, "Role", None, NOW), roles.NO_ROLE),
    ("no text", permission.judge("c", OSS, "Role", role(None), NOW), unseen.UNREADABLE),
    (
        "one text of two",
        permission.judge("c", OSS, "Role", role(text(allows("*")), "?"), NOW),
        unseen.UNREADABLE,
    ),
    ("the engine's role is as it should be", engine(role("")), roles.ROLE_READY),
    ("the engine's role is not there", engine(None), roles.NO_ROLE),
    ("the engine's role trusts another", engine(role("", trusts="ecs.aliyuncs.com")), engine_role.NOT_TRUSTED),
    ("the engine's role is bare", engine(role()), engine_role.NO_POLICY),
    ("the engine's role trusts under a condition", engine(trusting(OURS)), engine_role.TRUST_CONDITIONAL),
    ("the engine's role trusts and denies", engine(trusting({}, REFUSES)), engine_role.NOT_TRUSTED),
    ("the engine's role trusts by a wildcard", engine(trusting({"Action": "sts:*"})), roles.ROLE_READY),
    ("it is bare, and trusts under a condition", engine(replace(trusting(OURS), policies=())), engine_role.NO_POLICY),
    ("its trust is not understood", engine(trusting({"NotPrincipal": {}})), unseen.UNREADABLE),
    ("its trust cannot be read", engine(RoleSeen("3", "Role", "1", False, "<html>")), unseen.UNREADABLE),
    ("a policy is there", policy.judge("c", "Data", PolicySummary(None, 3)), policy.INITIALISED),
    (
        "a policy is not",
        policy.judge("c", "Data", PolicySummary(CloudErrorKind.NO_POLICY)),
        policy.NOT_INITIALISED,
    ),
    ("two policies", policy.judge("c", "Data", PolicySummary(CloudErrorKind.AMBIGUOUS_TYPE)), unseen.REFUSED),
]


@pytest.mark.parametrize(("found", "result"), [each[1:] for each in SEEN], ids=[each[0] for each in SEEN])
def test_what_ram_has_is_judged(found: Finding, result: CheckResult) -> None:
    assert found.result is result


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (allowing(allows("oss:*")), CheckState.OK),
        (allowing(allows("oss:GetObject")), CheckState.FAILED),
        (allowing(allows("oss:*", **TAGGED)), CheckState.CONDITIONAL),
        (permission.judge("c", OSS, "Role", role("<html>"), NOW), CheckState.UNKNOWN),
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
    found = allowing(allows("oss:*"), allows("oss:PutObject", effect="Deny"))
    assert (found.facts["missing"], found.facts["denied"]) == ([], ["oss:PutObject"])


def test_a_condition_is_told_once_however_many_actions_depend_on_it() -> None:
    assert allowing(allows("oss:*", **TAGGED)).facts["limits"] == ["StringEquals oss:BucketTag/a = 1"]


def test_a_policy_tells_how_many_hold_it() -> None:
    assert policy.judge("c", "Data", PolicySummary(None, 3)).facts == {"policy": "Data", "holders": 3}


@pytest.mark.parametrize(
    ("found", "repair"),
    [
        (service_role.judge("c", "Role", None), SERVICE_ROLE),
        (permission.judge("c", OSS, "Role", None, NOW), SERVICE_ROLE),
        (engine(role()), ENGINE_ROLE),
        (engine(None), None),
        (engine(role("", trusts="ecs.aliyuncs.com")), None),
        (service_role.judge("c", "Role", role(linked=False)), None),
        (allowing(), None),
    ],
    ids=["no own role", "no role to judge", "bare engine", "no engine", "untrusted", "not linked", "not allowed"],
)
def test_only_what_one_click_can_put_right_is_offered(found: Finding, repair: str | None) -> None:
    assert found.repair == repair
