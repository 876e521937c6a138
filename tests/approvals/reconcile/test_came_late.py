"""A worker that was held up tells of its write when it comes back, whatever has become of the key meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from approvals.errors import CloudError, CloudErrorKind, LostLock
from approvals.ledger import Ledger, Tx
from approvals.model import HOUR, MINUTE, SECOND, Entitlement, GrantState, Principal
from approvals.ports import Go, Receipt, Sighting
from approvals.reconcile import steps
from approvals.reconcile.plan import Write
from bot.worker import late_writes, reconciler
from tests.harness.builders import KEY
from tests.harness.one_key import GONE, THERE, Desk


@pytest.fixture
def desk(address: str) -> Iterator[Desk]:
    made = Desk(address)
    yield made
    made.ledger.close()


def came_late(desk: Desk, write: Write, error: CloudError | None = None) -> None:
    steps.came_late(desk.ledger, KEY, write, desk.outcome(write, error), desk.at())


def test_an_attach_that_came_when_all_was_over_is_undone_at_once(desk: Desk) -> None:
    over(desk)
    came_late(desk, Write.ATTACH)
    assert desk.sees(GONE) is Write.DETACH, "a read may be older than the late attach"
    desk.detach_answers()
    assert desk.events()[-2:] == ["late write", "late write undone"]
    assert desk.jobs() == 0


def test_an_attach_that_came_late_is_undone_however_often_that_is_refused(desk: Desk) -> None:
    over(desk)
    came_late(desk, Write.ATTACH)
    for _ in range(3):
        assert desk.sees(THERE) is Write.DETACH
        desk.detach_answers(CloudErrorKind.THROTTLED)
        desk.passed += 2 * MINUTE
    assert desk.sees(THERE) is Write.DETACH


def test_an_attach_whose_answer_was_lost_as_well_is_looked_after(desk: Desk) -> None:
    over(desk)
    came_late(desk, Write.ATTACH, CloudError(CloudErrorKind.SILENT))
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    desk.passed += MINUTE
    assert desk.sees(THERE) is Write.DETACH, "only now is it carried out"
    desk.detach_answers()
    assert desk.jobs() == 0


def test_a_detach_whose_answer_was_lost_as_well_is_looked_after(desk: Desk) -> None:
    desk.active()
    came_late(desk, Write.DETACH, CloudError(CloudErrorKind.SILENT))
    assert desk.sees(THERE) is Write.ATTACH
    desk.attach_answers(CloudErrorKind.ALREADY_ATTACHED)
    desk.passed += MINUTE
    assert desk.sees(GONE) is Write.ATTACH, "only now is it carried out"
    desk.attach_answers()
    assert desk.state() is GrantState.ACTIVE


def test_a_detach_that_came_late_is_undone_although_reads_do_not_show_it_yet(desk: Desk) -> None:
    desk.active()
    came_late(desk, Write.DETACH)
    assert desk.sees(THERE) is Write.ATTACH
    desk.attach_answers()
    assert desk.state() is GrantState.ACTIVE
    assert desk.events()[-2:] == ["late write", "late write undone"]
    assert desk.claim() is None


def test_a_late_attach_of_what_is_wanted_changes_nothing(desk: Desk) -> None:
    desk.active()
    came_late(desk, Write.ATTACH)
    assert desk.sees(THERE) is None
    assert desk.state() is GrantState.ACTIVE
    assert desk.claim() is None


def test_a_late_write_that_is_told_of_while_the_key_is_settled_is_not_forgotten(desk: Desk) -> None:
    desk.active()
    desk.passed = HOUR
    assert desk.sees(THERE) is Write.DETACH
    came_late(desk, Write.ATTACH)
    desk.detach_answers()
    assert desk.state() is GrantState.ENDED
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers()
    assert desk.events()[-1] == "late write undone"
    assert desk.jobs() == 0


def test_what_may_still_come_is_looked_after_besides_what_came(desk: Desk) -> None:
    desk.approved()
    desk.sees(GONE)
    desk.taken_back()
    desk.attach_answers(CloudErrorKind.SILENT)
    desk.sees(GONE)
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    desk.passed += 10 * SECOND
    came_late(desk, Write.ATTACH)
    assert desk.sees(THERE) is Write.DETACH
    desk.detach_answers()
    desk.passed += MINUTE
    assert desk.sees(THERE) is Write.DETACH


def over(desk: Desk) -> None:
    """There was a grant, and nothing is left to do."""
    desk.active()
    desk.passed = HOUR
    desk.sees(THERE)
    desk.detach_answers()
    desk.passed += 10 * MINUTE
    assert (desk.state(), desk.jobs()) == (GrantState.ENDED, 0)


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

    def __init__(self, desk: Desk, ledger: Busy) -> None:
        self._desk, self._ledger = desk, ledger

    def type_of(self, *_: object) -> str:
        return "Custom"

    def observe(self, *_: object) -> Sighting:
        return GONE

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        go()
        self._desk.passed += 10 * MINUTE
        self._ledger.refuses = 3
        return Receipt("R-1")


def test_a_late_write_is_told_as_soon_as_the_ledger_can_be_written_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_writes, "AGAIN_AFTER", 0.0)
    desk.approved()
    job, busy = desk.claim(), Busy(desk.ledger)
    assert job is not None
    at_work = reconciler.Reconciler(busy, HeldUp(desk, busy), desk, Random(1))  # type: ignore[arg-type]
    with pytest.raises(desk.ledger.engine_errors):
        at_work.reconcile(job)
    assert desk.events()[-1] == "late write"
    assert desk.sees(GONE) is Write.ATTACH


class Mute(HeldUp):
    """A cloud that gives no answer to an attach, and a ledger that is busy then."""

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        go()
        self._ledger.refuses = 1
        raise CloudError(CloudErrorKind.SILENT)


def test_an_attach_without_an_answer_is_feared_although_that_could_not_be_recorded(desk: Desk) -> None:
    desk.approved()
    job, busy = desk.claim(), Busy(desk.ledger)
    assert job is not None
    at_work = reconciler.Reconciler(busy, Mute(desk, busy), desk, Random(1))  # type: ignore[arg-type]
    with pytest.raises(LostLock):
        at_work.reconcile(job)
    desk.taken_back()
    desk.passed += MINUTE
    assert desk.sees(GONE) is Write.DETACH
    desk.detach_answers(CloudErrorKind.NOT_ATTACHED)
    desk.passed += MINUTE
    assert desk.sees(THERE) is Write.DETACH, "only now is it carried out"
