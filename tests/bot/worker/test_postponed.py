"""For how long something has been postponed counts from the first time, whoever noted that."""

from __future__ import annotations

from random import Random

import pytest

from approvals.millis import HOUR, MINUTE
from approvals.refusals.people import GuestAccount
from bot.worker.postpone import Postpone, postponed_for
from tests.harness.builders import NOW
from tests.harness.jobs import Work
from tests.harness.one_key import KeyBench


@pytest.mark.parametrize(
    ("payload", "since"),
    [
        ({}, NOW),
        ({"put_off_at": NOW - HOUR}, NOW - HOUR),
        ({"postponed_at": NOW - HOUR, "put_off_at": NOW - MINUTE}, NOW - HOUR),
        ({"postponed_at": NOW - MINUTE, "put_off_at": NOW - HOUR}, NOW - HOUR),
    ],
    ids=["now", "the version before", "this one", "the version before, and then this one"],
)
def test_it_counts_from_the_first_time_by_whichever_version(address: str, payload: dict[str, int], since: int) -> None:
    clock = KeyBench(address)
    work = Work(clock.ledger)
    work.put(payload=payload)
    postpone = Postpone(clock.ledger, clock, Random(1))
    for _ in range(2):
        postpone(work.claimed(now=clock.now(), real=clock.real()), GuestAccount())
        clock.passed += HOUR
    assert postponed_for(work.claimed(now=clock.now(), real=clock.real()), clock.now()) == clock.now() - since
    clock.ledger.close()
