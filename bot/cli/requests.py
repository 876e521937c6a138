"""`pairec-access requests …`: what was asked for, and what became of it."""

from __future__ import annotations

import json
from contextlib import closing

import click

from approvals.durations import format_duration
from approvals.ledger.listed import requests_before
from approvals.model import AccessRequest, RequestState, Verdict, parse_ref, request_ref
from approvals.queries import request_view
from approvals.queries.request_view import RequestView
from bot.app.opening import asking_ledger, open_ledger
from bot.cli.command_errors import load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.lazy_group import ExplainingGroup
from bot.cli.listing import Cells, format_option, one_line
from bot.cli.main import IN_SLACK
from bot.cli.record import limit_option, moment, person_option, print_newest
from bot.settings import SettingsError

COLUMNS = (
    "request",
    "state",
    "asked_at",
    "requester",
    "ram_user",
    "ram_user_id",
    "item",
    "duration",
    "closed_at",
    "closed_by",
    "starts_at",
    "ends_at",
    "ticket",
    "reason",
)


@click.group(cls=ExplainingGroup, absent=dict.fromkeys(("request", "create", "approve", "deny"), IN_SLACK))
def requests() -> None:
    """List and show requests, which are made and decided in Slack alone."""


@examples(
    "pairec-access requests list --state pending",
    "pairec-access requests list --person alice --format json",
)
@requests.command("list")
@click.option(
    "--state",
    "states",
    type=click.Choice([each.value for each in RequestState]),
    multiple=True,
    help="Only in this state; may be repeated.",
)
@person_option
@limit_option
@format_option()
@report_errors
def list_requests(states: tuple[str, ...], person: str | None, limit: int, form: str) -> None:
    """List requests, the newest first."""
    print_newest(
        lambda tx, before, number: requests_before(tx, before, states=states, person=person, limit=number),
        COLUMNS,
        _cells,
        limit,
        form,
    )


@examples("pairec-access requests show R-1042")
@requests.command("show")
@click.argument("ref", metavar="R-1042")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is printed.",
)
@report_errors
def show_request(ref: str, form: str) -> None:
    """Show a request with its decisions and its grants."""
    number = parse_ref(ref)
    if number is None:
        raise SettingsError(f"{ref!r} is no request, such as R-1042")
    ledger = open_ledger(load_command_settings(), make=False)
    with closing(ledger), asking_ledger(ledger), ledger.read() as tx:
        view = request_view.read(tx, number)
    if view is None:
        raise SettingsError(f"there is no {request_ref(number)} in this ledger")
    shown = {**_cells(view.request), **_details(view)}
    if form == "json":
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False).encode())
        return
    for name, value in shown.items():
        for line in value if isinstance(value, list) else [value]:
            if line is not None:
                text = ", ".join(str(part) for part in line.values() if part) if isinstance(line, dict) else str(line)
                click.echo(f"{name.replace('_', ' '):<12}  {one_line(text)}")


def _cells(request: AccessRequest) -> Cells:
    """By the names of COLUMNS."""
    return {
        "request": request.ref,
        "state": request.state.value,
        "asked_at": moment(request.created_at),
        "requester": request.requester,
        "ram_user": request.principal.name,
        "ram_user_id": request.principal.user_id,
        "item": request.item,
        "duration": format_duration(request.duration),
        "closed_at": moment(request.closed_at),
        "closed_by": request.closed_by,
        "starts_at": moment(request.starts_at),
        "ends_at": moment(request.ends_at),
        "ticket": request.ticket,
        "reason": request.reason,
    }


def _details(view: RequestView) -> dict[str, object]:
    words = {Verdict.APPROVE: "approved", Verdict.DENY: "denied"}
    return {
        "close_reason": view.request.close_reason,
        "decision": [
            {
                "at": moment(word.at),
                "verdict": words[word.verdict]
                if word.counted
                else f"{words[word.verdict]}, but does not count any more",
                "ram_user": word.principal.name,
                "slack_user_id": word.slack_user_id,
                "reason": word.reason,
            }
            for word in view.decisions
        ],
        "grant": [
            {
                "what": grant.entitlement.short_name,
                "state": grant.state.value,
                "ends_at": moment(grant.ends_at),
                "ended_at": moment(grant.ended_at),
                "end_cause": grant.end_cause.value if grant.end_cause else None,
            }
            for grant in view.grants
        ],
    }
