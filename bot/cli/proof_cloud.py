"""The cloud's own record in the page of `pairec-access audit prove`: for each write that was made for the request, the
call that ActionTrail tells of, or why there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from approvals import audit
from approvals.audit import Entry
from approvals.cloud_events import CloudEvent
from approvals.entitlements import Entitlement
from approvals.ledger import Tx, cloud_events, cloud_reads, identity
from approvals.operations.cloud_record.known import BEGUN, CONFIRMED
from approvals.operations.cloud_record.read import RAM_QUERIES, ReadState

NOT_COMPARED = "not looked for: PAIREC_ACTIONTRAIL_REGION is not set"
NOT_READABLE = "not readable here: ActionTrail shows nothing in {region}, not even what has to be there"
NOT_YET = "not there yet: ActionTrail was read until {until}, and what is later may still come"
BEFORE = "not looked for: ActionTrail is read from {since} on"
NONE = "none, although the cloud answered that it was done"
NOT_DONE = "none: it was not answered as done, and ActionTrail does not have it"


class CloudWrite(NamedTuple):
    """A write that was sent to the cloud."""

    what: str
    begun: str
    """When, as its entry has it."""
    write_id: str
    events: tuple[CloudEvent, ...]
    """A call may arrive twice."""
    why: str
    """Why there is no event; empty where there is one."""


def cloud_writes(tx: Tx, entries: Iterable[Entry]) -> Sequence[CloudWrite]:
    """Of a request's entries, in their order."""
    told = [each for each in map(_said, entries) if each is not None]
    answers = {fields["write_id"]: fields.get("ram_request_id") for _, fields in told if "ram_request_id" in fields}
    confirmed = {fields["write_id"] for _, fields in told if fields["event"] in CONFIRMED}
    found = []
    for at, fields in told:
        if fields["event"] in BEGUN:
            write_id = str(fields["write_id"])
            known_as = answers.get(write_id)
            kept = cloud_events.of_writes(tx, [write_id], [str(known_as)] if known_as else [])
            events = tuple(each.event for each in kept)
            what = f"{str(fields['event']).removesuffix(' begun')} {fields.get('entitlement', '')}".rstrip()
            why = "" if events else _why_none(tx, at, str(fields.get("entitlement") or ""), write_id in confirmed)
            found.append(CloudWrite(what, at, write_id, events, why))
    return found


def _said(entry: Entry) -> tuple[str, dict[str, Any]] | None:
    """Whoever owns the database may have put anything there."""
    try:
        fields = entry.fields
        return (entry.at, fields) if isinstance(fields.get("write_id"), str) else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _why_none(tx: Tx, at: str, entitlement: str, confirmed: bool) -> str:
    everything = cloud_reads.every_one(tx)
    reads = [read for query, read in everything.items() if query in RAM_QUERIES]
    if not reads:
        return NOT_COMPARED
    if entitlement and Entitlement.parse(entitlement).is_member_role:
        # Where the products are elsewhere, so are their events.
        reads = [read for query, read in everything.items() if query not in RAM_QUERIES] or reads
    if any(each.state == ReadState.EMPTY for each in reads):
        return NOT_READABLE.format(region=reads[0].region)
    since = audit.iso(int(identity.get(tx, identity.CLOUD_READ_FROM) or 0))
    if at < since:
        return BEFORE.format(since=since)
    until = audit.iso(min(each.settled for each in reads))
    if at > until:
        return NOT_YET.format(until=until)
    return NONE if confirmed else NOT_DONE


def cloud_section(writes: Sequence[CloudWrite], row: Callable[[str, object], str]) -> Iterator[str]:
    """In HTML; `row` makes one of a list of terms, as text."""
    yield "<section><h2>The cloud's own record</h2>"
    yield '<p class="quiet">What ActionTrail told this ledger of the writes for this request. Whoever may read it'
    yield " finds each call there by its event id for 90 days.</p>"
    if not writes:
        yield "<p>Nothing was written to the cloud for this request.</p>"
    for write in writes:
        yield "<dl>"
        yield row("write", f"{write.what}, begun {write.begun}")
        yield row("write id", write.write_id)
        if write.why:
            yield row("in ActionTrail", write.why)
        for event in write.events:
            yield row("in ActionTrail", _line(event))
            yield row("event", f"{event.id}, RequestId {event.request_id}")
        yield "</dl>"
    yield "</section>"


def _line(event: CloudEvent) -> str:
    done = f"refused: {event.error_code}" if event.error_code else "done"
    return f"{event.name} at {audit.iso(event.at)} by {event.actor.name} from {event.source_ip}, {done}"
