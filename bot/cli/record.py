"""What commands that list the record have in common: whose, how many, and a page after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Protocol, TypeVar

import click

from approvals.audit import iso
from approvals.ledger.listed import NEWEST
from approvals.millis import DomainMillis

PAGE = 500
"""Rows that are read at a time."""


class Numbered(Protocol):
    """A row that has a number."""

    @property
    def id(self) -> int:
        """It rises from row to row."""


Row = TypeVar("Row", bound=Numbered)

person_option = click.option(
    "--person", metavar="PERSON", help="Only of this Slack user id, RAM UserId or RAM user name."
)
limit_option = click.option(
    "--limit", type=click.IntRange(0), default=100, show_default=True, help="At most so many, the newest; 0 is all."
)


def newest(page: Callable[[int, int], list[Row]], limit: int) -> tuple[list[Row], bool]:
    """The newest rows, at most `limit` of them or all where it is 0, and whether there are more. `page`: at most so
    many rows whose number is less than this.
    """
    rows = _every(page)
    found = list(islice(rows, limit or None))
    return found, bool(limit) and next(rows, None) is not None


def _every(page: Callable[[int, int], list[Row]]) -> Iterator[Row]:
    before, found = NEWEST, page(NEWEST, PAGE)
    while found:
        yield from found
        before = found[-1].id
        found = page(before, PAGE)


def say_more(more: bool, limit: int) -> None:
    """On standard error, where the table does not have all."""
    if more:
        click.echo(f"These are the newest {limit:,}; --limit 0 prints all.", err=True)


def moment(at: DomainMillis | None) -> str | None:
    """In UTC, or None."""
    return None if at is None else iso(at)
