"""`pairec-access audit`: the trail for somebody who does not take the program's word for it."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import IO, Any

import click

from approvals import audit
from approvals.ledger import Tx, requests, trail
from approvals.model import parse_ref, request_ref
from approvals.queries.audit_replay.expected import Difference
from bot.app.opening import asking_ledger, open_ledger
from bot.cli.anchor_source import AnchorSource
from bot.cli.audit_anchors import tell_what_says_less, verify_anchors
from bot.cli.audit_export import export
from bot.cli.audit_prove import prove
from bot.cli.audit_record import differences
from bot.cli.command_errors import load_command_settings, report_errors
from bot.cli.examples import examples
from bot.settings import SettingsError

DIFFERS = 1


@examples(
    "pairec-access audit > trail.jsonl",
    "pairec-access audit --request R-1042",
    "pairec-access audit --anchors received.jsonl",
    "pairec-access audit --anchors oss://audit-anchors/pairec",
    "pairec-access audit export trail.db",
    "pairec-access audit prove R-1042 --anchors received.jsonl",
)
@click.group(name="audit", invoke_without_command=True)
@click.option("--request", "ref", metavar="R-1042", help="Print only the entries of this request.")
@click.option(
    "--anchors",
    metavar="FILE",
    type=AnchorSource(),
    help="Compare the chain instead with the anchors in FILE, a line each (- is standard input), or in oss://bucket/prefix.",
)
@click.pass_context
@report_errors
def show_audit(context: click.Context, ref: str | None, anchors: str | IO[Any] | None) -> None:
    """Print the audit trail as JSON lines, verify its chain, and compare the record with it.

    The program acts on its record: who asked, who decided, who is linked, what was given until when. Exit status 1: the
    chain does not hold, or the record says something else than the trail.
    """
    if anchors is not None:
        if ref is not None or context.invoked_subcommand is not None:
            raise SettingsError("--anchors: they are of the whole chain, and of nothing else")
        verify_anchors(anchors)
    elif context.invoked_subcommand is None:
        _show(ref)
    elif ref is not None:
        raise SettingsError("--request: it is for `pairec-access audit` alone")


show_audit.add_command(export)
show_audit.add_command(prove)


def _show(ref: str | None) -> None:
    number = None if ref is None else parse_ref(ref)
    if ref is not None and number is None:
        raise SettingsError(f"--request: {ref!r} is no request, such as R-1042")
    ledger = open_ledger(load_command_settings(), make=False)
    with closing(ledger), asking_ledger(ledger), ledger.read() as tx:
        if number is not None and requests.get(tx, number) is None and not trail.of_request(tx, number):
            raise SettingsError(f"--request: there is no {request_ref(number)} in this ledger")
        broken = audit.verify(trail.entries(tx))
        shown, last = _print(tx, number)
        differing = [] if broken else differences(tx)
    if number is not None:
        click.echo(f"{request_ref(number)} has {shown} of the {last[0]} entries of one chain.", err=True)
    if broken:
        click.echo(f"The chain breaks at entry {broken.seq}: it {broken.problem}.", err=True)
        sys.exit(DIFFERS)
    _tell(differing, number)
    click.echo(f"The chain holds. Its head: {last[0]} {last[1]}", err=True)
    if differing:
        sys.exit(DIFFERS)


def _print(tx: Tx, number: int | None) -> tuple[int, tuple[int, str]]:
    """How many entries were printed, and the head of them all."""
    shown, last, erased, less = 0, (0, audit.GENESIS), [], []
    for entry in trail.entries(tx):
        last = (entry.seq, entry.hash)
        if number in (None, entry.request_id):
            click.echo(entry.line)
            shown += 1
            erased += [entry.seq] if entry.erased else []
            less += [entry.seq] if entry.erased_by is not None else []
    if erased:
        click.echo(f"What people wrote was erased in: {', '.join(map(str, erased))}.", err=True)
    tell_what_says_less(less)
    return shown, last


def _tell(differing: list[Difference], number: int | None) -> None:
    """All of it, or what is about one request and how much else there is."""
    here = [each for each in differing if number in (None, each.request_id)]
    for each in here:
        click.echo(f"The record differs from the trail: {each}.", err=True)
    if len(here) < len(differing):
        click.echo(f"It differs elsewhere too, {len(differing) - len(here)} times: see all of it.", err=True)
    if not differing:
        click.echo("The record agrees with the trail.", err=True)
