"""`pairec-access grants …`: what was given, and how it stands."""

from __future__ import annotations

import click

from approvals.grant import OPEN, Grant, GrantState
from approvals.ledger.listed import grants_before
from approvals.model import request_ref
from bot.cli.command_errors import report_errors
from bot.cli.examples import examples
from bot.cli.lazy_group import ExplainingGroup
from bot.cli.listing import Cells, format_option
from bot.cli.record import limit_option, moment, person_option, print_newest

COLUMNS = (
    "request",
    "ram_user",
    "ram_user_id",
    "what",
    "kind",
    "place",
    "state",
    "active_at",
    "ends_at",
    "ended_at",
    "end_cause",
    "error",
)
BY_REQUEST = "Access is given by a request, which is asked for and decided in Slack: the click is the proof."
BY_PERSON = "Access is ended in Slack, or for whoever leaves with `pairec-access revoke --all PERSON`."


@click.group(
    cls=ExplainingGroup,
    absent={**dict.fromkeys(("create", "grant"), BY_REQUEST), **dict.fromkeys(("revoke", "end"), BY_PERSON)},
)
def grants() -> None:
    """List what was granted, as the ledger has it; `report access` asks the cloud."""


@examples(
    "pairec-access grants list",
    "pairec-access grants list --person alice --ended --format csv",
    "pairec-access grants list --state failed",
)
@grants.command("list")
@click.option(
    "--state",
    "states",
    type=click.Choice([each.value for each in GrantState]),
    multiple=True,
    help="Only in this state; may be repeated. By default, all but what is over.",
)
@click.option("--ended", is_flag=True, help="What is over, too.")
@person_option
@limit_option
@format_option()
@report_errors
def list_grants(states: tuple[str, ...], ended: bool, person: str | None, limit: int, form: str) -> None:
    """List what is being given, runs, or is being taken away, the newest first."""
    wanted = states or (() if ended else OPEN)
    print_newest(
        lambda tx, before, number: grants_before(tx, before, states=wanted, person=person, limit=number),
        COLUMNS,
        _cells,
        limit,
        form,
    )


def _cells(grant: Grant) -> Cells:
    """By the names of COLUMNS."""
    failed = " ".join(each for each in (grant.error_action, grant.error_code) if each)
    return {
        "request": request_ref(grant.request_id),
        "ram_user": grant.principal.name,
        "ram_user_id": grant.principal.user_id,
        "what": grant.entitlement.role,
        "kind": str(grant.entitlement.kind),
        "place": grant.entitlement.place or None,
        "state": grant.state.value,
        "active_at": moment(grant.active_at),
        "ends_at": moment(grant.ends_at) or "until revoked",
        "ended_at": moment(grant.ended_at),
        "end_cause": grant.end_cause.value if grant.end_cause else None,
        "error": failed or None,
    }
