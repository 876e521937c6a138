"""The daily look for drift asks the cloud's own record no longer than its job is its own, on both engines."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, cast

import pytest

from approvals.catalog.load import load_catalog
from approvals.cloud_events import Actor, CloudEvent, EventsPage
from approvals.drift import Giver
from approvals.evidence import Held, Holders, Survey
from approvals.ids import RamUserId
from approvals.ledger import cloud_reads, drift_rows
from approvals.ledger.cloud_reads import CloudRead
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DAY, SECOND, DomainMillis
from approvals.people import Principal
from bot.cloud.action_trail import EventQuery
from bot.worker.drift import DriftWatch
from bot.worker.postpone import Postpone
from tests.harness.builders import ENGINE, NOW, stolen
from tests.harness.jobs import Work
from tests.harness.one_key import KeyBench

USERS = [Principal(RamUserId(f"20{number}"), f"engineer-{number}") for number in range(5)]
MS_EACH = 8 * SECOND


class SlowCloud:
    """Somebody gave each of them something a day ago, which the record takes long to say."""

    def __init__(self, clock: KeyBench, survey_takes: int) -> None:
        self._clock = clock
        self._survey_takes = survey_takes

    def admins(self) -> Holders:
        return Holders()

    def own_user(self) -> Principal | None:
        return None

    def of_everybody(self, _expected: object) -> Survey:
        self._clock.passed += self._survey_takes
        return Survey(tuple(Held(each, ENGINE, age=DAY) for each in USERS))

    def page(self, query: EventQuery, _token: object) -> EventsPage:
        self._clock.passed += MS_EACH
        at = DomainMillis((query.since + query.until) // 2)
        name = query.filters[0][1]
        return EventsPage(tuple(_given(each, name, at) for each in USERS if name == "AttachPolicyToUser"), None)


def _given(user: Principal, name: str, at: DomainMillis) -> CloudEvent:
    params = {"UserName": user.name, "PolicyName": ENGINE.name}
    return replace(stolen(at), name=name, actor=Actor("ram-user", "9", "alice"), params=params)


@pytest.mark.parametrize(("survey_takes", "known"), [(1, 1), (30, 1), (45, 0)])
def test_what_was_found_until_the_lease_is_nearly_over_is_kept(address: str, survey_takes: int, known: int) -> None:
    clock = KeyBench(address)
    work = Work(clock.ledger)
    cloud = cast(Any, SlowCloud(clock, survey_takes * SECOND))
    with clock.ledger.write() as tx:
        cloud_reads.put(tx, CloudRead("ram", "r", NOW, "read", NOW))
    work.put("drift", JobKind.DRIFT)
    job = work.claimed(kinds=(JobKind.DRIFT,))
    catalog = load_catalog(None)
    postpone = Postpone(clock.ledger, clock, Random(1))
    DriftWatch(clock.ledger, catalog, cloud, cloud, clock, postpone, "T1", cloud).check(job)
    assert clock.steady() < job.leased_until
    with clock.ledger.read() as tx:
        rows = [each.row for each in drift_rows.every_one(tx).values()]
    assert len(rows) == len(USERS) and len([row for row in rows if row.giver == Giver("alice", "9")]) == known
    clock.ledger.close()
