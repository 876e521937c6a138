"""What a benchmark found, beside what it is compared with and what it is to be."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

COLUMNS = ("figure", "here", "beside it", "n", "ratio", "goal")
BEGIN, END = "<!-- figures: python -m benchmarks -->\n", "<!-- /figures -->\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    here: str
    """What was measured of this program."""
    beside: str
    """Of what it is compared with, by turns with it."""
    n: int
    found: float
    """What the goal is about: a ratio, or a number as it is."""
    goal: float
    at_least: bool = False
    """Whether it is to be the goal or more, instead of the goal or less."""

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.found >= self.goal if self.at_least else self.found <= self.goal

    @property
    def cells(self) -> tuple[str, ...]:
        """As they stand in the table."""
        goal = f"{'≥' if self.at_least else '≤'} {self.goal:g}" + ("" if self.is_met else ", missed")
        return (self.name, self.here, self.beside, str(self.n), f"{self.found:.3g}", goal)


def ratio(name: str, here: Sequence[float], beside: Sequence[float], goal: float) -> Figure:
    """Of the medians of two series of seconds."""
    found = statistics.median(here) / statistics.median(beside)
    return Figure(name, in_short(here), in_short(beside), len(here), found, goal)


def ratio_of_p99(name: str, here: Sequence[float], beside: Sequence[float], goal: float) -> Figure:
    """Of their 99th percentiles."""
    return Figure(name, in_short(here), in_short(beside), len(here), p99(here) / p99(beside), goal)


def in_short(seconds: Sequence[float]) -> str:
    """The median and the 99th percentile."""
    return f"{statistics.median(seconds) * 1_000:.4g} ms, p99 {p99(seconds) * 1_000:.4g}"


def p99(series: Sequence[float]) -> float:
    """The 99th percentile; of fewer than a hundred, the largest."""
    return sorted(series)[int(len(series) * 0.99)]


def as_table(figures: Iterable[Figure]) -> Table:
    """For a terminal."""
    table = Table(*COLUMNS)
    for figure in figures:
        table.add_row(*figure.cells)
    return table


def write_into(page: Path, figures: Iterable[Figure]) -> None:
    """Renew the lines of these figures in the table of a page; those of others stay."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    table, _, after = rest.partition(END)
    lines = {match[1]: match[0] for match in re.finditer(r"^\| (.+?) \|.*$", table, re.MULTILINE)}
    lines.pop("figure", None)
    lines |= {figure.name: f"| {' | '.join(figure.cells)} |" for figure in figures}
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    page.write_text(before + BEGIN + "\n".join([*head, *lines.values()]) + "\n" + END + after, "utf-8")
