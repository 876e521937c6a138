"""A ticket that is shown is its own text, and leads to its own page or to none."""

from __future__ import annotations

import re

import pytest

from bot.check.samples.records import EVIL
from handlers.views.tracker import MAX_ADDRESS_CHARACTERS, Tracker

PAGES = Tracker("https://tracker.example.com/issues?view=1&id={ticket}")
PAGE = "https://tracker.example.com/issues?view=1&amp;id="


@pytest.mark.parametrize(
    ("ticket", "encoded", "shown"),
    [
        ("ABC-1", "ABC-1", "ABC-1"),
        ("team/12#3", "team%2F12%233", "team/12#3"),
        ("A|<@U0BOB>", "A%7C%3C%40U0BOB%3E", "A|&lt;@U0BOB&gt;"),
        ("two words", "two%20words", "two words"),
        ("工单-7", "%E5%B7%A5%E5%8D%95-7", "工单-7"),
        ("A`*b*", "A%60%2Ab%2A", "A'*b*"),
        ("../admin", "..%2Fadmin", "../admin"),
        ("a&id=2", "a%26id%3D2", "a&amp;id=2"),
        ("\ud800", "%3F", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_whatever_a_ticket_is_called_its_page_is_named_by_all_of_it(ticket: str, encoded: str, shown: str) -> None:
    assert PAGES.shown(ticket) == f"<{PAGE}{encoded}|`{shown}`>"


def test_nothing_that_somebody_typed_makes_a_second_link_a_mention_or_formatting() -> None:
    shown = PAGES.shown(EVIL)
    assert re.fullmatch(r"<https://tracker\.example\.com/[^<>|\s]+\|`[^`<>]*`>", shown)


@pytest.mark.parametrize("ticket", [".", "..", "x" * MAX_ADDRESS_CHARACTERS])
def test_what_cannot_name_a_page_is_text(ticket: str) -> None:
    assert PAGES.shown(ticket).startswith("`")


def test_without_an_address_a_ticket_is_text() -> None:
    assert Tracker().shown("ABC-1") == "`ABC-1`"
