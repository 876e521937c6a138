"""What PAI-Rec and MaxCompute were seen to say, and what nobody said, judged: a row for each thing that can be so."""

from __future__ import annotations

from typing import Any

import pytest

from approvals.errors import CloudError, CloudErrorKind
from approvals.findings import CheckResult, CheckState, Finding, worst
from approvals.status import judging
from approvals.status.plan import ServiceTerms, Training
from approvals.status.seen import ResourceSeen, TenantRoleSeen

OSS = ServiceTerms("oss", ("oss:GetObject",), ("OSS",))
UNCHECKED = ServiceTerms("featurestore", ("featurestore:GetProject",), ())
TRAINING = Training("auth", frozenset({"odps:List", "odps:Usage"}), "odps.route")
BOTH = frozenset({"odps:List", "ODPS:usage"})
QUOTA = "quotas/pay-as-you-go"
UP, DOWN = ResourceSeen("oss://up", True), ResourceSeen("oss://down", False)
UNTOLD = ResourceSeen("oss://untold", None)


def connection(service: ServiceTerms = OSS, **seen: Any) -> Finding:
    return judging.connection("oss/connection", service, seen)


def tenant(grants: dict[str, frozenset[str]] | None, quota: str | None = None) -> Finding:
    return judging.tenant_role(
        "tenant-role/tenant", TRAINING, quota, None if grants is None else TenantRoleSeen(grants)
    )


def route(value: str | None, group: str | None = "dts") -> Finding:
    return judging.quota_route("quota-route/route", TRAINING, "dev", group, value)


def unseen(trouble: CloudErrorKind | None) -> Finding:
    return judging.not_seen("oss/permission", CloudError(trouble, code="X", action="A") if trouble else None, 10)


SEEN = [
    ("PAI-Rec reaches all", connection(one=(UP,), two=()), CheckResult.REACHED),
    ("PAI-Rec does not reach one", connection(one=(UP,), two=(UP, DOWN)), CheckResult.NOT_REACHED),
    ("PAI-Rec says nothing of one", connection(one=(UP,), two=(UP, UNTOLD)), CheckResult.NOT_CHECKED),
    ("PAI-Rec says nothing of any", connection(one=(UNTOLD,)), CheckResult.NOT_CHECKED),
    ("one is untold, one not reached", connection(one=(UNTOLD, DOWN)), CheckResult.NOT_REACHED),
    ("an instance is not there", connection(one=(DOWN,), two=None), CheckResult.NO_INSTANCE),
    ("no instance has any", connection(one=(), two=()), CheckResult.NO_RESOURCES),
    ("no instance is set", connection(), CheckResult.NO_INSTANCES_SET),
    ("PAI-Rec cannot check it", connection(UNCHECKED, one=(DOWN,)), CheckResult.NO_CHECK),
    ("exactly the grants", tenant({QUOTA: BOTH}), CheckResult.TENANT_READY),
    ("on the quota of a subscription", tenant({"quotas/Ranking": BOTH}, "ranking"), CheckResult.TENANT_READY),
    ("on another quota", tenant({QUOTA: BOTH}, "ranking"), CheckResult.WRONG_GRANTS),
    ("on two quotas", tenant({QUOTA: BOTH, "quotas/other": BOTH}), CheckResult.WRONG_GRANTS),
    ("one grant too many", tenant({QUOTA: BOTH | {"odps:Alter"}}), CheckResult.WRONG_GRANTS),
    ("one grant too few", tenant({QUOTA: frozenset({"odps:List"})}), CheckResult.WRONG_GRANTS),
    ("denied", tenant({f"D {QUOTA}": BOTH}), CheckResult.WRONG_GRANTS),
    ("granted and denied", tenant({QUOTA: BOTH, f"D {QUOTA}": BOTH}), CheckResult.WRONG_GRANTS),
    ("under a condition", tenant({f"AC {QUOTA}": BOTH}), CheckResult.WRONG_GRANTS),
    ("no grant", tenant({}), CheckResult.WRONG_GRANTS),
    ("no tenant role", tenant(None), CheckResult.NO_TENANT_ROLE),
    ("the routing is on", route(" True "), CheckResult.ROUTE_ON),
    ("the routing is off", route("false"), CheckResult.ROUTE_OFF),
    ("the routing is not set", route(None), CheckResult.ROUTE_OFF),
    ("no group of its own", route(None, group=None), CheckResult.NOT_DEDICATED),
    ("nothing came in time", unseen(None), CheckResult.NO_ANSWER),
    ("silent", unseen(CloudErrorKind.SILENT), CheckResult.NO_ANSWER),
    ("throttled", unseen(CloudErrorKind.THROTTLED), CheckResult.NO_ANSWER),
    ("not permitted", unseen(CloudErrorKind.NO_PERMISSION), CheckResult.MAY_NOT_LOOK),
    ("refused", unseen(CloudErrorKind.REFUSED), CheckResult.REFUSED),
]


@pytest.mark.parametrize(("found", "result"), [each[1:] for each in SEEN], ids=[each[0] for each in SEEN])
def test_what_the_others_say_is_judged(found: Finding, result: CheckResult) -> None:
    assert found.result is result


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (connection(one=(UP,)), CheckState.OK),
        (connection(one=(DOWN,)), CheckState.FAILED),
        (connection(one=(UP, UNTOLD)), CheckState.UNKNOWN),
        (connection(), CheckState.NOT_SET),
        (tenant({}), CheckState.FAILED),
        (route(None, group=None), CheckState.NOT_SET),
        (unseen(CloudErrorKind.SILENT), CheckState.UNKNOWN),
        (unseen(CloudErrorKind.NO_PERMISSION), CheckState.UNKNOWN),
        (unseen(CloudErrorKind.REFUSED), CheckState.UNKNOWN),
    ],
    ids=lambda value: value.result if isinstance(value, Finding) else "",
)
def test_what_was_not_seen_is_neither_good_nor_failed(found: Finding, state: CheckState) -> None:
    assert found.state is state


def test_a_resource_that_is_not_reached_is_named_with_its_instance() -> None:
    facts = connection(one=(UP,), two=(UP, DOWN)).facts
    assert facts == {"resources": ["two: oss://down"], "of": 3}


def test_only_a_resource_that_failed_is_named_as_failed() -> None:
    assert connection(one=(UNTOLD, DOWN)).facts["resources"] == ["one: oss://down"]


def test_a_resource_of_which_nothing_is_said_is_named_with_its_instance() -> None:
    assert connection(one=(UP,), two=(UNTOLD,)).facts["resources"] == ["two: oss://untold"]


def test_the_grants_that_were_found_are_told_with_where_they_are() -> None:
    assert tenant({"quotas/other": BOTH}).facts["found"] == ["ODPS:usage, odps:List on quotas/other"]


def test_routing_that_is_off_tells_the_command() -> None:
    assert route("false").facts["command"] == "setproject odps.route=true;"


@pytest.mark.parametrize(
    ("trouble", "throttled"), [(CloudErrorKind.THROTTLED, True), (CloudErrorKind.SILENT, False), (None, False)]
)
def test_no_answer_tells_whether_it_was_throttled(trouble: CloudErrorKind | None, throttled: bool) -> None:
    assert unseen(trouble).facts.items() >= {"seconds": 10, "throttled": throttled}.items()


def test_a_refusal_tells_its_code_and_what_was_asked() -> None:
    assert unseen(CloudErrorKind.REFUSED).facts == {"code": "X", "action": "A", "request_id": None}


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
