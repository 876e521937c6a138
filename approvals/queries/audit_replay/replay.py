"""Plays the audit trail back. Entries of the first form say less: what they do not say is not compared."""

from __future__ import annotations

from collections.abc import Iterable

from approvals import audit
from approvals.grant import GrantState
from approvals.queries.audit_replay import access_reviews, drift, grants, onboardings, people, policies, requests
from approvals.queries.audit_replay.expected import Difference, ExpectedTables

ENTRIES = {
    **requests.ENTRIES,
    **grants.ENTRIES,
    **people.ENTRIES,
    **onboardings.ENTRIES,
    **policies.ENTRIES,
    **drift.ENTRIES,
    **access_reviews.ENTRIES,
}
STATES = {state.value for state in GrantState}


def replay(entries: Iterable[audit.Entry]) -> ExpectedTables:
    """The tables by these entries, in their order, of a chain that holds."""
    tables = ExpectedTables()
    for entry in entries:
        _play(tables, entry)
    return tables


def _play(tables: ExpectedTables, entry: audit.Entry) -> None:
    try:
        fields = entry.fields
        moved = fields["event"] in STATES and "grant" in fields
        play = grants.moved if moved else ENTRIES.get(fields["event"])
        if play:
            play(tables, entry, fields)
    except KeyError as missing:
        _unclear(tables, entry, f"does not say what it has to: {missing}")
    except (TypeError, AttributeError, ValueError) as error:
        # Whoever hashed the whole chain anew may have written anything into it.
        _unclear(tables, entry, f"says what cannot be: {error}")


def _unclear(tables: ExpectedTables, entry: audit.Entry, problem: str) -> None:
    tables.unclear.append(Difference("audit", str(entry.seq), problem, entry.request_id))
