"""May whoever holds these policies do this? The way RAM decides, with what cannot be known kept apart.

Order (help/ram/policy-evaluation-process, 2026-06): nothing is allowed by itself; a Deny that matches wins over every
Allow, whichever policy either stands in; otherwise a matching Allow grants. Policies that are attached to a resource
group, control policies and policies of resources themselves are not seen here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from approvals.policies.conditions import EvaluationContext, holds
from approvals.policies.document import Statement
from approvals.policies.matching import EVERYTHING, Match, ResourcePattern, covers_action, covers_resource


class PolicyVerdict(StrEnum):
    """What policies say of one action."""

    GRANTED = "granted"
    MISSING = "missing"
    """No statement allows it."""
    DENIED = "denied"
    """A statement forbids it."""
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on one action, and what it depends on."""

    verdict: PolicyVerdict
    limits: tuple[str, ...] = ()
    """What a conditional one depends on: conditions and resources as the policies write them, `not …` for a Deny's."""


def rule(
    action: str,
    statements: Sequence[Statement],
    context: EvaluationContext,
    resource: ResourcePattern = EVERYTHING,
) -> Ruling:
    """Judge one action, such as `oss:GetObject`, by the statements of all policies together."""
    judged = [(statement, _match(statement, action, resource, context)) for statement in statements]
    denies = [(statement, match) for statement, match in judged if not statement.allows and match]
    allows = [(statement, match) for statement, match in judged if statement.allows and match]
    if any(match is Match.YES for _, match in denies):
        return Ruling(PolicyVerdict.DENIED)
    if not allows:
        return Ruling(PolicyVerdict.MISSING)
    limits = [f"not {limit}" for statement, _ in denies for limit in _limits(statement, action, resource, context)]
    if not any(match is Match.YES for _, match in allows):
        limits = [limit for statement, _ in allows for limit in _limits(statement, action, resource, context)] + limits
    if limits:
        return Ruling(PolicyVerdict.CONDITIONAL, tuple(dict.fromkeys(limits)))
    return Ruling(PolicyVerdict.GRANTED)


def _match(statement: Statement, action: str, resource: ResourcePattern, context: EvaluationContext) -> Match:
    """A statement applies when its action, its resource and each of its conditions do."""
    if not covers_action(statement.actions, action, all_but=statement.all_but):
        return Match.NO
    parts = [covers_resource(statement.resources, action, resource)]
    parts += [holds(condition, context) for condition in statement.conditions]
    return min(parts)


def _limits(statement: Statement, action: str, resource: ResourcePattern, context: EvaluationContext) -> Iterable[str]:
    """Why a statement applies only partly."""
    if covers_resource(statement.resources, action, resource) is Match.PARTLY:
        yield from (
            pattern for pattern in statement.resources if covers_resource([pattern], action, resource) is Match.PARTLY
        )
    yield from (str(condition) for condition in statement.conditions if holds(condition, context) is Match.PARTLY)
