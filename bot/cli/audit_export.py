"""`pairec-access audit export`: the trail, and the record that it tells of, for other programs to read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from approvals.audit import Entry, iso
from approvals.ledger import Tx, trail
from approvals.model import request_ref
from bot.app.opening import asking_ledger, open_ledger
from bot.cli.command_errors import load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.listing import Cells, escape_formula
from bot.cli.output_file import check_output, draft_of

FORMATS = {".jsonl": "jsonl", ".csv": "csv", ".db": "sqlite"}
DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M")
SAID = ("event", "grant", "ram_user", "ram_user_id", "by", "by_slack", "entitlement", "cause", "reason", "ticket")
"""Fields of entries that have a column of their own; `entry` has them all."""
COLUMNS = ("seq", "at", "request", *SAID, "entry", "prev", "hash")


@examples(
    "pairec-access audit export trail.jsonl",
    "pairec-access audit export --since 2026-11-01 november.csv",
    "pairec-access audit export trail.db",
)
@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Only what happened from then on, in UTC."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS.values())),
    help="As the end of the file's name says, unless said.",
)
@report_errors
def export(file: Path, since: datetime | None, form: str | None) -> None:
    """Write the trail to FILE, for your eyes alone: JSON lines, CSV, or a SQLite database with the record as well.

    A line of JSON has all that is needed to verify it elsewhere. The database has a table of entries, requests,
    decisions and grants, each searchable, and views of what runs and of who had what; Datasette opens it as it is.
    """
    form = form or FORMATS.get(file.suffix)
    if form is None:
        raise click.BadParameter(f"say --format, or name a file that ends with {', '.join(FORMATS)}")
    check_output("FILE", file)
    begin = iso(round(since.replace(tzinfo=UTC).timestamp() * 1_000)) if since else ""
    ledger = open_ledger(load_command_settings(), make=False)
    with closing(ledger), asking_ledger(ledger), ledger.read() as tx, draft_of("FILE", file) as draft:
        written = WRITERS[form](tx, draft, begin)
    click.echo(f"{file}: entries {written}.")


def entries_since(tx: Tx, begin: str) -> Iterator[Entry]:
    """Those of that moment, as their `at` has it, and later."""
    return (entry for entry in trail.entries(tx) if entry.at >= begin)


def entry_cells(entry: Entry) -> Cells:
    """By the names of COLUMNS."""
    fields = entry.fields
    return {
        "seq": entry.seq,
        "at": entry.at,
        "request": None if entry.request_id is None else request_ref(entry.request_id),
        **{name: fields.get(name) for name in SAID},
        "entry": entry.entry,
        "prev": entry.prev,
        "hash": entry.hash,
    }


def _write_lines(tx: Tx, draft: Path, begin: str) -> int:
    with draft.open("w", encoding="utf-8") as stream:
        return sum(1 for entry in entries_since(tx, begin) if stream.write(entry.line + "\n"))


def _write_csv(tx: Tx, draft: Path, begin: str) -> int:
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        return sum(1 for entry in entries_since(tx, begin) if writer.writerow(_escaped(entry_cells(entry))))


def _escaped(cells: Cells) -> dict[str, str]:
    return {name: escape_formula("" if value is None else str(value)) for name, value in cells.items()}


def _write_database(tx: Tx, draft: Path, begin: str) -> int:
    # Only who wants one needs what it is made with.
    from bot.cli.audit_database import write_database

    return write_database(tx, draft, map(entry_cells, entries_since(tx, begin)), COLUMNS)


WRITERS = {"jsonl": _write_lines, "csv": _write_csv, "sqlite": _write_database}
