"""`pairec-access ledger …`: what is done with a whole ledger: back it up, put it back, move it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import click

from approvals import audit
from approvals.ledger import Ledger, identity, open_ledger
from approvals.ledger.back_up import back_up
from approvals.ledger.copying import Copied
from approvals.ledger.move_to_server import move, prepare
from approvals.ledger.restore import restore as put_back
from approvals.ledger.store import complaint
from approvals.operations import belonging
from bot.app.opening import asking_ledger, clock_of, naming_setting
from bot.app.opening import open_ledger as open_bots_ledger
from bot.cli.command_errors import command_author, load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.ledger_erase import erase
from bot.cli.ledger_versions import since, upgrade
from bot.database_address import database_address
from bot.environment import character_fault
from bot.settings import SettingsError


@click.group()
def ledger() -> None:
    """Back up, restore, move or upgrade the ledger."""


ledger.add_command(erase)
ledger.add_command(upgrade)
ledger.add_command(since)


@examples("pairec-access ledger backup /var/backups/ledger.db --overwrite")
@ledger.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE, if it is there.")
@report_errors
def backup(file: Path, overwrite: bool) -> None:
    """Copy the ledger to FILE, whichever engine keeps it, while bots go on working.

    FILE is a ledger by itself, for your eyes alone, and is there whole or not at all. Exit status 1: it is there, but
    somebody has changed the audit trail.
    """
    kept = open_bots_ledger(load_command_settings(), make=False)
    with closing(kept), asking_ledger(kept):
        made = back_up(kept, file, overwrite=overwrite)
    _report("Backed up and read back", made.copied)
    if made.unnoted:
        click.echo(f"The backup is whole, but the ledger did not take down that it was made: {made.unnoted}.", err=True)
    if made.broken:
        click.echo(f"The chain breaks at entry {made.broken.seq}: it {made.broken.problem}.", err=True)
        sys.exit(1)


@examples("pairec-access ledger restore /var/backups/ledger.db")
@ledger.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Also where there is a ledger; that one is put aside.")
@report_errors
def restore(file: Path, overwrite: bool) -> None:
    """Put a backup back, to the address in PAIREC_DATABASE_URL.

    Stop the bots first. What was given since the backup is not in it: the next bot to start looks for that, and asks
    the approvers whether it is to stay.
    """
    settings = load_command_settings()
    done = put_back(file, settings.database_url, clock_of(settings).now(), command_author(), overwrite=overwrite)
    _report("Restored and read back", done.copied)
    if done.aside:
        click.echo(f"The ledger that was there is kept: {done.aside}")
    if done.until is not None:
        click.echo(f"It knows nothing of what happened after {audit.iso(done.until)}. The next bot looks for that.")


def _report(done: str, copied: Copied) -> None:
    rows = copied.rows
    click.echo(
        f"{done}: requests {rows['requests']}, grants {rows['grants']}, links {rows['links']}, audit entries"
        f" {rows['audit']}."
    )
    click.echo(f"Its head: {copied.head[0]} {copied.head[1]}")


@examples("pairec-access ledger copy --to postgresql://pairec@db.example.com/pairec_access")
@ledger.command()
@click.option("--to", "place", required=True, metavar="ADDRESS", help="An empty database: postgresql://user@host/name.")
@report_errors
def copy(place: str) -> None:
    """Move the ledger from its file to a PostgreSQL database, with all that is under way.

    Stop the bot first. Afterwards the file takes nothing more. Where it was interrupted, run it again.
    """
    settings = load_command_settings()
    if settings.uses_database_server:
        raise SettingsError("PAIREC_DATABASE_URL: a ledger is copied from a file, sqlite:///, to a database")
    copied = _move(settings.database_url, _checked(place))
    rows = copied.rows
    click.echo(
        f"Moved and read back: requests {rows['requests']}, grants {rows['grants']}, links {rows['links']},"
        f" audit entries {rows['audit']}. All of it is there, and the chain holds."
    )
    click.echo(f"Its head: {copied.head[0]} {copied.head[1]}")
    click.echo("The file takes nothing more. Set PAIREC_DATABASE_URL to the new address, and start the bot.")


@examples(
    "pairec-access ledger adopt --account 1234567890123456",
    "pairec-access ledger adopt --team T0123ABCD",
)
@ledger.command()
@click.option("--account", metavar="ID", help="The Alibaba Cloud account: its id, 16 digits.")
@click.option("--team", metavar="ID", help="The Slack workspace: its id, such as T0123ABCD.")
@report_errors
def adopt(account: str | None, team: str | None) -> None:
    """Say which account or workspace the ledger belongs to from now on.

    A bot with a key or a token of another one does not start. Stop the bot first. What was given in another account is
    neither seen nor taken back there.
    """
    if account is None and team is None:
        raise SettingsError("say --account or --team")
    settings = load_command_settings()
    kept = open_bots_ledger(settings, make=False)
    with closing(kept), asking_ledger(kept):
        now = clock_of(settings, kept).now()
        for option, name, value, form in (
            ("--account", identity.ACCOUNT, account, r"[0-9]{5,20}"),
            ("--team", identity.TEAM, team, r"[TE][A-Z0-9]{2,}"),
        ):
            if value is not None:
                if not re.fullmatch(form, value):
                    raise SettingsError(f"{option}: that is no id of {_TITLES[name]}")
                before = belonging.change_owner(kept, name, value, command_author(), now)
                click.echo(f"The ledger belongs to {_TITLES[name]} {value}; before, to {before or 'none yet'}.")


_TITLES = {identity.ACCOUNT: "the Alibaba Cloud account", identity.TEAM: "the Slack workspace"}


def _checked(place: str) -> str:
    fault = character_fault(place.strip())
    if fault:
        raise SettingsError(f"--to {fault}")
    try:
        address = database_address(place.strip())
    except ValueError as error:
        raise SettingsError(f"--to: {error}") from None
    if not address.startswith("postgres"):
        raise SettingsError("--to: must be postgresql://, a server and a database")
    return address


def _move(file: str, place: str) -> Copied:
    """Nothing is done at the place before it is known that the ledger can leave its file."""
    with ExitStack() as opened:
        with naming_setting("PAIREC_DATABASE_URL"):
            source = opened.enter_context(closing(open_ledger(file, make=False, moving=True)))
            with _engine_errors(source):
                prepare(source)
        with naming_setting("--to"):
            destination = opened.enter_context(closing(open_ledger(place, moving=True)))
        with _engine_errors(source, destination):
            return move(source, destination)


@contextmanager
def _engine_errors(*ledgers: Ledger) -> Iterator[None]:
    try:
        yield
    except tuple(kind for each in ledgers for kind in each.engine_errors) as error:
        raise SettingsError(f"the ledger is not moved yet, and this can be run again: {complaint(error)}") from None
