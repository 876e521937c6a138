"""The window behind Details of a board: every row with all that is known of it, and how it was on the last days."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from approvals.findings import CheckState
from approvals.status.boards import BoardLine, StatusDetails
from handlers.translations import Translations
from handlers.views.blocks import context_block, in_sections, modal
from handlers.views.board_row import Offers, long_row, short_row
from handlers.views.text import moment

MARKS = {
    CheckState.OK: "🟩",
    CheckState.CONDITIONAL: "🟨",
    CheckState.FAILED: "🟥",
    CheckState.UNKNOWN: "⬜",
    CheckState.NOT_SET: "➖",
    None: "▫️",
}
"""Of one day; the last is of a day on which nobody looked."""
MAX_WINDOW_BLOCKS = 96
"""Besides the first and the last, in a window of Slack's."""
MAX_WINDOW_BYTES = 240_000
"""Slack takes 250,000 (docs.slack.dev, views.open: view_too_large)."""


def status_details(shown: StatusDetails, translations: Translations) -> dict[str, Any]:
    """In the order of PAI-Rec's own page."""
    days = zip(shown.lines, shown.days, strict=True)
    rows = in_sections([_row(line, of_line, shown.offers, translations) for line, of_line in days], unfolded=True)
    head = [translations.gettext("Each mark is a day, the last is today (UTC); ▫️ not checked")]
    if shown.checked_at is not None:
        head.insert(0, translations.gettext("Checked {when}").format(when=moment(shown.checked_at)))
    sizes = accumulate(len(json.dumps(row)) for row in rows)
    fitting = [row for row, size in zip(rows, sizes, strict=True) if size <= MAX_WINDOW_BYTES][:MAX_WINDOW_BLOCKS]
    blocks = [context_block(" · ".join(head)), *fitting]
    if len(fitting) < len(rows):
        blocks.append(context_block(translations.gettext("There is more; `/pairec-status` and a name shows one row.")))
    return modal(translations.gettext("PAI-Rec status"), blocks, close=translations.gettext("Close"))


def _row(line: BoardLine, days: Sequence[CheckState | None], offers: Offers, translations: Translations) -> str:
    good = line.state in (CheckState.OK, CheckState.NOT_SET, None)
    text = (short_row if good else long_row)(line, offers, translations)
    return f"{text}\n{''.join(MARKS[day] for day in days)}\n"
