"""The board of /pairec-status, on one screen: what changed, then each cause with the rows that it breaks, then in one
line what is good. All of it is behind Details.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from slack_sdk.models.blocks import ButtonElement

from approvals.durations import format_duration
from approvals.findings import CheckState
from approvals.status.boards import BoardLine, BoardView
from approvals.status.causes import Cause, causes
from handlers.translations import Translations
from handlers.views.blocks import Block, Message, button, buttons, context_block, header, section
from handlers.views.board_row import authorize_button, cause_row, long_row, names_of, revoke_button, short_row
from handlers.views.findings import SIGNS, state_name
from handlers.views.row_titles import row_title
from handlers.views.screen import height
from handlers.views.status_changes import board_changes
from handlers.views.text import moment, person

DETAILS = "status_details"
WHOLE = "*"
"""What the button carries for all rows; no row can be called so."""
MAX_CAUSE_LINES = 24
"""Lines of a screen that causes get with what is wrong and what to do; what has no room is named."""


def board(shown: BoardView, translations: Translations) -> Message:
    """Whatever was found, it takes no more than a screen."""
    title = _title(shown, translations)
    rows = _one_row(shown, translations) if len(shown.lines) == 1 else _all_rows(shown, translations)
    return Message(title, [header(title), *rows, context_block(_foot(shown, translations))])


def _one_row(shown: BoardView, translations: Translations) -> list[Block]:
    line = shown.lines[0]
    control = authorize_button(line.kept, shown.offers, set(), translations)
    control = control or revoke_button(line, shown.offers, translations)
    details = _details_button(line.row.name, translations)
    return [section(long_row(line, shown.offers, translations), accessory=control), buttons(details)]


def _all_rows(shown: BoardView, translations: Translations) -> list[Block]:
    changed = board_changes(shown.changes, shown.lines, translations)
    blocks = [section(changed)] if changed else []
    for row in _on_one_screen(causes(shown.lines), shown, translations):
        blocks.append(section(row.text, accessory=row.control))
    for line in shown.lines:
        control = revoke_button(line, shown.offers, translations) if line.state is CheckState.OK else None
        if control is not None:
            blocks.append(section(short_row(line, shown.offers, translations), accessory=control))
    details = _details_button(WHOLE, translations)
    rest = _rest(shown.lines, translations)
    return [*blocks, section(rest, accessory=details) if rest else buttons(details)]


class _Row(NamedTuple):
    """A cause as it is drawn."""

    text: str
    control: ButtonElement | None


def _on_one_screen(found: Sequence[Cause], shown: BoardView, translations: Translations) -> list[_Row]:
    """In full as far as there is room. Of the others the names stay, with those of one state together, and whatever can
    be clicked.
    """
    rows: list[_Row] = []
    named: dict[CheckState, list[BoardLine]] = {}
    offered: set[str] = set()
    left = MAX_CAUSE_LINES
    for cause in found:
        control = authorize_button(cause.found, shown.offers, offered, translations)
        text = cause_row(cause, shown.offers, translations)
        if height(text) <= left:
            left -= height(text)
            rows.append(_Row(text, control))
        elif control is not None:
            rows.append(_Row(_named(cause.state, cause.lines, translations), control))
        else:
            named.setdefault(cause.state, []).extend(cause.lines)
    return [*rows, *(_Row(_named(state, lines, translations), None) for state, lines in named.items())]


def _named(state: CheckState, lines: Sequence[BoardLine], translations: Translations) -> str:
    each_once = list({line.row.name: line for line in lines}.values())
    return f"{SIGNS[state]} {names_of(each_once, translations)} · {state_name(state, translations)}"


def _rest(lines: Sequence[BoardLine], translations: Translations) -> str:
    """How many rows need no attention, or are not known yet."""
    states = [line.state for line in lines]
    good, not_set, unknown = (states.count(state) for state in (CheckState.OK, CheckState.NOT_SET, None))
    parts = []
    if good:
        parts.append("🟢 " + translations.ngettext("*{count} good*", "*{count} good*", good).format(count=good))
    if not_set:
        text = translations.ngettext("{count} not set up", "{count} not set up", not_set)
        parts.append(f"{SIGNS[CheckState.NOT_SET]} " + text.format(count=not_set))
    if unknown:
        text = translations.ngettext("{count} not checked yet", "{count} not checked yet", unknown)
        parts.append("⏳ " + text.format(count=unknown))
    return " · ".join(parts)


def _details_button(scope: str, translations: Translations) -> ButtonElement:
    return button(translations.gettext("Details"), DETAILS, scope)


def _title(shown: BoardView, translations: Translations) -> str:
    about = (
        translations.gettext("PAI-Rec status")
        if len(shown.lines) > 1
        else f"{translations.gettext('PAI-Rec status')} · {row_title(shown.lines[0].row.title, translations)}"
    )
    if not shown.finished:
        checks = [check for line in shown.lines for check in line.row.checks]
        left = sum(len(line.looking) for line in shown.lines)
        return f"{about} · " + translations.gettext("checking, {done} of {all} done").format(
            done=len(checks) - left, all=len(checks)
        )
    states = [line.state for line in shown.lines if line.state is not None]
    counts = {state: states.count(state) for state in (CheckState.FAILED, CheckState.UNKNOWN, CheckState.CONDITIONAL)}
    bad = [_counted(state, count, translations) for state, count in counts.items() if count]
    if bad:
        return f"{about} · {', '.join(bad)}"
    return f"{about} · " + (
        translations.gettext("all good") if CheckState.OK in states else translations.gettext("not set up")
    )


def _counted(state: CheckState, count: int, translations: Translations) -> str:
    """So many rows that need attention."""
    if state is CheckState.FAILED:
        text = translations.ngettext("{count} failed", "{count} failed", count)
    elif state is CheckState.UNKNOWN:
        text = translations.ngettext("{count} unknown", "{count} unknown", count)
    else:
        text = translations.ngettext("{count} conditional", "{count} conditional", count)
    return text.format(count=count)


def _foot(shown: BoardView, translations: Translations) -> str:
    parts = [translations.gettext("requested by {person}").format(person=person(shown.board.asked_by))]
    if shown.checked_at is not None:
        parts.insert(0, translations.gettext("Checked {when}").format(when=moment(shown.checked_at)))
    if shown.every is not None:
        parts.append(translations.gettext("watched every {interval}").format(interval=format_duration(shown.every)))
    return " · ".join(parts)
