"""What a command lists, as a table for people and as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import json

from bot.cli.listing import Cells, format_rows

COLUMNS = ("request", "reason", "running")


def row(reason: str | None) -> Cells:
    return {"request": "R-1", "reason": reason, "running": 2}


def test_columns_stand_below_each_other_chinese_ones_too() -> None:
    assert format_rows(COLUMNS, [row("排序模型上线"), row("a short one"), row(None)], "table").splitlines() == [
        "request  reason        running",
        "R-1      排序模型上线  2",
        "R-1      a short one   2",
        "R-1                    2",
    ]


def test_what_somebody_wrote_does_nothing_to_a_terminal() -> None:
    table = format_rows(COLUMNS, [row("\x1b[2Jgone\r\nR-2  mine\u202e")], "table")
    assert table.splitlines()[1:] == ["R-1      [2Jgone R-2 mine  2"]


def test_a_long_text_is_cut_in_a_table_alone() -> None:
    rows = [row("x" * 3_000)]
    assert max(map(len, format_rows(COLUMNS, rows, "table").splitlines())) < 90
    assert json.loads(format_rows(COLUMNS, rows, "json"))[0]["reason"] == "x" * 3_000


def test_a_spreadsheet_works_nothing_out() -> None:
    written = format_rows(COLUMNS, [row("=HYPERLINK(1)"), row("two\nlines, and a comma")], "csv")
    cells = list(csv.DictReader(io.StringIO(written)))
    assert [each["reason"] for each in cells] == ["'=HYPERLINK(1)", "two\nlines, and a comma"]


def test_nothing_is_a_heading_an_empty_list_or_a_line_of_names() -> None:
    assert format_rows(COLUMNS, [], "table") == "request  reason  running\n"
    assert format_rows(COLUMNS, [], "json") == "[]\n"
    assert format_rows(COLUMNS, [], "csv") == "request,reason,running\n"
