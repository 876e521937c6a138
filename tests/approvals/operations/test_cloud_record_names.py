"""Whoever makes a call chooses what is in it: it is told of by any of the names that it has, in whatever case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from approvals.audit_events import AuditEvent
from approvals.cloud_events import Actor, CloudEvent
from approvals.operations.cloud_record.judge import Begun, CallVerdict, KnownWrites, Watched, judge
from tests.harness.builders import ENGINE, NOW, stolen

MARK = "a" * 32
WATCHED = Watched("user", "pairec-access", frozenset({ENGINE.name}), frozenset({"engine-role"}), {"chess": frozenset()})
MALLORY = Actor("ram-user", "9", "mallory")


def call(name: str, service: str = "Ram", **params: str) -> CloudEvent:
    return replace(stolen(NOW), name=name, service=service, actor=MALLORY, params=params)


@pytest.mark.parametrize(
    "event",
    [
        call("AttachPolicyToUser", UserName="mallory", PolicyName=ENGINE.name.lower()),
        call("CreateAccessKey", UserName="PAIREC-ACCESS"),
        call("UpdateRole", RoleName="Engine-Role"),
        call("CreateAccessKey", "Ims", UserName="dave", UserPrincipalName="pairec-access@example.com"),
        call("CreateAccessKey", "Ims", UserPrincipalName="pairec-access@group.example.com"),
        call("AttachPolicy", "ResourceManager", UserName="dave", PrincipalName="pairec-access@example.com"),
        call("AttachPolicy", "ResourceManager", PrincipalType="ServiceRole", PrincipalName="engine-role@role.x.com"),
    ],
)
def test_it_is_told_of(event: CloudEvent) -> None:
    assert WATCHED.concerns(event)


@pytest.mark.parametrize("service", ["Ram", "Ims"])
def test_a_group_is_known_by_its_name_in_whatever_case(service: str) -> None:
    watched = replace(WATCHED, groups={"chess": frozenset({ENGINE.name})})
    assert watched.by_group(call("AddUserToGroup", service, UserName="dave", GroupName="Chess")) == frozenset(
        {ENGINE.name}
    )


def test_groups_of_other_products_are_none_of_ours() -> None:
    unread = replace(WATCHED, groups=None)
    assert not unread.concerns(call("DeleteGroup", "Cms", GroupName="chess"))
    assert unread.concerns(call("DeleteGroup", "Ims", GroupName="chess"))


def test_our_own_identity_is_us_in_whatever_case() -> None:
    assert replace(WATCHED, kind="role").is_us(Actor("assumed-role", "1", "PaiRec-Access:session"))


def test_a_copied_mark_makes_no_call_ours_that_names_somebody_else_besides() -> None:
    begun = Begun(NOW, AuditEvent.ATTACH_BEGUN, str(ENGINE), "carol")
    known = KnownWrites({MARK: begun}, frozenset())
    ours = call("AttachPolicyToUser", UserName="Carol", PolicyName=ENGINE.name)
    ours = replace(ours, user_agent=f"pairec-access-write/{MARK}")
    assert judge(ours, known, WATCHED) is CallVerdict.OURS
    more = replace(ours, params={**ours.params, "UserPrincipalName": "mallory@example.com"})
    assert judge(more, known, WATCHED) is CallVerdict.OTHERS
