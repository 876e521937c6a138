"""What the ledger tells, whichever process reads it: all replicas say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from approvals.ledger import Ledger
from approvals.ledger.storage import Storage, storage
from approvals.ledger.tallies import Durations
from approvals.model import RequestState, Verdict
from approvals.ports import Clock
from approvals.queries.figures import Figures, figures

READ_SECONDS = 2.0
"""Seconds that one has for getting a view of the ledger."""
OTHER = "other"
"""Of an entitlement that the catalogue does not have any more."""


class LedgerCollector(Collector):
    """Tells what was last looked at; nothing where that failed."""

    def __init__(self, ledger: Ledger, clock: Clock, known: Collection[str]) -> None:
        """`known`: the entitlements that may be labels."""
        self._ledger = ledger
        self._clock = clock
        self._known = frozenset(known)
        self._seen: tuple[Figures, Storage] | None = None

    def look(self) -> None:
        """Read the ledger. One that cannot be read is a condition, which is told of elsewhere."""
        self._seen = None
        # What the file system says is no engine's error.
        with suppress(OSError, *self._ledger.engine_errors), self._ledger.read(READ_SECONDS) as tx:
            self._seen = figures(tx, self._clock.now(), self._clock.real()), storage(self._ledger, tx)

    def forget(self) -> None:
        """What was seen is not so any more."""
        self._seen = None

    def describe(self) -> list[Metric]:
        """Nothing is looked at before somebody asks."""
        return []

    def collect(self) -> Iterator[Metric]:
        """As it was seen."""
        if self._seen is None:
            return
        found, kept = self._seen
        yield self._requests(found)
        yield self._decisions(found)
        yield self._grants(found)
        yield _histogram(
            "pairec_access_request_decision_seconds",
            "From asking to the decision; not of what nobody decided on.",
            found.decision,
        )
        yield _histogram(
            "pairec_access_grant_activation_seconds",
            "From the last approval to when the cloud was seen to hold a grant; not of what people give by hand.",
            found.activation,
        )
        yield _histogram(
            "pairec_access_revoke_lateness_seconds",
            "From when a grant was to end to when the cloud was seen without it; not of what people take by hand.",
            found.revoke,
        )
        yield _gauge(
            "pairec_access_overdue_revokes",
            "Grants that should be gone for 5 minutes, by hand for a day.",
            found.overdue,
        )
        yield from _lanes(found)
        yield from _exports(found)
        yield CounterMetricFamily("pairec_access_audit_entries", "Entries of the audit trail.", found.entries)
        yield _gauge(
            "pairec_access_last_backup_timestamp_seconds",
            "The moment that the last backup shows; 0 where none was made yet.",
            (found.backed_up_at or 0) / 1_000,
        )
        yield _gauge("pairec_access_replicas", "Bots that work from this ledger.", found.replicas)
        if found.not_ours is not None:
            yield _not_ours(found.not_ours)
        yield _gauge("pairec_access_ledger_size_bytes", "What the ledger takes up on its disk.", kept.size)
        if kept.free is not None:
            yield _gauge(
                "pairec_access_ledger_free_bytes", "What is free on the disk of a ledger in a file.", kept.free
            )

    def _requests(self, found: Figures) -> Metric:
        family = GaugeMetricFamily("pairec_access_requests", "Requests that were ever made.", labels=("state",))
        number = {each.state: each.number for each in found.tallies if each.what == "requests"}
        # What is yet to begin is among the approved.
        for state in sorted({*RequestState} - {RequestState.SCHEDULED}):
            family.add_metric((state.value,), number.get(state.value, 0))
        return family

    def _decisions(self, found: Figures) -> Metric:
        family = CounterMetricFamily("pairec_access_decisions", "What approvers said.", labels=("verdict",))
        number = {each.state: each.number for each in found.tallies if each.what == "decisions"}
        for verdict in Verdict:
            family.add_metric((verdict.value,), number.get(verdict.value, 0))
        return family

    def _grants(self, found: Figures) -> Metric:
        family = GaugeMetricFamily(
            "pairec_access_grants", "Grants that were ever planned.", labels=("state", "entitlement")
        )
        number: Counter[tuple[str, str]] = Counter()
        for each in found.tallies:
            if each.what == "grants":
                name = each.entitlement if each.entitlement in self._known else OTHER
                number[each.state, name] += each.number
        for labels, value in sorted(number.items()):
            family.add_metric(labels, value)
        return family


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value)


def _not_ours(calls: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(
        "pairec_access_calls_not_ours",
        "Writes of the last day in ActionTrail that this program did not make: with its key, or by others.",
        labels=("whose",),
    )
    family.add_metric(("own key",), calls.get("stolen", 0))
    family.add_metric(("others",), calls.get("others", 0))
    return family


def _lanes(found: Figures) -> Iterator[Metric]:
    due = GaugeMetricFamily("pairec_access_jobs_due", "Work that is due, by lane.", labels=("lane",))
    retrying = GaugeMetricFamily(
        "pairec_access_jobs_retrying", "Of that, what did not succeed at first.", labels=("lane",)
    )
    age = GaugeMetricFamily(
        "pairec_access_job_age_seconds",
        "For how long the oldest work that could be begun was not.",
        labels=("lane",),
    )
    for lane, each in sorted(found.lanes.items()):
        due.add_metric((lane,), each.due)
        retrying.add_metric((lane,), each.retrying)
        age.add_metric((lane,), each.waiting_ms / 1_000)
    yield from (due, retrying, age)


def _exports(found: Figures) -> Iterator[Metric]:
    entries = GaugeMetricFamily(
        "pairec_access_audit_export_lag_entries",
        "Entries of the audit trail that a file or a webhook does not have yet.",
        labels=("to",),
    )
    seconds = GaugeMetricFamily(
        "pairec_access_audit_export_lag_seconds", "How old the oldest of them is.", labels=("to",)
    )
    for each in found.exports:
        entries.add_metric((each.to.value,), each.entries)
        seconds.add_metric((each.to.value,), each.milliseconds / 1_000)
    yield from (entries, seconds)


def _histogram(name: str, what: str, took: Durations) -> Metric:
    buckets: list[tuple[str, float]] = [(str(bound / 1_000), number) for bound, number in took.buckets]
    return HistogramMetricFamily(name, what, [*buckets, ("+Inf", took.number)], took.total / 1_000)
