"""Who may approve, and a way to confirm somebody where nobody is left who could do it in Slack."""

from __future__ import annotations

from contextlib import closing

import click

from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ids import RamUserId
from approvals.ledger import Tx, people
from approvals.operations.admins import confirm_from_command_line
from approvals.queries.actor import may_decide, unconfirmed_admins
from bot.app.opening import asking_ledger
from bot.app.parts import Parts
from bot.cli.command_errors import command_author, load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.listing import Cells, format_option, print_rows
from bot.cli.person_argument import find_one_person, read_roster, require_answer
from bot.settings import SettingsError

COLUMNS = ("ram_user", "ram_user_id", "slack_user_id", "via", "may_decide")


@examples("pairec-access approvers", "pairec-access approvers --confirm alice")
@click.command()
@format_option()
@click.option("--confirm", metavar="RAM-USER", help="Let this holder of PaiRecRamAdminAccess decide.")
@report_errors
def approvers(confirm: str | None, form: str) -> None:
    """List who holds PaiRecRamAdminAccess now, and whether they may decide."""
    parts = Parts(load_command_settings(), make_ledger=False)
    with closing(parts.ledger):
        holders = parts.directory.admins()
        if confirm is not None:
            _confirm(parts, holders, confirm)
        with asking_ledger(parts.ledger), parts.ledger.read() as tx:
            rows = _rows(tx, holders)
    print_rows(COLUMNS, rows, form)


def holders_if_known(parts: Parts) -> Holders:
    """Who holds the admin policy; nobody, where RAM does not say it."""
    try:
        return parts.directory.admins()
    except Refusal:
        return Holders()


def _confirm(parts: Parts, holders: Holders, name: str) -> None:
    principal = find_one_person(parts.ledger, name, require_answer(read_roster(parts.ram))).principal
    if not holders.ways(principal.user_id):
        raise SettingsError(f"RAM user {principal.name} does not hold PaiRecRamAdminAccess")
    with asking_ledger(parts.ledger):
        confirmed = confirm_from_command_line(parts.ledger, principal, holders, command_author(), parts.clock.now())
    click.echo(f"{principal.name} is confirmed." if confirmed else f"{principal.name} need not be confirmed.")


def _rows(tx: Tx, holders: Holders) -> list[Cells]:
    """By the names of COLUMNS."""
    rows: list[Cells] = []
    deciding, unconfirmed = may_decide(tx, holders), unconfirmed_admins(tx, holders)
    for holder in sorted(holders.holders, key=lambda each: (each.principal.name, each.via_group or "")):
        link = people.link_of_principal(tx, holder.principal.user_id)
        rows.append(
            {
                "ram_user": holder.principal.name,
                "ram_user_id": holder.principal.user_id,
                "slack_user_id": link.slack_user_id if link else None,
                "via": f"group {holder.via_group}" if holder.via_group else "direct",
                "may_decide": _verdict(holder.principal.user_id, deciding, unconfirmed, linked=link is not None),
            }
        )
    return rows


def _verdict(
    user_id: RamUserId, deciding: frozenset[RamUserId], unconfirmed: frozenset[RamUserId], *, linked: bool
) -> str:
    if user_id in unconfirmed:
        return "no: nobody has confirmed them"
    if user_id not in deciding:
        return "no: has it for a time only"
    return "yes" if linked else "no: not linked"
