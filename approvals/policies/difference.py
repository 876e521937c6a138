"""What one document of a policy says that another does not. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from approvals.policies.document import PolicyCondition, Statement, read_document
from approvals.policies.risk import rank


@dataclass(frozen=True, slots=True, order=True)
class ActionLine:
    """Actions, with all that restricts them."""

    actions: tuple[str, ...]
    """The riskiest first."""
    allows: bool
    all_but: bool
    """It is about all actions but these."""
    resources: tuple[str, ...]
    conditions: tuple[PolicyCondition, ...]


class PolicyDifference(NamedTuple):
    """Lines of two documents, the riskiest first. An action of which the resources are others is added and removed."""

    added: list[ActionLine]
    removed: list[ActionLine]
    conditions_now: list[ActionLine]
    """Of what was allowed or denied on the same before, under other conditions."""
    conditions_before: list[ActionLine]


def difference(before: str, after: str) -> PolicyDifference:
    """What `after` says that `before` does not, and the other way round.

    Raises:
        UnreadableDocument: one of them cannot be judged.
    """
    old, new = set(_lines(read_document(before))), set(_lines(read_document(after)))
    came, went = new - old, old - new
    kept = {_unconditional(each) for each in came} & {_unconditional(each) for each in went}
    return PolicyDifference(
        _together(each for each in came if _unconditional(each) not in kept),
        _together((each for each in went if _unconditional(each) not in kept), denials_first=True),
        _together(each for each in came if _unconditional(each) in kept),
        _together(each for each in went if _unconditional(each) in kept),
    )


def _lines(statements: Iterable[Statement]) -> Iterable[ActionLine]:
    for each in statements:
        resources = tuple(sorted(set(each.resources)))
        conditions = tuple(
            sorted(replace(condition, values=tuple(sorted(set(condition.values)))) for condition in each.conditions)
        )
        # What is not about these is not about each of them: taken apart, it would be about all of them.
        said = [tuple(sorted(each.actions))] if each.all_but else [(action,) for action in each.actions]
        for actions in said:
            yield ActionLine(actions, each.allows, each.all_but, resources, conditions)


def _unconditional(line: ActionLine) -> ActionLine:
    return replace(line, conditions=())


def _together(lines: Iterable[ActionLine], *, denials_first: bool = False) -> list[ActionLine]:
    """With one line for all actions that are restricted in the same way."""
    actions: dict[ActionLine, list[str]] = {}
    for line in sorted(lines):
        restricted = line if line.all_but else replace(line, actions=())
        actions.setdefault(restricted, []).extend(line.actions)
    joined = [replace(line, actions=tuple(sorted(names, key=rank))) for line, names in actions.items()]
    return sorted(joined, key=lambda line: (line.allows is denials_first, 0 if line.all_but else rank(line.actions[0])))
