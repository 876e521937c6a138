"""The chain held against anchors that were kept elsewhere: which entries are no longer those that were anchored.

An anchor is the head of the chain, and stands for each entry up to its own. So where one fits, all before it is what it
was then, as far as the chain holds; where one does not, it is so from the last that fits on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from approvals import audit
from approvals.anchor import Anchor
from approvals.audit import Break, Entry


class AnchorVerdict(NamedTuple):
    """What the ledger has in the place of an anchored entry."""

    anchor: Anchor
    problem: str | None
    """None where it is the same."""


class AnchoredChain(NamedTuple):
    """What is left of what was anchored."""

    length: int
    """How many entries there are, as the number of the newest has it."""
    broken: Break | None
    verdicts: Sequence[AnchorVerdict]
    """In the order of the entries."""
    less: Sequence[int]
    """The numbers of entries of an older form from which something was erased: what they say now no anchor proves."""

    @property
    def last_good(self) -> Anchor | None:
        """The last anchor before the first that does not fit; of all, where each fits."""
        good = None
        for each in self.verdicts:
            if each.problem is not None:
                break
            good = each.anchor
        return good

    @property
    def first_bad(self) -> AnchorVerdict | None:
        """The first that does not fit."""
        return next((each for each in self.verdicts if each.problem is not None), None)


def compare(entries: Iterable[Entry], anchors: Iterable[Anchor]) -> AnchoredChain:
    """Go through the whole chain once, and see what became of each anchored entry."""
    wanted = sorted(set(anchors), key=lambda each: (each.seq, each.made_at))
    hashes = dict.fromkeys((each.seq for each in wanted), "")
    newest, less = 0, list[int]()

    def noted() -> Iterator[Entry]:
        nonlocal newest
        for entry in entries:
            newest = entry.seq
            if entry.erased_by is not None:
                less.append(entry.seq)
            if entry.seq in hashes:
                hashes[entry.seq] = entry.hash
            yield entry

    through = noted()
    broken = audit.verify(through)
    for _ in through:
        """What is behind a break counts too."""
    verdicts = [AnchorVerdict(each, _problem(each, hashes[each.seq], newest)) for each in wanted]
    return AnchoredChain(newest, broken, verdicts, less)


def _problem(anchor: Anchor, found: str, newest: int) -> str | None:
    if anchor.seq > newest:
        return f"the entry was cut off: the trail ends at {newest}"
    if not found:
        return "the entry was deleted"
    return None if found == anchor.hash else "the entry is another one"
