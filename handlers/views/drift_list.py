"""The list of what no request accounts for, page by page, with its buttons; and what is told of it every day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from approvals.catalog.model import Catalog
from approvals.drift import DriftKind, DriftRow, KeptRow
from approvals.notice import Notice
from approvals.queries.drift import DriftReport
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.access_buttons import revoke_button
from handlers.views.blocks import Block, Message, button, buttons, context_block, in_sections, note, section
from handlers.views.drift_rows import row_line, row_text
from handlers.views.unread import unread_lines

PAGE, PAGE_BEFORE = "drift_page", "drift_page_before"
ADOPT, REVOKE, ACCEPT = "drift_adopt", "drift_revoke", "drift_accept"
ROWS_PER_PAGE = 10
"""Each takes two blocks of the 50 of a message, and the text of all has to be one that Slack takes."""
COUNTS: Mapping[DriftKind, str] = {
    DriftKind.LEFT: N_("of people who left: {count}"),
    DriftKind.ADMIN_GROUP: N_("administrators through a group: {count}"),
    DriftKind.UNFIT: N_("outside of the catalog: {count}"),
    DriftKind.OUTSIDE: N_("granted elsewhere: {count}"),
    DriftKind.LINK: N_("links of accounts that are gone: {count}"),
}


def drift_page(
    report: DriftReport,
    number: int,
    known: Mapping[int, RequestView],
    catalog: Catalog,
    translations: Translations,
) -> Message:
    """One page, from 1 on; the last one where there are not as many. `known`: the requests that rows of it name."""
    text = translations.gettext("Drift: what no request accounts for")
    rest = _rest(report, translations)
    if not report.rows:
        nothing = translations.gettext("✅ *No drift.* A request accounts for everything that could be read.")
        return Message(text, [section(nothing), *rest])
    pages = page_count(report)
    number = min(max(number, 1), pages)
    heading = translations.ngettext(
        "*Drift:* {count} thing that no request accounts for.",
        "*Drift:* {count} things that no request accounts for.",
        len(report.rows),
    ).format(count=len(report.rows))
    if pages > 1:
        heading += " " + translations.gettext("Page {number} of {pages}.").format(number=number, pages=pages)
    blocks: list[Block] = [section(heading)]
    for kept in rows_of_page(report, number):
        blocks.append(section(row_text(kept.row, catalog, translations)))
        blocks.append(buttons(*_buttons(kept, known, translations)))
    return Message(text, [*blocks, *_turning(number, pages, translations), *rest])


def page_count(report: DriftReport) -> int:
    """How many pages there are."""
    return -(-len(report.rows) // ROWS_PER_PAGE)


def rows_of_page(report: DriftReport, number: int) -> tuple[KeptRow, ...]:
    """The rows that are shown on a page."""
    first = (min(max(number, 1), max(page_count(report), 1)) - 1) * ROWS_PER_PAGE
    return report.rows[first : first + ROWS_PER_PAGE]


def _buttons(kept: KeptRow, known: Mapping[int, RequestView], translations: Translations) -> list[ButtonElement]:
    found: list[ButtonElement] = []
    record = known.get(kept.row.request_id or 0)
    if record is not None:
        found.append(revoke_button(record, translations))
    if kept.row.key is not None:
        if kept.row.account is not None:
            found.append(button(translations.gettext("Adopt"), ADOPT, kept.id))
        found.append(button(translations.gettext("Revoke"), REVOKE, kept.id))
    return [*found, button(translations.gettext("Accept"), ACCEPT, kept.id)]


def _turning(number: int, pages: int, translations: Translations) -> list[Block]:
    found = []
    if number > 1:
        found.append(button(translations.gettext("Previous page"), PAGE_BEFORE, str(number - 1)))
    if number < pages:
        found.append(button(translations.gettext("Next page"), PAGE, str(number + 1)))
    return [buttons(*found)] if found else []


def _rest(report: DriftReport, translations: Translations) -> list[Block]:
    blocks = in_sections(unread_lines(report.unread, translations)) if report.unread else []
    if report.accepted:
        text = translations.ngettext("{count} more is accepted.", "{count} more are accepted.", report.accepted)
        blocks.append(context_block(text.format(count=report.accepted)))
    return blocks


def drift_news(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What is new since the day before, and the button for the whole list; without it once there is a newer message."""
    details = notice.details
    heading = translations.ngettext(
        "🧭 *New drift:* {count} thing that no request accounts for.",
        "🧭 *New drift:* {count} things that no request accounts for.",
        details["new"],
    ).format(count=details["new"])
    lines = [
        f"• {row_line(_unmentioned(DriftRow.of_details(each)), catalog, translations)}" for each in details["rows"]
    ]
    more = details["new"] - len(lines)
    if more > 0:
        lines.append(translations.gettext("and {count} more").format(count=more))
        lines.append(_counts(details["kinds"], translations))
    blocks = [section(heading), *in_sections(lines)]
    if not details["complete"]:
        blocks.append(context_block(translations.gettext("⚠️ Not everything could be read; the list says what.")))
    if not notice.open:
        return Message(heading, blocks)
    return Message(heading, [*blocks, buttons(button(translations.gettext("Show all"), PAGE, "1"))])


def _unmentioned(row: DriftRow) -> DriftRow:
    """Nobody is called to the channel for what they have; whoever is gone is not called by it."""
    return row if row.kind is DriftKind.LINK else replace(row, account=None)


def _counts(kinds: Mapping[str, Any], translations: Translations) -> str:
    return "; ".join(
        translations.gettext(text).format(count=kinds[kind.value])
        for kind, text in COUNTS.items()
        if kinds.get(kind.value)
    )


def accepted_answer(until: str, translations: Translations) -> Message:
    """To whoever accepted something until then."""
    return note(
        translations.gettext("📌 Accepted until {until}. It is told again after that, or once it changes.").format(
            until=until
        )
    )


def proposed_answer(translations: Translations) -> Message:
    """To whoever asked for something."""
    return note(translations.gettext("Asked where cards are posted. Another approver decides."))
