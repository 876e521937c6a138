"""Who was put in a group while it had a policy is told of, in whatever order the record is read, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from approvals.cloud_events import Actor, CloudEvent
from approvals.kinds import NoticeKind
from approvals.ledger import cloud_events, notices
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from approvals.operations.cloud_record import read
from approvals.operations.cloud_record.judge import Watched
from tests.harness.builders import ENGINE, NOW, stolen
from tests.harness.jobs import Work

WATCHED = Watched("user", "pairec-access", frozenset({ENGINE.name}), frozenset())
QUERIES = ("own", "ims", "ram")
MEMBERS = {"AddUserToGroup", "RemoveUserFromGroup"}


def call(name: str, at: int, service: str = "Ram", group: str = "chess", **params: str) -> CloudEvent:
    params = {"GroupName": group, **params}
    of_policy = "Policy" in name
    return replace(
        stolen(DomainMillis(at)),
        id=f"{name}-{at}",
        name=name,
        service=service,
        actor=Actor("ram-user", "9", "mallory"),
        params=params | ({"PolicyName": ENGINE.name} if of_policy else {"UserPrincipalName": "dave@example.com"}),
    )


def looks(work: Work, now: int, events: Sequence[CloudEvent], page: int = 50) -> None:
    """As the bot does, when RAM says that no group has anything any more."""
    moment = DomainMillis(now)
    job = work.claimed(now=moment, kinds=(JobKind.CLOUD_RECORD,))
    for query in QUERIES:
        look = read.begin_look(work.ledger, job, query, "cn", moment)
        told = [each for each in events if each.service.lower() == query and look.since <= each.at <= look.until]
        for first in range(0, len(told), page):
            read.record_page(work.ledger, job, look, told[first : first + page], WATCHED, moment)
    read.end_look(work.ledger, job, QUERIES, moment, moment)


def told(work: Work) -> set[str]:
    with work.ledger.read() as tx:
        return {
            each["name"] for found in notices.open_of(tx, NoticeKind.OUTSIDE_WRITES) for each in found.details["events"]
        }


def begins(work: Work) -> int:
    read.schedule(work.ledger, NOW, region="cn")
    looks(work, NOW, [])
    return NOW + 30 * MINUTE


@pytest.mark.parametrize("gap", [20 * MINUTE, 3 * HOUR, 4 * DAY])
@pytest.mark.parametrize("had_it", [5 * MINUTE, 2 * HOUR])
def test_who_was_put_in_it_before_a_gap_is_told_of_after_it(work: Work, gap: int, had_it: int) -> None:
    """Other services are read before RAM."""
    at = begins(work)
    events = [
        call("AttachPolicyToGroup", at),
        call("AddUserToGroup", at + had_it // 2, "Ims"),
        call("RemoveUserFromGroup", at + had_it // 2 + MINUTE, "Ims"),
        call("DetachPolicyFromGroup", at + had_it),
    ]
    looks(work, at + had_it + gap, events)
    assert told(work) >= MEMBERS


def test_a_page_ends_between_who_was_put_in_it_and_what_it_has(work: Work) -> None:
    at = begins(work)
    rename = call("UpdateGroup", at + 2 * MINUTE, NewGroupName="engineers")
    attach = call("AttachPolicyToGroup", at + 3 * MINUTE, group="engineers")
    looks(work, at + DAY, [call("AddUserToGroup", at), rename, attach], page=1)
    assert "AddUserToGroup" in told(work)


def test_what_a_group_has_days_later_makes_nothing_of_who_was_put_in_it(work: Work) -> None:
    at = begins(work)
    events = [
        call("AddUserToGroup", at, "Ims"),
        call("AttachPolicyToGroup", at + 3 * HOUR),
        call("DetachPolicyFromGroup", at + 4 * HOUR),
    ]
    looks(work, at + DAY, events)
    assert told(work) == {"AttachPolicyToGroup", "DetachPolicyFromGroup"}


def test_many_who_were_put_in_it_are_told_of_in_one_message(work: Work) -> None:
    at = begins(work)
    events = [call("AddUserToGroup", at + each, "Ims") for each in range(0, 30_000, 1_000)]
    looks(work, at + HOUR, [*events, call("AttachPolicyToGroup", at + MINUTE)])
    with work.ledger.read() as tx:
        found = [each.details for each in notices.open_of(tx, NoticeKind.OUTSIDE_WRITES)]
    assert sorted(len(each["events"]) + each["more"] for each in found) == [1, 30]


def test_each_is_told_of_once_and_one_that_gave_nothing_is_forgotten(work: Work) -> None:
    at = begins(work)
    events = [call("AddUserToGroup", at, "Ims"), call("RemoveUserFromGroup", at, "Ims", group="go")]
    late = call("AttachPolicyToGroup", at + MINUTE)
    for now in (at + HOUR, at + 2 * HOUR, at + 3 * HOUR, at + 10 * DAY, at + 11 * DAY):
        looks(work, now, [*events, late] if now > at + HOUR else events)
    with work.ledger.read() as tx:
        assert len(notices.open_of(tx, NoticeKind.OUTSIDE_WRITES)) == 2
        assert [each.event.name for each in cloud_events.of_names(tx, MEMBERS, NOW)] == ["AddUserToGroup"]
