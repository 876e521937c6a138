"""Does a condition hold: yes, no, or it depends on something that is not known here.

A key that the request does not carry meets no positive operator; what a negated one makes of it is not documented, so
that counts as "depends".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from approvals.policies.document import PolicyCondition
from approvals.policies.matching import Match
from approvals.policies.operators import OPERATORS


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """What is known of a request: values by condition key, and keys that it certainly does not carry."""

    values: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    def value(self, key: str) -> str | None:
        """What the request carries under this key, whose case does not matter; None where that is not known."""
        return next((value for name, value in self.values.items() if name.casefold() == key.casefold()), None)

    def lacks(self, key: str) -> bool:
        """Whether the request certainly does not carry this key, whose case does not matter."""
        return any(name.casefold() == key.casefold() for name in self.absent)


def holds(condition: PolicyCondition, context: EvaluationContext) -> Match:
    """Values of one key are alternatives; under a negated operator the request's value must be none of them."""
    if any("${" in value for value in condition.values):
        return Match.PARTLY
    operator = OPERATORS[condition.operator]
    value = context.value(condition.key)
    if value is None:
        return Match.NO if context.lacks(condition.key) and not operator.negated else Match.PARTLY
    try:
        found = any(operator.matches(value, wanted) for wanted in condition.values)
    except ValueError:
        return Match.PARTLY
    return Match.YES if found is not operator.negated else Match.NO
