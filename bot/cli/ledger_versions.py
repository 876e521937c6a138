"""`pairec-access ledger upgrade` and `since`: bring a ledger up to date, and what going back would lose sight of."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from approvals.audit import iso
from approvals.grant import OURS, Grant
from approvals.ledger.versions import Version, read_version
from approvals.model import request_ref
from approvals.queries.granted_since import granted_since, head_of_backup
from bot.app.opening import asking_ledger, naming_setting, open_ledger
from bot.cli.command_errors import load_command_settings, report_errors
from bot.cli.examples import examples


@examples("pairec-access ledger upgrade --dry-run", "pairec-access ledger upgrade")
@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@report_errors
def upgrade(dry_run: bool) -> None:
    """Bring the ledger up to date for this version of the program. A bot does that by itself when it starts.

    A ledger in a file is kept beside it as it was: the way back to the version before is that file, put back by its
    `pairec-access ledger restore --overwrite`. One in PostgreSQL is for you to back up first, by the version before.
    """
    settings = load_command_settings()
    with naming_setting("PAIREC_DATABASE_URL"):
        found = read_version(settings.database_url)
    if not found.missing:
        click.echo(f"The ledger {found.address} is up to date: schema step {_named(found.step)}.")
        return
    _tell(found)
    if dry_run:
        click.echo("Nothing was written.")
        return
    open_ledger(settings, make=False).close()
    click.echo(f"It is up to date now: schema step {_named(found.missing[-1])}.")


def _tell(found: Version) -> None:
    click.echo(
        f"The ledger {found.address} has taken schema step {_named(found.step)}; this program has"
        f" {_named(found.missing[-1])}."
    )
    click.echo(f"Steps to take: {', '.join(map(_named, found.missing))}.")
    rows = found.rows
    click.echo(
        f"It has {rows['requests']} requests, {rows['grants']} grants and {rows['audit']} audit entries, which takes"
        f" {_how_long(found.seconds)}."
    )
    if found.copy:
        click.echo(f"It is kept as it is in {found.copy}.")
    else:
        click.echo("It is in a database: no copy is kept, so back it up first, by the version that works from it now.")


def _named(step: tuple[int, str]) -> str:
    return f"{step[0]} ({step[1]})"


def _how_long(seconds: int) -> str:
    if seconds < 10:
        return "less than ten seconds"
    return f"about {seconds} seconds" if seconds < 120 else f"about {seconds // 60} minutes"


@examples("pairec-access ledger since ledger.db.step-22")
@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@report_errors
def since(file: Path) -> None:
    """List what was granted since the backup FILE was made, which a program that goes back to it knows nothing of.

    The next bot that starts from a restored ledger looks for that, and asks the approvers whether it is to stay.
    """
    kept = open_ledger(load_command_settings(), make=False)
    with closing(kept), naming_setting("FILE"), asking_ledger(kept), kept.read() as tx:
        found = granted_since(tx, head_of_backup(file), file)
    for grant in found:
        click.echo(_line(grant))
    running = sum(grant.state in OURS for grant in found)
    click.echo(f"Granted since then: {len(found)}, of which {running} may still be there.", err=True)


def _line(grant: Grant) -> str:
    until = f" until {iso(grant.ends_at)}" if grant.ends_at is not None and grant.state in OURS else ""
    return f"{request_ref(grant.request_id)}  {grant.entitlement}  {grant.principal.name}  {grant.state.value}{until}"
