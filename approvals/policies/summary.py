"""What a policy allows, in lines that a person can judge: by service, what is read and changed, on what and when. The
riskiest comes first. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from approvals.policies.document import PolicyCondition, Statement, read_document
from approvals.policies.risk import only_reads, rank, service_and_name


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one statement says of one service."""

    service: str
    """As it stands in actions, `oss`; `*` is all of them."""
    reads: tuple[str, ...]
    """Actions, without the service."""
    changes: tuple[str, ...]
    """Likewise; `*` is everything, reading too."""
    allows: bool
    all_but: bool
    """`changes` has the actions that it is not about, with their services: it is about all others of all services."""
    resources: tuple[str, ...]
    conditions: tuple[PolicyCondition, ...]


def summary(document: str) -> list[Allowance]:
    """What changes other services comes first, and what is denied last.

    Raises:
        UnreadableDocument: it cannot be judged.
    """
    ranked = [each for statement in read_document(document) for each in _ranked(statement)]
    return [allowance for _, allowance in sorted(ranked, key=lambda each: each[0])]


def _ranked(statement: Statement) -> Iterable[tuple[tuple[bool, int], Allowance]]:
    restricted = (statement.allows, statement.all_but, statement.resources, statement.conditions)
    if statement.all_but:
        yield (not statement.allows, 0), Allowance("*", (), statement.actions, *restricted)
        return
    by_service: dict[str, list[str]] = {}
    for action in sorted(statement.actions, key=rank):
        by_service.setdefault(service_and_name(action)[0], []).append(action)
    for service, actions in by_service.items():
        names = [service_and_name(action)[1] for action in actions]
        reads = tuple(name for name in names if only_reads(name))
        changes = tuple(name for name in names if not only_reads(name))
        yield (not statement.allows, rank(actions[0])), Allowance(service, reads, changes, *restricted)
