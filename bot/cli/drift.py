"""`pairec-access drift`: what no request accounts for, as a table; what becomes of it approvers say in Slack."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from approvals.audit import iso
from approvals.drift import Acceptance, DriftRow
from approvals.ledger import open_grants, people
from approvals.model import request_ref
from approvals.queries.access_report import AccessReport, read_access_report
from approvals.queries.actor import may_decide
from approvals.queries.drift import as_it_is_now, drift_rows_of
from bot.app.opening import asking_ledger
from bot.app.parts import Parts
from bot.cli.command_errors import load_command_settings, process_redaction, report_errors
from bot.cli.examples import examples
from bot.cli.listing import Cells, format_option, print_rows
from bot.cli.report import INCOMPLETE, READ_TIMEOUT_SECONDS
from bot.directory.inventory import LiveInventory
from handlers.refusals.sentences import plain
from handlers.translations import load_translations
from handlers.views.parts import product_title
from handlers.views.unread import unread_lines

COLUMNS = (
    "why",
    "ram_user",
    "ram_user_id",
    "slack_user_id",
    "what",
    "product",
    "place",
    "group",
    "since",
    "given_by",
    "request",
    "only_accept_since",
    "accepted_until",
    "accepted_by",
)


@examples("pairec-access drift", "pairec-access drift --format csv > drift.csv")
@click.command()
@format_option()
@report_errors
def drift(form: str) -> None:
    """List access that no request accounts for: granted elsewhere, of people who left, outside of the catalogue.

    What could not be read is told on standard error, and the exit status is 1 then. Whether a Slack account is gone is
    as the bot saw it last.
    """
    parts = Parts(load_command_settings(), make_ledger=False, redaction=process_redaction())
    with closing(parts.ledger):
        found, rows = _read(parts)
    print_rows(COLUMNS, rows, form)
    for each in found.unread:
        click.echo(plain("\n".join(unread_lines([each], load_translations("en")))), err=True)
    if not found.complete:
        click.echo("The list is not complete.", err=True)
        sys.exit(INCOMPLETE)


def _read(parts: Parts) -> tuple[AccessReport, list[Cells]]:
    own, admins, now = parts.directory.own_user(), parts.directory.admins(), parts.clock.now()
    inventory = LiveInventory(parts.ram, parts.products, parts.catalog, READ_TIMEOUT_SECONDS)
    with asking_ledger(parts.ledger):
        found = read_access_report(parts.ledger, open_grants.every, inventory.of_everybody, parts.catalog.implied_by)
        with parts.ledger.read() as tx:
            approvers, links = may_decide(tx, admins), people.every_link(tx)
            rows = drift_rows_of(tx, parts.catalog, links, found, approvers, own, now)
            cells = [_cells(row, accepted) for row, accepted in as_it_is_now(tx, rows, now)]
    inventory.stop()
    return found, cells


def _cells(row: DriftRow, accepted: Acceptance | None) -> Cells:
    """By the names of COLUMNS."""
    what = row.entitlement
    return {
        "why": (row.unfit and f"{row.kind}: {row.unfit}") or row.kind.value,
        "ram_user": row.principal.name,
        "ram_user_id": row.principal.user_id,
        "slack_user_id": row.account,
        "what": what.role if what else None,
        "product": product_title(what.kind.product) if what else None,
        "place": what.place or None if what else None,
        "group": row.via_group,
        "since": None if row.since is None else iso(row.since),
        "given_by": row.giver.name or None if row.giver else None,
        "request": None if row.request_id is None else request_ref(row.request_id),
        "only_accept_since": row.barred,
        "accepted_until": iso(accepted.until) if accepted else None,
        "accepted_by": accepted.by if accepted else None,
    }
