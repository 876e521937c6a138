"""`pairec-access report …`: what an auditor takes home, as a table."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from approvals.audit import iso
from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import open_grants, people
from approvals.model import request_ref
from approvals.queries.access_report import AccessReport, AccessRow, AccessSource, read_access_report
from bot.app.opening import asking_ledger
from bot.app.parts import Parts
from bot.cli.command_errors import load_command_settings, process_redaction, report_errors
from bot.cli.examples import examples
from bot.cli.listing import Cells, format_option, format_rows
from bot.cli.output_file import check_output, keep_output
from bot.cli.report_html import html_report
from bot.directory.inventory import LiveInventory
from handlers.refusals.sentences import plain
from handlers.translations import load_translations
from handlers.views.parts import product_title
from handlers.views.unread import unread_lines

INCOMPLETE = 1
READ_TIMEOUT_SECONDS = 60.0
"""Seconds: whoever waits at a terminal can wait for a large account."""
COLUMNS = (
    "ram_user",
    "ram_user_id",
    "slack_user_id",
    "what",
    "product",
    "place",
    "project",
    "via",
    "source",
    "request",
    "ends_at",
    "note",
)


@click.group()
def report() -> None:
    """Report who has what, for an auditor."""


report.add_command(html_report)


@examples(
    "pairec-access report access",
    "pairec-access report access --format csv --output access.csv",
)
@report.command()
@format_option("csv")
@click.option("--output", type=click.Path(path_type=Path), help="Write it to this file, for your eyes only.")
@report_errors
def access(form: str, output: Path | None) -> None:
    """Who has what in the cloud now: through this bot until when, or otherwise.

    One line for each RAM user or role and each thing: the catalogue's policies, and all roles in its workspaces and
    projects. What could not be read is told on standard error, and the exit status is 1 then.
    """
    if output is not None:
        check_output("--output", output)
    found, table = _read(Parts(load_command_settings(), make_ledger=False, redaction=process_redaction()))
    written = format_rows(COLUMNS, table, form)
    if output is None:
        click.echo(written.encode(), nl=False)
    else:
        keep_output("--output", output, written)
    translations = load_translations("en")
    for each in found.unread:
        click.echo(plain("\n".join(unread_lines([each], translations))), err=True)
    for row in found.rows:
        if row.source is AccessSource.NOT_SHOWN:
            click.echo(
                f"{_requests(row)}: {row.entitlement.role} of {row.principal.name} is granted, but not there.", err=True
            )
        if row.source is AccessSource.USER_GONE:
            user = f"RAM user {row.principal.name} ({row.principal.user_id})"
            click.echo(f"{_requests(row)}: {row.entitlement.role} is open, but {user} is no longer there.", err=True)
    if not found.complete:
        click.echo("The report is not complete.", err=True)
        sys.exit(INCOMPLETE)


def _read(parts: Parts) -> tuple[AccessReport, list[Cells]]:
    inventory = LiveInventory(parts.ram, parts.products, parts.catalog, READ_TIMEOUT_SECONDS)
    with asking_ledger(parts.ledger):
        found = read_access_report(parts.ledger, open_grants.every, inventory.of_everybody, parts.catalog.implied_by)
        with parts.ledger.read() as tx:
            linked = {link.principal.user_id: link.slack_user_id for link in people.every_link(tx)}
    inventory.stop()
    held = [row for row in found.rows if row.source is not AccessSource.NOT_SHOWN]
    return found, [_cells(row, linked, parts.catalog) for row in held]


def _cells(row: AccessRow, linked: Mapping[RamUserId, SlackUserId], catalog: Catalog) -> Cells:
    """By the names of COLUMNS."""
    what = row.entitlement
    way = "by hand" if what.by_hand else "member" if what.is_member_role else "direct"
    gone = row.source is AccessSource.USER_GONE
    ours = gone or row.source in (AccessSource.BOT, AccessSource.BY_HAND)
    said = f"says {row.said_by}" if row.said_by else None
    return {
        "ram_user": row.principal.name,
        "ram_user_id": row.principal.user_id,
        "slack_user_id": linked.get(row.principal.user_id),
        "what": what.role,
        "product": None if what.by_hand else product_title(what.kind.product),
        "place": what.place or None,
        "project": _project(what, catalog),
        "via": way if row.via_group is None else f"group {row.via_group}",
        "source": AccessSource.BOT.value if gone else row.source.value,
        "request": _requests(row) if ours else None,
        "ends_at": _end(row) if ours else None,
        "note": "no longer in RAM" if gone else said,
    }


def _requests(row: AccessRow) -> str:
    return " ".join(dict.fromkeys(request_ref(grant.request_id) for grant in row.grants))


def _end(row: AccessRow) -> str:
    return "until revoked" if row.ends_at is None else iso(row.ends_at)


def _project(what: Entitlement, catalog: Catalog) -> str | None:
    """The alias of a member role's place, also of a role that the catalogue does not have."""
    if not what.is_member_role:
        return None
    aliases = (part.project.alias for known, part in catalog.parts.items() if known.whole_place == what.whole_place)
    return next(aliases, None)
