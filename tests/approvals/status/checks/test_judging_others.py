"""What PAI-Rec and MaxCompute were seen to say, and what nobody said, judged: a row for each thing that can be so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from approvals.errors import CloudError, CloudErrorKind
from approvals.findings import CheckResult, CheckState, Finding, worst
from approvals.status.checks import connection, quota_route, tenant_role, unseen
from approvals.status.seen import ResourceSeen, TenantRoleSeen
from approvals.status.terms import ServiceTerms, Training

OSS = ServiceTerms("oss", ("oss:GetObject",), ("OSS",), "OSS")
UNCHECKED = ServiceTerms("featurestore", ("featurestore:GetProject",), (), "FeatureStore")
TRAINING = Training("Role", "Route", "Owner", "auth", frozenset({"odps:List", "odps:Usage"}), "odps.route", "dev")
BOTH = frozenset({"odps:List", "ODPS:usage"})
QUOTA = "quotas/pay-as-you-go"
UP, DOWN = ResourceSeen("oss://up", True), ResourceSeen("oss://down", False)
UNTOLD = ResourceSeen("oss://untold", None)


def connecting(service: ServiceTerms = OSS, **seen: Any) -> Finding:
    return connection.judge("oss/connection", service, seen)


def tenant(grants: dict[str, frozenset[str]] | None, quota: str | None = None) -> Finding:
    seen = None if grants is None else TenantRoleSeen(grants)
    return tenant_role.judge("tenant-role/tenant", replace(TRAINING, quota=quota), seen)


def route(value: str | None, group: str | None = "dts") -> Finding:
    return quota_route.judge("quota-route/route", replace(TRAINING, tunnel_group=group), value)


def not_looked(trouble: CloudErrorKind | None) -> Finding:
    return unseen.not_seen("oss/permission", CloudError(trouble, code="X", action="A") if trouble else None, 10)


SEEN = [
    ("PAI-Rec reaches all", connecting(one=(UP,), two=()), connection.REACHED),
    ("PAI-Rec does not reach one", connecting(one=(UP,), two=(UP, DOWN)), connection.NOT_REACHED),
    ("PAI-Rec says nothing of one", connecting(one=(UP,), two=(UP, UNTOLD)), connection.NOT_CHECKED),
    ("PAI-Rec says nothing of any", connecting(one=(UNTOLD,)), connection.NOT_CHECKED),
    ("one is untold, one not reached", connecting(one=(UNTOLD, DOWN)), connection.NOT_REACHED),
    ("an instance is not there", connecting(one=(DOWN,), two=None), connection.NO_INSTANCE),
    ("no instance has any", connecting(one=(), two=()), connection.NO_RESOURCES),
    ("no instance is set", connecting(), connection.NO_INSTANCES_SET),
    ("PAI-Rec cannot check it", connecting(UNCHECKED, one=(DOWN,)), connection.NO_CHECK),
    ("exactly the grants", tenant({QUOTA: BOTH}), tenant_role.TENANT_READY),
    ("on the quota of a subscription", tenant({"quotas/Ranking": BOTH}, "ranking"), tenant_role.TENANT_READY),
    ("on another quota", tenant({QUOTA: BOTH}, "ranking"), tenant_role.WRONG_GRANTS),
    ("on two quotas", tenant({QUOTA: BOTH, "quotas/other": BOTH}), tenant_role.WRONG_GRANTS),
    ("one grant too many", tenant({QUOTA: BOTH | {"odps:Alter"}}), tenant_role.WRONG_GRANTS),
    ("one grant too few", tenant({QUOTA: frozenset({"odps:List"})}), tenant_role.WRONG_GRANTS),
    ("denied", tenant({f"D {QUOTA}": BOTH}), tenant_role.WRONG_GRANTS),
    ("granted and denied", tenant({QUOTA: BOTH, f"D {QUOTA}": BOTH}), tenant_role.WRONG_GRANTS),
    ("under a condition", tenant({f"AC {QUOTA}": BOTH}), tenant_role.WRONG_GRANTS),
    ("no grant", tenant({}), tenant_role.WRONG_GRANTS),
    ("no tenant role", tenant(None), tenant_role.NO_TENANT_ROLE),
    ("the routing is on", route(" True "), quota_route.ROUTE_ON),
    ("the routing is off", route("false"), quota_route.ROUTE_OFF),
    ("the routing is not set", route(None), quota_route.ROUTE_OFF),
    ("no group of its own", route(None, group=None), quota_route.NOT_DEDICATED),
    ("nothing came in time", not_looked(None), unseen.NO_ANSWER),
    ("silent", not_looked(CloudErrorKind.SILENT), unseen.NO_ANSWER),
    ("throttled", not_looked(CloudErrorKind.THROTTLED), unseen.NO_ANSWER),
    ("not permitted", not_looked(CloudErrorKind.NO_PERMISSION), unseen.MAY_NOT_LOOK),
    ("refused", not_looked(CloudErrorKind.REFUSED), unseen.REFUSED),
]


@pytest.mark.parametrize(("found", "result"), [each[1:] for each in SEEN], ids=[each[0] for each in SEEN])
def test_what_the_others_say_is_judged(found: Finding, result: CheckResult) -> None:
    assert found.result is result


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (connecting(one=(UP,)), CheckState.OK),
        (connecting(one=(DOWN,)), CheckState.FAILED),
        (connecting(one=(UP, UNTOLD)), CheckState.UNKNOWN),
        (connecting(), CheckState.NOT_SET),
        (tenant({}), CheckState.FAILED),
        (route(None, group=None), CheckState.NOT_SET),
        (not_looked(CloudErrorKind.SILENT), CheckState.UNKNOWN),
        (not_looked(CloudErrorKind.NO_PERMISSION), CheckState.UNKNOWN),
        (not_looked(CloudErrorKind.REFUSED), CheckState.UNKNOWN),
    ],
    ids=lambda value: value.result if isinstance(value, Finding) else "",
)
def test_what_was_not_seen_is_neither_good_nor_failed(found: Finding, state: CheckState) -> None:
    assert found.state is state


def test_a_resource_that_is_not_reached_is_named_with_its_instance() -> None:
    facts = connecting(one=(UP,), two=(UP, DOWN)).facts
    assert facts == {"resources": ["two: oss://down"], "of": 3}


def test_only_a_resource_that_failed_is_named_as_failed() -> None:
    assert connecting(one=(UNTOLD, DOWN)).facts["resources"] == ["one: oss://down"]


def test_a_resource_of_which_nothing_is_said_is_named_with_its_instance() -> None:
    assert connecting(one=(UP,), two=(UNTOLD,)).facts["resources"] == ["two: oss://untold"]


def test_the_grants_that_were_found_are_told_with_where_they_are() -> None:
    assert tenant({"quotas/other": BOTH}).facts["found"] == ["ODPS:usage, odps:List on quotas/other"]


def test_routing_that_is_off_tells_the_command() -> None:
    assert route("false").facts["command"] == "setproject odps.route=true;"


@pytest.mark.parametrize(
    ("trouble", "throttled"), [(CloudErrorKind.THROTTLED, True), (CloudErrorKind.SILENT, False), (None, False)]
)
def test_no_answer_tells_whether_it_was_throttled(trouble: CloudErrorKind | None, throttled: bool) -> None:
    assert not_looked(trouble).facts.items() >= {"seconds": 10, "throttled": throttled}.items()


def test_a_refusal_tells_its_code_and_what_was_asked() -> None:
    assert not_looked(CloudErrorKind.REFUSED).facts == {"code": "X", "action": "A", "request_id": None}


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ([CheckState.OK, CheckState.NOT_SET], CheckState.OK),
        ([CheckState.OK, CheckState.CONDITIONAL], CheckState.CONDITIONAL),
        ([CheckState.CONDITIONAL, CheckState.UNKNOWN], CheckState.UNKNOWN),
        ([CheckState.UNKNOWN, CheckState.FAILED, CheckState.OK], CheckState.FAILED),
    ],
)
def test_a_row_shows_the_worst_of_its_sources(states: list[CheckState], shown: CheckState) -> None:
    assert worst(states) is shown
