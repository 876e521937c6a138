"""The table of the check, as a person reads it."""

from __future__ import annotations

import io

from rich.console import Console

from bot.check.row import CheckRow, RowState
from bot.check.table import print_report


def test_what_was_not_tried_for_one_reason_is_one_row_of_the_table() -> None:
    seen = {"a": "only a write would tell", "b": "nobody is there", "c": "only a write would tell"}
    assumed = [CheckRow(name, RowState.NOT_TRIED, why) for name, why in seen.items()]
    written = io.StringIO()
    print_report(Console(file=written, width=100), [], [*assumed, CheckRow("d", RowState.OK, "6 members")])
    lines = [line.split() for line in written.getvalue().splitlines()]
    assert ["only", "a", "write", "would", "tell", "a,", "c"] in lines and ["nobody", "is", "there", "b"] in lines
    assert ["d", "confirmed", "6", "members"] in lines
