"""How a command prints what it lists: a table for people, or JSON or CSV for programs, in the same columns."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

FORMATS = ("table", "json", "csv")
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that begins with one of these for something to work out."""
MAX_WIDTH = 60
"""Characters of a cell in a table; JSON and CSV have all of it."""

Cells = Mapping[str, str | int | None]
"""A row, by the names of its columns."""
F = TypeVar("F", bound=Callable[..., Any])


def format_option(default: str = "table") -> Callable[[F], F]:
    """The option `--format`, whose value is the argument `form`."""
    return click.option(
        "--format", "form", type=click.Choice(FORMATS), default=default, show_default=True, help="How it is printed."
    )


def format_rows(columns: Sequence[str], rows: Sequence[Cells], form: str) -> str:
    """All of them as text that ends with a newline; `form` is one of FORMATS."""
    if form == "json":
        return json.dumps([dict(row) for row in rows], indent=2, ensure_ascii=False) + "\n"
    return _as_csv(columns, rows) if form == "csv" else _as_table(columns, rows)


def print_rows(columns: Sequence[str], rows: Sequence[Cells], form: str) -> None:
    """The same on standard output; in UTF-8, whatever the terminal is said to have."""
    click.echo(format_rows(columns, rows, form).encode(), nl=False)


def _as_csv(columns: Sequence[str], rows: Sequence[Cells]) -> str:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: escape_formula(_text(row[name])) for name in columns})
    return lines.getvalue()


def escape_formula(cell: str) -> str:
    """The cell as text, whatever a spreadsheet would make of it."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _as_table(columns: Sequence[str], rows: Sequence[Cells]) -> str:
    table = [list(columns), *([one_line(_text(row[name]), MAX_WIDTH) for name in columns] for row in rows)]
    widths = [max(map(_width, cells)) for cells in zip(*table, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        for line in table
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _text(cell: str | int | None) -> str:
    return "" if cell is None else str(cell)


def one_line(text: str, longest: int | None = None) -> str:
    """What somebody wrote, for a terminal: without what would move its cursor or colour it, and no longer than this."""
    line = " ".join("".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text).split())
    return line if longest is None or len(line) <= longest else line[: longest - 1] + "…"


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two (Unicode Standard Annex 11)."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
