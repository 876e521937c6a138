"""`pairec-access audit --anchors`: the chain held against what was told of its head elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from typing import IO, Any

import click

from approvals.anchor import Anchor, AnchorTarget
from approvals.audit_anchors import AnchoredChain, compare
from approvals.ledger import Tx, anchors, identity, trail
from bot.app.opening import asking_ledger, open_ledger
from bot.cli.anchor_source import ReceivedAnchors, received
from bot.cli.command_errors import load_command_settings

DIFFERS = 1


def verify_anchors(source: str | IO[Any]) -> None:
    """Say of the chain and of each anchor whether it holds; ends the process with status 1 where one does not."""
    settings = load_command_settings()
    found = received(source, settings)
    secret = settings.anchor_secret.get_secret_value() if settings.anchor_secret else None
    ledger = open_ledger(settings, make=False)
    with closing(ledger), asking_ledger(ledger), ledger.read() as tx:
        believed, faults = believed_of(tx, found, secret)
        chain = compare(trail.entries(tx), believed)
        deleted = _deleted(tx, believed) if isinstance(source, str) else []
    for each in chain.verdicts:
        click.echo(f"{named(each.anchor)}: {each.problem or 'holds'}.")
    for fault in (*found.faults, *faults, *deleted):
        click.echo(fault)
    if secret is None:
        click.echo("PAIREC_ANCHOR_SECRET is not set, so nobody looked whether they are signed.", err=True)
    _tell_missing(believed)
    _tell(chain)
    tell_what_says_less(chain.less)
    if chain.broken or chain.first_bad or found.faults or faults or deleted or not believed:
        sys.exit(DIFFERS)


def tell_what_says_less(seqs: Sequence[int]) -> None:
    """Entries of an older form from which something was erased."""
    if seqs:
        click.echo(
            f"Of an older form, and something was erased from the entry itself: {', '.join(map(str, seqs))}."
            " What they say now is proved by no head and no anchor.",
            err=True,
        )


def believed_of(tx: Tx, found: ReceivedAnchors, secret: str | None) -> tuple[list[Anchor], list[str]]:
    """The anchors of this ledger that are signed, and what is wrong with the others."""
    ours = (identity.ledger_id(tx) or "", identity.get(tx, identity.ACCOUNT) or "")
    believed, faults = [], []
    for place, each in found.anchors:
        anchor = each.anchor
        if secret is not None and not each.is_signed_with(secret):
            faults.append(f"{place}, {named(anchor)}: forged, or signed with another PAIREC_ANCHOR_SECRET.")
        elif anchor.ledger != ours[0]:
            faults.append(f"{place}, {named(anchor)}: of another ledger, {anchor.ledger}; this is {ours[0]}.")
        elif anchor.account and anchor.account != ours[1]:
            faults.append(f"{place}, {named(anchor)}: of another account, {anchor.account}; this is {ours[1]}.")
        else:
            believed.append(anchor)
    return believed, faults


def _deleted(tx: Tx, believed: Sequence[Anchor]) -> list[str]:
    """What a bucket has not although it took it. Of those before the first that is there, whoever set its retention
    may have let them go.
    """
    last = anchors.newest(tx, AnchorTarget.BUCKET)
    numbers = {each.number for each in believed if each.to is AnchorTarget.BUCKET}
    if last is None or last.sent is None or not numbers:
        return []
    return [
        f"Anchor {number} for the bucket is not there any more: it was deleted, although the bucket took it."
        for number in range(min(numbers), last.anchor.number + 1)
        if number not in numbers
    ]


def _tell_missing(believed: Sequence[Anchor]) -> None:
    """Gaps are no fault of the ledger's: somebody may have kept some of them elsewhere."""
    for to in sorted({each.to for each in believed}):
        numbers = {each.number for each in believed if each.to == to}
        missing = [number for number in range(min(numbers), max(numbers)) if number not in numbers]
        if missing:
            shown = ", ".join(map(str, missing[:10])) + (" …" if len(missing) > 10 else "")
            click.echo(f"Of the anchors for the {to}, FILE has not these: {shown}", err=True)


def _tell(chain: AnchoredChain) -> None:
    if chain.broken:
        click.echo(f"The chain breaks at entry {chain.broken.seq}: it {chain.broken.problem}.", err=True)
    else:
        click.echo(f"The chain holds, from entry 1 to {chain.length}.", err=True)
    bad, good = chain.first_bad, chain.last_good
    if not chain.verdicts:
        click.echo("There is no anchor of this ledger in FILE.", err=True)
    elif bad is None and chain.broken:
        click.echo("Each anchored entry has its hash, but not all that is between them is what it was.", err=True)
    elif bad is None:
        end = chain.verdicts[-1].anchor
        click.echo(f"Every anchor holds: what was in the trail at {end.made_at} is in it.", err=True)
    else:
        since = f"after entry {good.seq} ({named(good)})" if good else "from the first entry on"
        click.echo(
            f"Entries were edited, cut off or rewritten {since}, and up to entry {bad.anchor.seq} at least one is not"
            f" what it was at {bad.anchor.made_at}.",
            err=True,
        )


def named(anchor: Anchor) -> str:
    """Which one it is."""
    return f"anchor {anchor.number} for the {anchor.to}, entry {anchor.seq}"
