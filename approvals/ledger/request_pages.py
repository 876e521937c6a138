"""Requests a page at a time, and only those in which somebody finds what they search for."""

from __future__ import annotations

from typing import Any

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger.open_requests import CONCERNS
from approvals.ledger.requests import of_rows
from approvals.model import AccessRequest
from approvals.request_search import Cursor, RequestSearch
from approvals.transaction import Tx

MAX_ITEMS = 50
"""Items of the catalogue that are looked for by name."""


def past(
    tx: Tx,
    team_id: str,
    slack_user_id: SlackUserId,
    ram_user_id: RamUserId | None,
    search: RequestSearch,
    cursor: Cursor | None,
    limit: int,
) -> list[AccessRequest]:
    """What a person made, or what was made for them, and of which nothing is open, as far as `limit`: newest first, or
    oldest first where newer ones than the cursor are wanted.
    """
    where, values = _where(search, cursor)
    order = _order(cursor)
    branches = " UNION ".join(
        f"SELECT id FROM (SELECT id FROM requests WHERE {column} = :{name} AND unfinished = 0 AND team_id = :team"
        f" AND {where} ORDER BY id {order} LIMIT :limit) AS by_{column}"
        for column, name in CONCERNS
    )
    whose = {"team": team_id, "user": slack_user_id, "ram_user": ram_user_id or ""}
    statement = f"SELECT * FROM requests WHERE id IN ({branches}) ORDER BY id {order} LIMIT :limit"
    return of_rows(tx.rows(statement, limit=limit, **whose, **values))


def running(tx: Tx, team_id: str, search: RequestSearch, cursor: Cursor | None, limit: int) -> list[AccessRequest]:
    """Those approved ones of a workspace of which something is there, on its way or to be tried again, in the order of
    `past`.
    """
    where, values = _where(search, cursor)
    statement = (
        "SELECT * FROM requests WHERE unfinished = 1 AND state = 'approved' AND scheduled = 0 AND team_id = :team"
        f" AND {where} ORDER BY id {_order(cursor)} LIMIT :limit"
    )
    return of_rows(tx.rows(statement, team=team_id, limit=limit, **values))


def _order(cursor: Cursor | None) -> str:
    return "ASC" if cursor is not None and cursor.newer else "DESC"


def _where(search: RequestSearch, cursor: Cursor | None) -> tuple[str, dict[str, Any]]:
    """What somebody typed is a parameter, and never a part of the statement."""
    terms, values = ["1 = 1"], dict[str, Any]()
    if cursor is not None:
        terms.append(f"id {'>' if cursor.newer else '<'} :behind")
        values["behind"] = cursor.request_id
    if search.text:
        values["part"] = f"%{_escaped(search.text)}%"
        ways = [f"lower({column}) LIKE :part ESCAPE '!'" for column in ("item", "subject_ram_name", "ticket")]
        if search.number is not None:
            ways.append("id = :number")
            values["number"] = search.number
        for place, item in enumerate(search.items[:MAX_ITEMS]):
            ways.append(f"item = :item{place} OR item LIKE :in_project{place} ESCAPE '!'")
            values |= {f"item{place}": item, f"in_project{place}": f"{_escaped(item)}@%"}
        terms.append(f"({' OR '.join(ways)})")
    return " AND ".join(terms), values


def _escaped(text: str) -> str:
    for sign in "!%_":
        text = text.replace(sign, f"!{sign}")
    return text
