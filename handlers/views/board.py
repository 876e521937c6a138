"""The board of /pairec-status: a line for each row, in the order of PAI-Rec's own page, worst news in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from slack_sdk.models.blocks import ButtonElement

from approvals.durations import format_duration
from approvals.findings import CheckState
from approvals.status.boards import BoardView
from handlers.translations import Translations
from handlers.views.blocks import Block, Message, context_block, header, in_sections, section
from handlers.views.board_row import control_of, long_row, short_row
from handlers.views.row_titles import row_title
from handlers.views.text import moment, person

MAX_BOARD_BLOCKS = 48
"""Besides the header and the foot, in a message of Slack's."""


def board(shown: BoardView, translations: Translations) -> Message:
    """Every drawing of a board shows all of it."""
    title = _title(shown, translations)
    drawn = _drawn(shown, translations)
    rows = _rows(drawn, roomy=True)
    if len(rows) > MAX_BOARD_BLOCKS:
        rows = _rows(drawn, roomy=False)
    if len(rows) > MAX_BOARD_BLOCKS:
        rows = [
            *rows[: MAX_BOARD_BLOCKS - 1],
            context_block(translations.gettext("There is more; `/pairec-status` and a name shows one row.")),
        ]
    return Message(title, [header(title), *rows, context_block(_foot(shown, translations))])


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


class _Row(NamedTuple):
    """One row as it is drawn, wherever it stands."""

    text: str
    good: bool
    """It needs no attention."""
    control: ButtonElement | None


def _drawn(shown: BoardView, translations: Translations) -> list[_Row]:
    rows: list[_Row] = []
    offered: set[str] = set()
    for line in shown.lines:
        control = control_of(line, shown, offered, translations)
        good = line.state in (CheckState.OK, CheckState.NOT_SET, None) and len(shown.lines) > 1
        draw = short_row if good and control is None else long_row
        rows.append(_Row(draw(line, shown, translations), good, control))
    return rows


def _rows(drawn: Sequence[_Row], *, roomy: bool) -> list[Block]:
    """Rows that need no attention share blocks; the others have one each, with what can be clicked. Where there is no
    room for that, only those with something to click have one of their own.
    """
    blocks: list[Block] = []
    waiting: list[str] = []
    for row in drawn:
        if row.control is None and (row.good or not roomy):
            waiting.append(row.text)
            continue
        blocks += in_sections(waiting)
        waiting = []
        blocks.append(section(row.text, accessory=row.control))
    return blocks + in_sections(waiting)


def _foot(shown: BoardView, translations: Translations) -> str:
    parts = [translations.gettext("requested by {person}").format(person=person(shown.board.asked_by))]
    if shown.checked_at is not None:
        parts.insert(0, translations.gettext("Checked {when}").format(when=moment(shown.checked_at)))
    if shown.every is not None:
        parts.append(translations.gettext("watched every {interval}").format(interval=format_duration(shown.every)))
    return " · ".join(parts)
