"""Whether the tables say what the audit trail says: who asked, who decided on what, who is linked, until when.

The chain alone proves that nobody changed the trail. The program acts on the tables; so the trail is replayed, and what
a row has to be after it is compared with what it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from approvals.queries.audit_compare_access import differing_items
from approvals.queries.audit_compare_reviews import differing_reviews
from approvals.queries.audit_replay.expected import (
    ACCESS_REVIEWS,
    ADMINS,
    CLAIMS,
    COMPARED,
    DECISIONS,
    DRIFT,
    EMERGENCIES,
    GRANTS,
    LINKS,
    ONBOARDINGS,
    REQUESTS,
    REVIEWS,
    Difference,
    Expected,
    ExpectedTables,
    Row,
)

KEYS: Mapping[str, tuple[str, ...]] = {
    REQUESTS: ("id",),
    DECISIONS: ("request_id", "ram_user_id"),
    GRANTS: ("id",),
    LINKS: ("slack_user_id",),
    CLAIMS: ("request_id",),
    ONBOARDINGS: ("public_id",),
    REVIEWS: ("policy",),
    EMERGENCIES: ("request_id",),
    ACCESS_REVIEWS: ("id",),
}
LISTS = ("entitlements", "parts", "reviewed_by")
"""Columns that are JSON."""


def differences(expected: ExpectedTables, rows: Callable[[str], Iterable[Row]]) -> Iterator[Difference]:
    """Between what the trail says and the tables. `rows` gives those of a table."""
    yield from expected.unclear
    for table in COMPARED:
        missing = dict(expected.rows[table])
        for row in rows(table):
            key = tuple(row[name] for name in KEYS[table])
            yield from _compared(expected, table, key, row, missing.pop(key, None))
        for key, wanted in missing.items():
            yield _difference(table, key, wanted, "is in the trail, and not in the table")
    for row in rows(ADMINS):
        if row["state"] == "confirmed" and row["ram_user_id"] not in expected.admins:
            yield Difference(ADMINS, row["ram_user_id"], "is confirmed, and by the trail nobody did that", None)
    for row in rows(DRIFT):
        said = (row["accepted_until"], row["accepted_by"])
        if said[0] is not None and expected.accepted.get(row["id"]) != said:
            yield Difference(DRIFT, row["about"], "is accepted, and by the trail nobody did that", None)
    yield from differing_reviews(expected.review_words, rows)
    yield from differing_items(expected, rows)


def _compared(
    expected: ExpectedTables, table: str, key: tuple[Any, ...], row: Row, wanted: Expected | None
) -> Iterator[Difference]:
    if wanted is None:
        if table == GRANTS and expected.unnumbered.get((row["request_id"], row["entitlement"])) == row["state"]:
            return
        yield _difference(table, key, row, "is in the table, and not in the trail")
        return
    for name, value in wanted.items():
        if name not in row:
            continue
        found = _parsed(row[name]) if name in LISTS else row[name]
        if found != value:
            problem = f"{name} is {_shown(found)}, and by the trail {_shown(value)}"
            yield _difference(table, key, row, problem)


def _difference(table: str, key: tuple[Any, ...], row: Row, problem: str) -> Difference:
    request_id = key[0] if table in (REQUESTS, DECISIONS, CLAIMS, EMERGENCIES) else row.get("request_id")
    return Difference(table, "/".join(map(str, key)), problem, request_id)


def _parsed(column: Any) -> Any:
    """What stands in a column of JSON; the column itself where that is none."""
    try:
        return None if column is None else json.loads(column)
    except ValueError:
        return column


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=repr)
