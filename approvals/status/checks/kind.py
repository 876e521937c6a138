"""What a kind of check is, and the rows of the board that kinds make up together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from approvals.findings import CheckResult, Finding
from approvals.millis import DomainMillis
from approvals.status.reads import CloudReads
from approvals.status.terms import StatusTerms

Judge = Callable[[str, DomainMillis], Finding]
"""Waits for what was asked and judges it: the finding of the check of that name, at that moment. Raises what an answer
does."""


@dataclass(frozen=True, slots=True)
class CheckKind:
    """One of them, registered in `approvals.status.checks.registry`."""

    source: str
    """What follows the row in the name of a check, as in `oss/permission`. The ledger has it: it stays for ever."""
    results: tuple[CheckResult, ...]
    """What it can find, besides what stands in `approvals.status.checks.unseen`."""
    rows: Callable[[StatusTerms], Sequence[StatusRow]]
    """Those in which it is a source; the same row of two kinds has both."""
    ask: Callable[[str, StatusTerms, CloudReads], Judge]
    """Asks what the row of that name needs, without waiting for it."""
    product: str = "ram"
    """Whose permission it takes to look, as the action of a policy begins."""
    product_of: Callable[[str, StatusTerms], str] | None = None
    """The same by row, where each is about a product of its own."""
    one_read: bool = False
    """Whether all its rows are judged by the same answers, so that they are settled together."""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One line of the board."""

    name: str
    """What people type. The ledger has it in the names of checks."""
    title: str
    also: tuple[str, ...] = ()
    """Other words for it."""
    typed_by_title: bool = True
    """Whether its title means this row and no other."""
    kinds: tuple[CheckKind, ...] = ()
    """Filled in where the rows are put together."""

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of its checks, in the order of its kinds."""
        return tuple(check_name(self, kind) for kind in self.kinds)


def check_name(row: StatusRow, kind: CheckKind) -> str:
    """By which the ledger knows what it found."""
    return f"{row.name}/{kind.source}"


def source_of(check: str) -> str:
    """The source in the name of a check."""
    return check.partition("/")[2]
