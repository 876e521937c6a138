"""The rows as people and programs read them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.check.assumed.verdict import WORDS
from bot.check.row import CheckRow, RowState

NAME_WIDTH = 38
"""Columns: the name of a database in an instance goes on in the next line."""
_STYLES = {RowState.OK: "green", RowState.WARNING: "yellow", RowState.FAILED: "bold red", RowState.NOT_TRIED: "dim"}


def print_report(console: Console, rows: Sequence[CheckRow], assumed: Sequence[CheckRow]) -> None:
    """What, how it is, what was seen and, below that, what to do; then what is assumed of the cloud."""
    _print(console, rows, {state: state.value for state in RowState})
    console.print("\nWhat is assumed of Alibaba Cloud (bot/cloud/assumptions.toml):\n", highlight=False)
    _print(console, [row for row in assumed if row.state is not RowState.NOT_TRIED], WORDS)
    _print_untried(console, [row for row in assumed if row.state is RowState.NOT_TRIED])
    console.print(f"\n{summary(rows)}; assumed: {summary(assumed, WORDS)}", highlight=False)


def _print_untried(console: Console, rows: Sequence[CheckRow]) -> None:
    """By the reason, since many have the same."""
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.seen, []).append(row.name)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(max_width=NAME_WIDTH, overflow="fold")
    table.add_column(overflow="fold")
    for reason, those in names.items():
        table.add_row(Text(reason), Text(", ".join(those), style="dim"))
    if names:
        console.print("\nNot tried, since\n", highlight=False)
        console.print(table)


def _print(console: Console, rows: Sequence[CheckRow], words: Mapping[RowState, str]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(max_width=NAME_WIDTH, overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        seen = Text(row.seen)
        if row.remedy:
            seen.append(f"\n→ {row.remedy}", style="bold")
        table.add_row(Text(row.name), Text(words[row.state], style=_STYLES[row.state]), seen)
    console.print(table)


def summary(rows: Sequence[CheckRow], words: Mapping[RowState, str] | None = None) -> str:
    """How many are how."""
    counts = Counter(row.state for row in rows)
    return ", ".join(f"{counts[state]} {(words or {}).get(state, state)}" for state in RowState if counts[state])


def as_json(rows: Sequence[CheckRow], assumed: Sequence[CheckRow]) -> str:
    """For programs."""
    listed = [{"what": row.name, "state": row.state, "seen": row.seen, "remedy": row.remedy} for row in rows]
    lines = [{"name": row.name, "state": WORDS[row.state], "seen": row.seen} for row in assumed]
    return json.dumps({"ok": all_well(rows), "rows": listed, "assumptions": lines}, indent=2, ensure_ascii=False)


def all_well(rows: Sequence[CheckRow]) -> bool:
    """Whether nothing failed."""
    return all(row.state is not RowState.FAILED for row in rows)
