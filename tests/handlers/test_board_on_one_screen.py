"""However much there is to say, a board is one screen, and whatever is not good stands on it by name."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

import pytest

from approvals.catalog.load import load_catalog
from approvals.status.boards import BoardLine
from approvals.status.causes import NEEDS_ATTENTION
from approvals.status.checks.registry import results
from approvals.status.plan import load_plan
from bot.check.samples import boards
from bot.sandbox.slack.plain import plain
from handlers.translations import load_translations
from handlers.views.board import board
from handlers.views.screen import height

A_SCREEN = 45
"""Lines."""
PLAN = load_plan(load_catalog())


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("copies", [1, 20])
def test_a_board_is_one_screen_whatever_was_found(copies: int, language: str) -> None:
    words = load_translations(language)
    for result in results():
        shown = boards.shown(PLAN, result, repair="engine-role")
        numbered = [(n, line) for n in range(copies) for line in shown.lines]
        many = tuple(replace(line, row=replace(line.row, name=f"{line.row.name}-{n}")) for n, line in numbered)
        drawn = board(replace(shown, lines=many), words)
        assert height(plain(drawn.blocks)) <= A_SCREEN, result


def test_a_board_on_which_everything_is_broken_for_a_reason_of_its_own_is_one_screen_with_every_name() -> None:
    shown = boards.shown(PLAN, results()[0])
    bad = cycle(result for result in results() if result.state in NEEDS_ATTENTION)
    lines: list[BoardLine] = []
    for number, line in enumerate(shown.lines):
        facts = {**boards.FACTS, "role": f"r{number}"}
        found = [replace(boards.finding(check, next(bad)), facts=facts) for check in line.row.checks]
        lines.append(replace(line, kept=tuple(boards.last(each) for each in found)))
    text = plain(board(replace(shown, lines=tuple(lines)), load_translations("en")).blocks)
    assert height(text) <= A_SCREEN
    assert all(f"*{line.row.title}*" in text for line in lines)
