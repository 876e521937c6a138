"""What docs/performance.md says is what the benchmarks wrote there."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES, PAGE
from benchmarks.figures import BEGIN, END, Figure, ratio, ratio_of_p99, write_into


def test_every_benchmark_is_run_with_the_others() -> None:
    modules = {path.stem for path in PAGE.parent.parent.joinpath("benchmarks").glob("*.py")}
    measuring = {name for name in modules - {"__main__"} if hasattr(import_module(f"benchmarks.{name}"), "measure")}
    assert measuring == set(NAMES)


def test_the_page_has_a_place_for_their_lines() -> None:
    text = PAGE.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1 and text.index(BEGIN) < text.index(END)


def test_a_line_is_renewed_and_those_of_other_benchmarks_stay(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n{BEGIN}{END}After.\n", "utf-8")
    write_into(page, [Figure("idle", "0.2 %", "0.1 %", 3, 0.2, 0.3), Figure("rate", "50/s", "", 1, 50, 60, True)])
    write_into(page, [Figure("idle", "0.4 %", "0.1 %", 3, 0.4, 0.3)])
    lines = page.read_text("utf-8").splitlines()
    assert lines[0] == "Before." and lines[-1] == "After."
    assert "| idle | 0.4 % | 0.1 % | 3 | 0.4 | ≤ 0.3, missed |" in lines
    assert "| rate | 50/s |  | 1 | 50 | ≥ 60, missed |" in lines
    assert len([line for line in lines if line.startswith("|")]) == 4


@pytest.mark.parametrize(("here", "met"), [([0.1, 0.11, 5.0], True), ([0.2, 0.2, 0.2], False)])
def test_a_ratio_is_that_of_the_medians(here: list[float], met: bool) -> None:
    figure = ratio("x", here, [0.1, 0.1, 0.1], 1.3)
    assert figure.is_met is met and figure.n == 3


def test_of_few_rounds_the_slowest_stands_for_the_99th_percentile() -> None:
    assert ratio_of_p99("x", [0.1, 0.3], [0.1, 0.1], 1.3).found == pytest.approx(3)
