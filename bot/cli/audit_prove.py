"""`pairec-access audit prove`: all that the trail has of one request, and what proves it, as a page for an auditor."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import click

from approvals import audit
from approvals.anchor import Anchor
from approvals.audit_anchors import AnchoredChain, compare
from approvals.ledger import Tx, cards, identity, requests, trail
from approvals.model import parse_ref, request_ref
from bot.app.opening import asking_ledger, clock_of, open_ledger
from bot.cli.anchor_source import AnchorSource, received
from bot.cli.audit_anchors import believed_of, named
from bot.cli.audit_record import differences
from bot.cli.command_errors import load_command_settings, report_errors
from bot.cli.examples import examples
from bot.cli.output_file import check_output, draft_of
from bot.cli.proof_cloud import cloud_writes
from bot.cli.proof_page import Proof, Proved, write_page
from bot.settings import SettingsError

DIFFERS = 1
MAX_ENTRIES = 1_000
"""More than a request has in years; whoever owns the database may have put in any number."""


@examples(
    "pairec-access audit prove R-1042",
    "pairec-access audit prove R-1042 --anchors received.jsonl --output R-1042.html",
)
@click.command()
@click.argument("ref", metavar="R-1042")
@click.option(
    "--anchors",
    metavar="FILE",
    type=AnchorSource(),
    help="Say which of the anchors in FILE, or in oss://bucket/prefix, cover it.",
)
@click.option("--output", type=click.Path(path_type=Path), help="The page; R-1042.html, unless said.")
@report_errors
def prove(ref: str, anchors: str | IO[Any] | None, output: Path | None) -> None:
    """Write a page with every entry of a request, its hashes, the anchors that cover it, and what ActionTrail has.

    One file that needs no other, for your eyes alone; anybody who gets it can compute the hashes anew. Exit status 1:
    the chain does not hold, an anchor does not fit, or the record differs; the page says so too.
    """
    number = parse_ref(ref)
    if number is None:
        raise SettingsError(f"{ref!r} is no request, such as R-1042")
    output = output or Path(f"{request_ref(number)}.html")
    check_output("--output", output)
    settings = load_command_settings()
    secret = settings.anchor_secret.get_secret_value() if settings.anchor_secret else None
    found = received(anchors, settings) if anchors else None
    ledger = open_ledger(settings, make=False)
    with closing(ledger), asking_ledger(ledger):
        made_at = audit.iso(clock_of(settings, ledger).now())
        with ledger.read() as tx:
            if requests.get(tx, number) is None and not trail.of_request(tx, number):
                raise SettingsError(f"there is no {request_ref(number)} in this ledger")
            believed, faults = believed_of(tx, found, secret) if found else ([], [])
            faults = [*(found.faults if found else ()), *faults]
            proof = _proof(tx, number, believed, faults, made_at, signed=secret is not None)
    with draft_of("--output", output) as draft, draft.open("w", encoding="utf-8") as stream:
        write_page(stream, proof)
    click.echo(f"{output}: entries {len(proof.entries)}.")
    for fault in proof.faults:
        click.echo(fault, err=True)
    if proof.faults:
        sys.exit(DIFFERS)


def _proof(
    tx: Tx, number: int, believed: Sequence[Anchor], faults: Sequence[str], made_at: str, *, signed: bool
) -> Proof:
    found: list[Proved] = []
    left_out = 0

    def noted() -> Iterator[audit.Entry]:
        nonlocal left_out
        before = None
        for entry in trail.entries(tx):
            if before is not None and found and found[-1].entry is before:
                found[-1] = found[-1]._replace(after=(entry.seq, entry.prev))
            if entry.request_id == number:
                if len(found) < MAX_ENTRIES:
                    found.append(Proved(entry))
                else:
                    left_out += 1
            before = entry
            yield entry

    chain = compare(noted(), believed)
    head = trail.last(tx)
    request = requests.get(tx, number)
    return Proof(
        ref=request_ref(number),
        ledger=identity.ledger_id(tx) or "",
        account=identity.get(tx, identity.ACCOUNT) or "",
        made_at=made_at,
        chain=chain,
        head=(head.seq, head.hash) if head else (0, audit.GENESIS),
        entries=found,
        left_out=left_out,
        team=request.team_id if request else None,
        cards=[(each.channel, each.ts) for each in cards.of_request(tx, number)],
        cloud=cloud_writes(tx, (each.entry for each in found)),
        faults=[*_faults(tx, number, chain.broken), *faults, *_misfits(chain)],
        signed=signed,
    )


def _faults(tx: Tx, number: int, broken: audit.Break | None) -> Sequence[str]:
    if broken:
        return [f"The chain breaks at entry {broken.seq}: it {broken.problem}."]
    return [f"The record differs from the trail: {each}." for each in differences(tx) if each.request_id == number]


def _misfits(chain: AnchoredChain) -> Sequence[str]:
    return [f"{named(each.anchor)}: {each.problem}." for each in chain.verdicts if each.problem]
