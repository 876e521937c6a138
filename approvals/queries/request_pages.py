"""Requests a page at a time: what somebody had or asked for, and what runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from approvals.catalog.model import Catalog
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import request_pages
from approvals.model import AccessRequest, parse_ref
from approvals.queries import request_view
from approvals.queries.request_view import RequestView
from approvals.request_search import Cursor, RequestSearch
from approvals.transaction import Tx

PER_PAGE = 8


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One page, newest first."""

    records: tuple[RequestView, ...]
    newer: bool = False
    """Whether there are newer ones."""
    older: bool = False


def search_for(typed: str, catalog: Catalog) -> RequestSearch:
    """What somebody means who types this: a number, or a part of a name, of a title or of a ticket."""
    text = "".join(each for each in typed if each.isprintable()).strip().casefold()
    if not text:
        return RequestSearch()
    titled = (choice.name for choice in catalog.choices.values() if text in choice.title.casefold())
    return RequestSearch(text, parse_ref(text), tuple(titled))


def past_requests(
    tx: Tx,
    team_id: str,
    slack_user_id: SlackUserId,
    ram_user_id: RamUserId | None,
    search: RequestSearch,
    cursor: Cursor | None = None,
) -> RequestPage:
    """What a person made, or what was made for them, and of which nothing is open any more."""
    return _page(
        tx,
        lambda behind: request_pages.past(tx, team_id, slack_user_id, ram_user_id, search, behind, limit=PER_PAGE + 1),
        cursor,
    )


def running_requests(tx: Tx, team_id: str, search: RequestSearch, cursor: Cursor | None = None) -> RequestPage:
    """What anybody in a workspace has by requests."""
    return _page(tx, lambda behind: request_pages.running(tx, team_id, search, behind, limit=PER_PAGE + 1), cursor)


def _page(tx: Tx, read: Callable[[Cursor | None], list[AccessRequest]], cursor: Cursor | None) -> RequestPage:
    found = read(cursor)
    more = len(found) > PER_PAGE
    if cursor is None or not cursor.newer:
        return RequestPage(_records(tx, found), newer=cursor is not None, older=more)
    if not more:
        # The newest page is a full one.
        first = read(None)
        return RequestPage(_records(tx, first), older=len(first) > PER_PAGE)
    return RequestPage(_records(tx, found)[::-1], newer=True, older=True)


def _records(tx: Tx, requests: list[AccessRequest]) -> tuple[RequestView, ...]:
    return tuple(request_view.of(tx, request) for request in requests[:PER_PAGE])
