"""A worker that was held up tells of its write when it comes back, whatever has become of the key meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind, LostLock
from approvals.grant import GrantState
from approvals.ledger import Ledger, Tx
from approvals.millis import HOUR, MINUTE, SECOND
from approvals.people import Principal
from approvals.ports import Go, Receipt, Sighting
from approvals.reconcile import steps
from approvals.reconcile.plan import Write
from bot.worker import late_writes, reconciler
from tests.harness.builders import KEY
from tests.harness.one_key import GONE, THERE, KeyBench


@pytest.fixture
def bench(ledger_address: str) -> Iterator[KeyBench]:
    made = KeyBench(ledger_address)
    yield made
    made.ledger.close()


def wrote_late(bench: KeyBench, write: Write, error: CloudError | None = None) -> None:
    steps.wrote_late(bench.ledger, KEY, write, bench.outcome(write, error), bench.at())


def test_an_attach_that_came_when_all_was_over_is_undone_at_once(bench: KeyBench) -> None:
    over(bench)
    wrote_late(bench, Write.ATTACH)
    assert bench.observe(GONE) is Write.DETACH, "a read may be older than the late attach"
    bench.detach_answers()
    assert bench.events()[-2:] == ["late write", "late write undone"]
    assert bench.jobs() == 0


def test_an_attach_that_came_late_is_undone_however_often_that_is_refused(bench: KeyBench) -> None:
    over(bench)
    wrote_late(bench, Write.ATTACH)
    for _ in range(3):
        assert bench.observe(THERE) is Write.DETACH
        bench.detach_answers(CloudErrorKind.THROTTLED)
        bench.passed += 2 * MINUTE
    assert bench.observe(THERE) is Write.DETACH


def test_an_attach_whose_answer_was_lost_as_well_is_looked_after(bench: KeyBench) -> None:
    over(bench)
    wrote_late(bench, Write.ATTACH, CloudError(CloudErrorKind.SILENT))
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    bench.passed += MINUTE
    assert bench.observe(THERE) is Write.DETACH, "only now is it carried out"
    bench.detach_answers()
    assert bench.jobs() == 0


def test_a_detach_whose_answer_was_lost_as_well_is_looked_after(bench: KeyBench) -> None:
    bench.active()
    wrote_late(bench, Write.DETACH, CloudError(CloudErrorKind.SILENT))
    assert bench.observe(THERE) is Write.ATTACH
    bench.attach_answers(CloudErrorKind.ALREADY_ATTACHED)
    bench.passed += MINUTE
    assert bench.observe(GONE) is Write.ATTACH, "only now is it carried out"
    bench.attach_answers()
    assert bench.state() is GrantState.ACTIVE


def test_a_detach_that_came_late_is_undone_although_reads_do_not_show_it_yet(bench: KeyBench) -> None:
    bench.active()
    wrote_late(bench, Write.DETACH)
    assert bench.observe(THERE) is Write.ATTACH
    bench.attach_answers()
    assert bench.state() is GrantState.ACTIVE
    assert bench.events()[-2:] == ["late write", "late write undone"]
    assert bench.claim() is None


def test_a_late_attach_of_what_is_wanted_changes_nothing(bench: KeyBench) -> None:
    bench.active()
    wrote_late(bench, Write.ATTACH)
    assert bench.observe(THERE) is None
    assert bench.state() is GrantState.ACTIVE
    assert bench.claim() is None


def test_a_late_write_that_is_told_of_while_the_key_is_settled_is_not_forgotten(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    assert bench.observe(THERE) is Write.DETACH
    wrote_late(bench, Write.ATTACH)
    bench.detach_answers()
    assert bench.state() is GrantState.ENDED
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers()
    assert bench.events()[-1] == "late write undone"
    assert bench.jobs() == 0


def test_what_may_still_come_is_looked_after_besides_what_came(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.taken_back()
    bench.attach_answers(CloudErrorKind.SILENT)
    bench.observe(GONE)
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    bench.passed += 10 * SECOND
    wrote_late(bench, Write.ATTACH)
    assert bench.observe(THERE) is Write.DETACH
    bench.detach_answers()
    bench.passed += MINUTE
    assert bench.observe(THERE) is Write.DETACH


def over(bench: KeyBench) -> None:
    """There was a grant, and nothing is left to do."""
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.detach_answers()
    bench.passed += 10 * MINUTE
    assert (bench.state(), bench.jobs()) == (GrantState.ENDED, 0)


class Busy:
    """A ledger that cannot be written so many times."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.refuses = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        if self.refuses:
            self.refuses -= 1
            raise self._ledger.engine_errors[0]("it cannot be written")
        with self._ledger.write() as tx:
            yield tx


class HeldUp:
    """A cloud whose attach leaves so late that the worker's lock has run out, and the ledger is busy then."""

    def __init__(self, bench: KeyBench, ledger: Busy) -> None:
        self._desk, self._ledger = bench, ledger

    def type_of(self, *_: object) -> str:
        return "Custom"

    def observe(self, *_: object, recent: bool = False) -> Sighting:
        return GONE

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        go()
        self._desk.passed += 10 * MINUTE
        self._ledger.refuses = 3
        return Receipt("R-1")


def test_a_late_write_is_told_as_soon_as_the_ledger_can_be_written_again(
    bench: KeyBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_writes, "AGAIN_AFTER", 0.0)
    bench.approved()
    job, busy = bench.claim(), Busy(bench.ledger)
    assert job is not None
    at_work = reconciler.Reconciler(busy, HeldUp(bench, busy), bench, Random(1))  # type: ignore[arg-type]
    with pytest.raises(bench.ledger.engine_errors):
        at_work.reconcile(job)
    assert bench.events()[-1] == "late write"
    assert bench.observe(GONE) is Write.ATTACH


class Mute(HeldUp):
    """A cloud that gives no answer to an attach, and a ledger that is busy then."""

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        go()
        self._ledger.refuses = 1
        raise CloudError(CloudErrorKind.SILENT)


def test_an_attach_without_an_answer_is_feared_although_that_could_not_be_recorded(bench: KeyBench) -> None:
    bench.approved()
    job, busy = bench.claim(), Busy(bench.ledger)
    assert job is not None
    at_work = reconciler.Reconciler(busy, Mute(bench, busy), bench, Random(1))  # type: ignore[arg-type]
    with pytest.raises(LostLock):
        at_work.reconcile(job)
    bench.taken_back()
    bench.passed += MINUTE
    assert bench.observe(GONE) is Write.DETACH
    bench.detach_answers(CloudErrorKind.NOT_ATTACHED)
    bench.passed += MINUTE
    assert bench.observe(THERE) is Write.DETACH, "only now is it carried out"
