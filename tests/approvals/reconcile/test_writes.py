"""Each write to the cloud is in the trail before it is sent, under an id of its own, and so is what it was answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from approvals import audit
from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.ledger import trail
from approvals.millis import HOUR
from approvals.people import Principal
from approvals.ports import Go, Receipt, Sighting
from approvals.reconcile import steps
from approvals.reconcile.plan import Write
from bot.worker.reconciler import Reconciler
from tests.harness.builders import KEY
from tests.harness.one_key import GONE, THERE, KeyBench

THROTTLED = CloudError(CloudErrorKind.THROTTLED, code="Throttling.User", request_id="R-2")


@pytest.fixture
def bench(ledger_address: str) -> Iterator[KeyBench]:
    made = KeyBench(ledger_address)
    yield made
    made.ledger.close()


def calls(bench: KeyBench, number: int | None = 1001) -> list[Mapping[str, Any]]:
    """What the trail says of calls that were made for a request, or for none."""
    with bench.ledger.read() as tx:
        said = [entry.fields for entry in trail.entries(tx) if entry.request_id == number]
    return [each for each in said if each["event"].startswith(("attach ", "detach "))]


def told(bench: KeyBench, number: int | None = 1001) -> list[tuple[Any, ...]]:
    """Of each: the event, the cloud's request id, and its trouble."""
    return [(each["event"], each.get("ram_request_id"), each.get("trouble")) for each in calls(bench, number)]


def test_what_the_cloud_calls_a_write_that_it_did_is_in_the_trail(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.detach_answers()
    assert told(bench) == [
        ("attach begun", None, None),
        ("attach confirmed", "R-1", None),
        ("detach begun", None, None),
        ("detach confirmed", "R-1", None),
    ]
    begun, confirmed = calls(bench)[:2]
    assert begun["write_id"] == confirmed["write_id"] and re.fullmatch("[0-9a-f]{32}", begun["write_id"])
    assert (begun["ram_user"], begun["entitlement"]) == ("carol", str(KEY.entitlement))


def test_every_attempt_has_an_id_of_its_own_and_what_it_was_answered(bench: KeyBench) -> None:
    bench.approved()
    for _ in range(3):
        assert bench.observe(GONE) is Write.ATTACH
        outcome = bench.outcome(Write.ATTACH, THROTTLED)
        assert steps.attached(bench.ledger, bench.job, bench.look, outcome, bench.at(), bench.plan) is None
        bench.passed += 10_000
    assert told(bench) == [("attach begun", None, None), ("attach not confirmed", "R-2", "throttled")] * 3
    ids = [each["write_id"] for each in calls(bench)]
    assert ids[::2] == ids[1::2] and len(set(ids)) == 3


def test_a_write_without_an_answer_is_said_to_have_none(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.attach_answers(CloudErrorKind.SILENT, then=THERE)
    assert told(bench) == [("attach begun", None, None), ("attach not confirmed", None, "silent")]


def test_what_could_not_be_sent_is_no_write(bench: KeyBench) -> None:
    bench.approved()
    bench.observe(GONE)
    bench.attach_answers(CloudErrorKind.NO_USER, sent=False)
    assert told(bench) == []


def test_a_write_for_two_requests_is_in_the_trail_of_both_under_one_id(bench: KeyBench) -> None:
    bench.approved(1001)
    bench.approved(1002)
    bench.observe(GONE)
    bench.attach_answers()
    assert told(bench, 1001) == told(bench, 1002) == [("attach begun", None, None), ("attach confirmed", "R-1", None)]
    assert len({each["write_id"] for number in (1001, 1002) for each in calls(bench, number)}) == 1


def test_a_request_that_is_over_is_not_said_to_be_attached_with_one_that_is_not(bench: KeyBench) -> None:
    bench.approved(1001)
    bench.observe(GONE)
    bench.taken_back(1001)
    bench.attach_answers(CloudErrorKind.THROTTLED)
    bench.approved(1002)
    bench.passed += 10_000
    assert bench.observe(GONE) is Write.ATTACH
    bench.attach_answers()
    assert [len(told(bench, number)) for number in (1001, 1002)] == [2, 2]


def test_what_is_made_after_all_is_over_is_in_the_trail_of_the_last_request(bench: KeyBench) -> None:
    bench.active()
    bench.passed = HOUR
    bench.observe(THERE)
    bench.detach_answers()
    late = bench.outcome(Write.ATTACH)
    steps.wrote_late(bench.ledger, KEY, Write.ATTACH, late, bench.at())
    assert bench.observe(THERE) is Write.DETACH
    bench.detach_answers()
    assert told(bench)[-4:] == [
        ("attach begun", None, None),
        ("attach confirmed", "R-1", None),
        ("detach begun", None, None),
        ("detach confirmed", "R-1", None),
    ]
    with bench.ledger.read() as tx:
        [said] = [entry.fields for entry in trail.entries(tx) if entry.fields["event"] == "late write"]
    assert late.sent and (said["write_id"], said["ram_request_id"]) == (late.sent.id, "R-1")


@pytest.mark.parametrize("field", ["write_id", "ram_request_id"])
def test_whoever_changes_what_a_write_was_called_breaks_the_chain(bench: KeyBench, field: str) -> None:
    bench.active()
    with bench.ledger.read() as tx:
        entries = list(trail.entries(tx))
    at = next(number for number, entry in enumerate(entries) if field in entry.fields)
    forged = audit.canonical({**entries[at].fields, field: "f" * 32})
    entries[at] = entries[at]._replace(entry=forged)
    assert audit.verify(entries) == audit.Break(at + 1, "was changed after it was written")


class Watched:
    """A cloud that looks into the ledger when a write reaches it."""

    def __init__(self, bench: KeyBench) -> None:
        self._desk = bench
        self.found: list[tuple[str, list[Mapping[str, Any]]]] = []

    def type_of(self, *_: object) -> str:
        return "Custom"

    def observe(self, *_: object, recent: bool = False) -> Sighting:
        return THERE if self.found else GONE

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        self.found.append((go(), calls(self._desk)))
        return Receipt("R-1")

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        self.found.append((go(), calls(self._desk)))
        return Receipt("R-1")

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        return frozenset()


def test_a_write_is_in_the_trail_when_it_reaches_the_cloud(bench: KeyBench) -> None:
    cloud = Watched(bench)
    at_work = Reconciler(bench.ledger, cloud, bench, Random(1))
    bench.approved()
    for passed, event in ((0, "attach begun"), (HOUR, "detach begun")):
        bench.passed = passed
        job = bench.claim()
        assert job is not None
        at_work.reconcile(job)
        write_id, said = cloud.found[-1]
        assert (said[-1]["event"], said[-1]["write_id"]) == (event, write_id)
