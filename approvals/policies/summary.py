"""What a policy allows, in lines that a person can judge: by service, what is read and changed, on what and when. And
what one allows that another does not. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from approvals.policies.document import Statement, read_document

_READING = re.compile(
    r"(Get|List|Describe|Query|Check|Read|Head|Search|Lookup|Preview|Report|Pull)[A-Z*?].*|(Get|List|Describe)"
)
"""How the names of actions begin that only read. Whatever else there is may change something, a pattern above all."""


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
    """These are the actions that it is not about."""
    resources: tuple[str, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class ActionLine:
    """One action of one statement, with all that restricts it."""

    action: str
    allows: bool
    all_but: bool
    resources: tuple[str, ...]
    conditions: tuple[str, ...]


def summary(document: str) -> list[Allowance]:
    """In the document's order.

    Raises:
        UnreadableDocument: it cannot be judged.
    """
    return [allowance for statement in read_document(document) for allowance in _allowances(statement)]


def difference(before: str, after: str) -> tuple[list[ActionLine], list[ActionLine]]:
    """What `after` says that `before` does not, and the other way round. An action of which the resources or the
    conditions are others is among both.

    Raises:
        UnreadableDocument: one of them cannot be judged.
    """
    old, new = set(_lines(read_document(before))), set(_lines(read_document(after)))
    return sorted(new - old), sorted(old - new)


def _allowances(statement: Statement) -> Iterable[Allowance]:
    by_service: dict[str, list[str]] = {}
    for action in statement.actions:
        service, colon, name = action.partition(":")
        by_service.setdefault(service if colon else "*", []).append(name if colon else action)
    for service, names in by_service.items():
        yield Allowance(
            service,
            reads=tuple(name for name in names if _READING.fullmatch(name)),
            changes=tuple(name for name in names if not _READING.fullmatch(name)),
            allows=statement.allows,
            all_but=statement.all_but,
            resources=statement.resources,
            conditions=tuple(map(str, statement.conditions)),
        )


def _lines(statements: Sequence[Statement]) -> Iterable[ActionLine]:
    for each in statements:
        for action in each.actions:
            conditions = tuple(sorted(map(str, each.conditions)))
            yield ActionLine(action, each.allows, each.all_but, tuple(sorted(each.resources)), conditions)
