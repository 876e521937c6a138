"""What was ever asked for and given, as far as numbers go: a page at a time, so that any length of it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from approvals.grant import OURS
from approvals.transaction import Tx

ROWS_PER_PAGE = 2_000
_OURS = ", ".join(f"'{state}'" for state in OURS)


class PastRequest(NamedTuple):
    """One request. Times are domain time."""

    id: int
    state: str
    item: str
    created_at: int
    closed_at: int | None


class PastGrant(NamedTuple):
    """One grant that was there. Times are domain time."""

    id: int
    ends_at: int | None
    active_at: int
    ended_at: int | None
    state: str


class GivenNow(NamedTuple):
    """One grant that the cloud may hold."""

    name: str
    """Of the RAM user, or of the role."""
    id: int
    request_id: int
    entitlement: str
    state: str
    ends_at: int | None


def counted(tx: Tx) -> int:
    """How many rows `past_requests` and `past_grants` have at most."""
    row = tx.row("SELECT (SELECT COUNT(*) FROM requests) + (SELECT COUNT(*) FROM grants) AS number")
    return int(row["number"]) if row else 0


def past_requests(tx: Tx) -> Iterator[PastRequest]:
    """All of them, oldest first."""
    for row in _paged(tx, "SELECT id, state, item, created_at, closed_at FROM requests WHERE id > :after"):
        yield PastRequest(*row)


def past_grants(tx: Tx) -> Iterator[PastGrant]:
    """All that were there at some time, oldest first."""
    query = "SELECT id, ends_at, active_at, ended_at, state FROM grants WHERE active_at IS NOT NULL AND id > :after"
    for row in _paged(tx, query):
        yield PastGrant(*row)


def number_given(tx: Tx) -> int:
    """How many rows `given_now` has."""
    row = tx.row(f"SELECT COUNT(*) AS number FROM grants WHERE state IN ({_OURS})")
    return int(row["number"]) if row else 0


def given_now(tx: Tx) -> Iterator[GivenNow]:
    """What the cloud may hold, by the names of those who have it."""
    name, after = "", 0
    while page := tx.values(
        "SELECT ram_user_name, id, request_id, entitlement, state, ends_at FROM grants"
        f" WHERE state IN ({_OURS}) AND (ram_user_name > :name OR (ram_user_name = :name AND id > :after))"
        " ORDER BY ram_user_name, id LIMIT :page",
        name=name,
        after=after,
        page=ROWS_PER_PAGE,
    ):
        for row in page:
            yield GivenNow(*row)
        name, after = page[-1][0], page[-1][1]


def _paged(tx: Tx, query: str) -> Iterator[tuple[Any, ...]]:
    after = -1
    while page := tx.values(f"{query} ORDER BY id LIMIT :page", after=after, page=ROWS_PER_PAGE):
        yield from page
        after = page[-1][0]
