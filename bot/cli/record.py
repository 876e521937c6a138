"""What commands that list the record have in common: whose, how many, and a page after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Protocol, TypeVar

import click

from approvals.audit import iso
from approvals.ledger import Tx
from approvals.ledger.listed import NEWEST
from approvals.millis import DomainMillis
from bot.app.opening import asking_ledger, open_ledger
from bot.cli.command_errors import load_command_settings
from bot.cli.listing import Cells, print_rows

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


def print_newest(
    page: Callable[[Tx, int, int], list[Row]],
    columns: Sequence[str],
    cells: Callable[[Row], Cells],
    limit: int,
    form: str,
) -> None:
    """The newest rows of the ledger that the settings name, at most `limit` of them or all where it is 0; on standard
    error, that there are more. `page`: at most so many rows whose number is less than this.
    """
    ledger = open_ledger(load_command_settings(), make=False)
    with closing(ledger), asking_ledger(ledger), ledger.read() as tx:
        rows = _every(lambda before, number: page(tx, before, number))
        found = list(islice(rows, limit or None))
        more = bool(limit) and next(rows, None) is not None
    print_rows(columns, [cells(row) for row in found], form)
    if more:
        click.echo(f"These are the newest {limit:,}; --limit 0 prints all.", err=True)


def _every(page: Callable[[int, int], list[Row]]) -> Iterator[Row]:
    before, found = NEWEST, page(NEWEST, PAGE)
    while found:
        yield from found
        before = found[-1].id
        found = page(before, PAGE)


def moment(at: DomainMillis | None) -> str | None:
    """In UTC, or None."""
    return None if at is None else iso(at)
