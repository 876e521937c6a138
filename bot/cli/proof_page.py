"""The page that `pairec-access audit prove` writes: one file of HTML, without a script, a picture or a link to anything
that it needs. Whatever is in the ledger is shown as text, however it came to be there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple, TextIO

from approvals.anchor import Anchor
from approvals.audit import THIRD, Entry
from approvals.audit_anchors import AnchoredChain
from approvals.audit_entry import text_of
from bot.cli.proof_cloud import CloudWrite, cloud_section

MAX_CHARACTERS = 20_000
"""Of one text. No entry that the program writes is as long."""
STYLE = """
:root { color-scheme: light; --line: #d8dee4; --quiet: #57606a; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
p { margin: .4rem 0; } .quiet { color: var(--quiet); }
.state { border-left: .3rem solid #1a7f37; background: #f0fff4; padding: .5rem .9rem; margin: 1rem 0; }
.state.bad { border-color: #cf222e; background: #fff0f0; }
section { border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem; margin: 1rem 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem 1rem; margin: 0 0 .6rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
pre, code { font: 12px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
pre { background: #f6f8fa; padding: .5rem .7rem; margin: .2rem 0 .6rem; border-radius: .3rem; }
.proof { border-top: 1px solid var(--line); padding-top: .5rem; font-size: .85rem; }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; } pre, code { font-size: 7.5pt; }
  section { border-radius: 0; } h2, dl { break-inside: avoid; break-after: avoid; }
}
"""


class Proved(NamedTuple):
    """An entry of the request."""

    entry: Entry
    after: tuple[int, str] | None = None
    """Of the entry after it: its number, and the hash that it has of this one. None where there is none."""


class Proof(NamedTuple):
    """All that the page says."""

    ref: str
    ledger: str
    account: str
    made_at: str
    chain: AnchoredChain
    head: tuple[int, str]
    entries: Sequence[Proved]
    left_out: int
    """How many more there are of the request."""
    team: str | None
    cards: Sequence[tuple[str, str]]
    """Channel and timestamp of each message that shows the request."""
    cloud: Sequence[CloudWrite]
    faults: Sequence[str]
    """Why not all of it is proved, a sentence each."""
    signed: bool
    """Whether somebody looked whether anchors are signed."""


def write_page(stream: TextIO, proof: Proof) -> None:
    """The whole page, an entry at a time."""
    for part in _parts(proof):
        stream.write(part + "\n")


def _parts(proof: Proof) -> Iterator[str]:
    title = f"{_shown(proof.ref)}: what the audit trail has of it"
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>"
    yield f'<p class="quiet">Ledger {_shown(proof.ledger)}, Alibaba Cloud account {_shown(proof.account or "unknown")}.'
    yield f" Made at {_shown(proof.made_at)} by pairec-access.</p>"
    yield from _state(proof)
    yield from _messages(proof)
    yield from cloud_section(proof.cloud, _row)
    for each in proof.entries:
        yield from _entry(proof, each)
    if proof.left_out:
        yield f"<p>{proof.left_out} more entries are not shown; <code>pairec-access audit export</code> has them.</p>"
    yield HOW
    yield "</body></html>"


def _state(proof: Proof) -> Iterator[str]:
    bad = ' class="state bad"' if proof.faults else ' class="state"'
    yield f"<div{bad}>"
    for fault in proof.faults:
        yield f"<p><strong>{_shown(fault)}</strong></p>"
    if proof.chain.broken is None:
        yield f"<p>The chain holds, from entry 1 to {proof.chain.length}. Its head:"
        yield f" {proof.head[0]} <code>{_shown(proof.head[1])}</code></p>"
    if not proof.faults:
        yield "<p>The record agrees with it.</p>"
    fits = [each.anchor for each in proof.chain.verdicts if each.problem is None]
    if not proof.chain.verdicts:
        yield "<p>No anchor was compared, so nothing here proves that the whole trail was not written anew.</p>"
    elif fits:
        yield f"<p>{len(fits)} of {len(proof.chain.verdicts)} anchors fit, the newest of entry {fits[-1].seq}.</p>"
    if proof.chain.verdicts and not proof.signed:
        yield "<p>PAIREC_ANCHOR_SECRET was not set, so nobody looked whether they are signed.</p>"
    yield "</div>"


def _messages(proof: Proof) -> Iterator[str]:
    """Slack's own addresses; each leads to the card on which the request was decided."""
    if proof.cards and proof.team:
        yield "<p>In Slack:"
        for channel, ts in proof.cards:
            at = f"{proof.team}/{channel}/p{ts.replace('.', '')}"
            yield f' <a href="https://app.slack.com/client/{_shown(at)}">{_shown(channel)} {_shown(ts)}</a>'
        yield "</p>"


def _entry(proof: Proof, each: Proved) -> Iterator[str]:
    entry = each.entry
    fields = _fields(entry)
    yield f"<section><h2>Entry {_shown(entry.seq)}: {_shown(fields.pop('event', 'cannot be read'))}</h2><dl>"
    yield _row("at", entry.at)
    for name, value in fields.items():
        yield _row(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr))
    erased = [written.name for written in entry.written if written.text is None]
    if erased:
        yield _row("erased", ", ".join(erased))
    yield '</dl><div class="proof">'
    if entry.erased_by is not None:
        yield f"<p><strong>Something was erased from this entry itself, as entry {_shown(entry.erased_by)} says."
        yield " What it says now is proved by no head and no anchor.</strong></p>"
    yield "<dl>"
    yield _row("entry before", f"entry {entry.seq - 1}: {entry.prev}" if entry.seq > 1 else f"none: {entry.prev}")
    yield _row("this entry", entry.hash)
    after = f"entry {each.after[0]} has of this one: {each.after[1]}" if each.after else "none: this is the head"
    yield _row("entry after", after)
    yield _row("anchor", _covered(proof.chain, entry.seq) or "none that was given covers it")
    yield "</dl>"
    text = text_of(entry)
    yield f"<p>What is hashed:</p><pre>{_shown('nothing that can be read' if text is None else text)}</pre>"
    if entry.version == THIRD and entry.beside:
        yield "<p>Beside it:</p>"
        for line in entry.beside.split("\n"):
            digest = hashlib.sha256(line.encode()).hexdigest() if line.endswith('"') else "what was here is erased"
            yield f"<pre>{_shown(line)}\n{digest}</pre>"
    yield "</div></section>"


def _covered(chain: AnchoredChain, seq: int) -> str | None:
    """The first anchor that proves the entry. Beyond a break none does."""
    for anchor, problem in chain.verdicts:
        if anchor.seq >= seq and problem is None and (chain.broken is None or anchor.seq < chain.broken.seq):
            return _called(anchor)
    return None


def _called(anchor: Anchor) -> str:
    return f"number {anchor.number} for the {anchor.to}, made at {anchor.made_at}: entry {anchor.seq}, {anchor.hash}"


def _fields(entry: Entry) -> dict[str, Any]:
    """Of one that cannot be read, nothing: what is hashed is shown all the same."""
    try:
        found: Mapping[str, Any] = entry.fields
        return dict(found)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _row(name: str, value: object) -> str:
    return f"<dt>{_shown(name)}</dt><dd>{_shown(value)}</dd>"


def _shown(value: object) -> str:
    """As text; what would turn or hide a part of the line is written out."""
    text = str(value)
    if len(text) > MAX_CHARACTERS:
        text = f"{text[:MAX_CHARACTERS]} … ({len(text)} characters; `pairec-access audit export` has all of them)"
    return escape("".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text))


HOW = """<section><h2>How to check it</h2>
<p>The hash of an entry is SHA-256 of <em>what is hashed</em>, in UTF-8 and without a line end, in hex; the newest form
puts <code>3:</code> before it. In a shell: <code>printf %s 'what is hashed' | sha256sum</code>.</p>
<p>What is hashed has, among others, the hash of the entry before it, and the entry after it has this one's: so no entry
can be changed, put in or taken out without every hash after it being another. Whoever kept the head of the trail, or an
anchor, elsewhere sees that.</p>
<p>What people wrote and are called stands beside an entry, each in a line with a salt; what is hashed has SHA-256 of
each line after the name of its field. Erased, the hash is left in the line.</p>
<p>The entries between those of this page are of other requests. <code>pairec-access audit export</code> has all of
them.</p>
</section>"""
