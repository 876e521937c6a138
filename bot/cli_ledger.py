"""`pairec-access ledger …`: what is done with a whole ledger while no bot works from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import click

from approvals.ledger import Ledger, open_ledger
from approvals.ledger.copying import Copied, move, prepare
from approvals.ledger.store import complaint
from bot.app import named
from bot.cli_plainly import plainly, quiet_settings
from bot.settings import SettingsError, database_address


@click.group()
def ledger() -> None:
    """What is done with a whole ledger while no bot works from it."""


@ledger.command()
@click.option("--to", "place", required=True, metavar="ADDRESS", help="An empty database: postgresql://user@host/name.")
@plainly
def copy(place: str) -> None:
    """Move the ledger from its file to a PostgreSQL database, with all that is under way.

    Stop the bot first. Afterwards the file takes nothing more. Where it was interrupted, run it again.
    """
    settings = quiet_settings(place)
    if settings.on_a_server:
        raise SettingsError("PAIREC_DATABASE_URL: a ledger is copied from a file, sqlite:///, to a database")
    copied = _move(settings.database_url, _checked(place))
    rows = copied.rows
    click.echo(
        f"Moved and read back: requests {rows['requests']}, grants {rows['grants']}, links {rows['links']},"
        f" audit entries {rows['audit']}. All of it is there, and the chain holds."
    )
    click.echo(f"Its head: {copied.head[0]} {copied.head[1]}")
    click.echo("The file takes nothing more. Set PAIREC_DATABASE_URL to the new address, and start the bot.")


def _checked(place: str) -> str:
    try:
        address = database_address(place)
    except ValueError as error:
        raise SettingsError(f"--to: {error}") from None
    if not address.startswith("postgres"):
        raise SettingsError("--to: must be postgresql://, a server and a database")
    return address


def _move(file: str, place: str) -> Copied:
    """Nothing is done at the place before it is known that the ledger can leave its file."""
    with ExitStack() as opened:
        with named("PAIREC_DATABASE_URL"):
            source = opened.enter_context(closing(open_ledger(file, make=False, moving=True)))
            with _troubles(source):
                prepare(source)
        with named("--to"):
            destination = opened.enter_context(closing(open_ledger(place, moving=True)))
        with _troubles(source, destination):
            return move(source, destination)


@contextmanager
def _troubles(*ledgers: Ledger) -> Iterator[None]:
    try:
        yield
    except tuple(trouble for each in ledgers for trouble in each.troubles) as error:
        raise SettingsError(f"the ledger is not moved yet, and this can be run again: {complaint(error)}") from None
