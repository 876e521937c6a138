"""A window with requests, a page at a time, and a field to search them: what somebody had, or what runs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from slack_sdk.models.blocks import ButtonElement, PlainTextInputElement

from approvals.catalog.model import Catalog
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.model import Verdict
from approvals.queries.request_pages import RequestPage
from approvals.queries.request_view import RequestView
from approvals.request_search import Cursor
from handlers.translations import N_, Translations
from handlers.views.access_buttons import ask_again_button, is_active, revoke_button
from handlers.views.blocks import (
    Block,
    button,
    buttons,
    divider,
    input_field,
    modal,
    plain_text,
    section,
    typed,
)
from handlers.views.card_progress import closing_line
from handlers.views.details import OF_OWN as DETAILS
from handlers.views.grants import grant_line, grant_lines
from handlers.views.lists import heading
from handlers.views.text import first_lines, literal, truncated

CALLBACK = "search_requests"
SEARCH = "search"
NEWER, OLDER = "newer_requests", "older_requests"
MAX_SEARCH = 100
MAX_LINES = 6
"""Grants of one request that have a line each."""


class Listing(StrEnum):
    """What a window lists; also the button that opens it."""

    PAST = "past_requests"
    RUNNING = "active_access"


TITLES = {Listing.PAST: N_("Past requests"), Listing.RUNNING: N_("Active access")}
NOTHING = {Listing.PAST: N_("No past requests."), Listing.RUNNING: N_("No active access.")}


def request_window(
    listing: Listing,
    page: RequestPage,
    search: str,
    reader: tuple[SlackUserId, RamUserId | None],
    catalog: Catalog,
    translations: Translations,
) -> dict[str, Any]:
    """The window. `search`: what was typed to find these. `reader`: who looks, by Slack account and RAM user."""
    field = PlainTextInputElement(
        action_id=SEARCH,
        initial_value=search or None,
        max_length=MAX_SEARCH,
        placeholder=plain_text(translations.gettext("Access, request number, RAM user or ticket")),
    )
    blocks: list[Block] = [input_field(SEARCH, translations.gettext("Search"), field, optional=True)]
    for record in page.records:
        blocks += [divider(), *_request(listing, record, reader, catalog, translations)]
    if not page.records:
        blocks.append(section(_nothing(listing, search, translations)))
    turning = _turning(page, translations)
    return modal(
        translations.gettext(TITLES[listing]),
        [*blocks, divider(), buttons(*turning)] if turning else blocks,
        submit=translations.gettext("Search"),
        close=translations.gettext("Close"),
        callback_id=CALLBACK,
        metadata=f"{listing}|{search}",
    )


def drawn_from(view: dict[str, Any]) -> tuple[Listing, str]:
    """What a window lists, and what was searched for when it was drawn.

    Raises:
        ValueError: it is no such window.
    """
    listing, _, search = str(view.get("private_metadata") or "").partition("|")
    return Listing(listing), search


def cursor_of(value: str) -> Cursor | None:
    """Where the page begins that a button turns to; None, which is the first page, for what no such button carries."""
    way, _, number = value.partition(" ")
    if way not in (NEWER, OLDER) or not (number.isascii() and number.isdigit() and len(number) <= 12):
        return None
    return Cursor(int(number), newer=way == NEWER)


def _nothing(listing: Listing, search: str, translations: Translations) -> str:
    if search:
        return translations.gettext("Nothing found for {text}.").format(text=literal(search))
    return translations.gettext(NOTHING[listing])


def _request(
    listing: Listing,
    record: RequestView,
    reader: tuple[SlackUserId, RamUserId | None],
    catalog: Catalog,
    translations: Translations,
) -> list[Block]:
    past = listing is Listing.PAST
    lines = [
        heading(record, catalog, translations, mine=record.request.is_for(*reader) if past else None),
        *closing_line(record, translations),
        *_grants(record, catalog, translations),
    ]
    blocks = [section("\n".join(lines))]
    denial = next((word for word in record.decisions if word.verdict is Verdict.DENY), None)
    if denial and denial.reason:
        blocks.append(typed(truncated(denial.reason, 150)))
    return [*blocks, buttons(*_buttons(record, translations, past=past))]


def _grants(record: RequestView, catalog: Catalog, translations: Translations) -> list[str]:
    """How each stands; of those that are all over without a remainder, when the last was."""
    ended = [grant for grant in record.grants if grant.state is GrantState.ENDED and not grant.remains]
    if len(ended) > 1 and len(ended) == len(record.grants):
        last = max(ended, key=lambda grant: grant.ended_at or 0)
        return [grant_line(last, record, catalog, translations, named=False)]
    return first_lines(grant_lines(record, catalog, translations), translations, MAX_LINES)


def _buttons(record: RequestView, translations: Translations, *, past: bool) -> list[ButtonElement]:
    details = button(translations.gettext("Details"), DETAILS, record.request.public_id)
    if past:
        return [*ask_again_button(record, translations), details]
    return [revoke_button(record, translations), details] if is_active(record) else [details]


def _turning(page: RequestPage, translations: Translations) -> list[ButtonElement]:
    found = []
    if page.newer:
        first = page.records[0].request.id if page.records else 0
        found.append(button(translations.gettext("Newer"), NEWER, f"{NEWER} {first}"))
    if page.older:
        found.append(button(translations.gettext("Older"), OLDER, f"{OLDER} {page.records[-1].request.id}"))
    return found


def listing_button(listing: Listing, translations: Translations) -> ButtonElement:
    """The button that opens the window."""
    return button(translations.gettext(TITLES[listing]), listing.value, "new")
