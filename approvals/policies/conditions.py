"""Does a condition hold: yes, no, or it depends on something that is not known here.

Operators: help/ram/user-guide/conditional-operator (2025-12). A key that the request does not carry meets no positive
operator; what a negated one makes of it is not documented, so that counts as "depends".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from approvals.policies.document import Condition
from approvals.policies.matching import Match, glob_matches

Compare = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a request: values by condition key, and keys that it certainly does not carry."""

    values: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    def value(self, key: str) -> str | None:
        return next((value for name, value in self.values.items() if name.casefold() == key.casefold()), None)

    def lacks(self, key: str) -> bool:
        return any(name.casefold() == key.casefold() for name in self.absent)


def holds(condition: Condition, context: Context) -> Match:
    """Values of one key are alternatives; under a negated operator the request's value must be none of them."""
    known = _OPERATORS.get(condition.operator)
    if known is None or any("${" in value for value in condition.values):
        return Match.PARTLY
    compare, negated = known
    value = context.value(condition.key)
    if value is None:
        return Match.NO if context.lacks(condition.key) and not negated else Match.PARTLY
    try:
        found = any(compare(value, wanted) for wanted in condition.values)
    except ValueError:
        return Match.PARTLY
    return Match.YES if found is not negated else Match.NO


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_network(value: str, wanted: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)


def _ordered(read: Callable[[str], float]) -> dict[str, tuple[Compare, bool]]:
    """The six comparisons of numbers, and likewise of dates."""
    return {
        "Equals": (lambda value, wanted: read(value) == read(wanted), False),
        "NotEquals": (lambda value, wanted: read(value) == read(wanted), True),
        "LessThan": (lambda value, wanted: read(value) < read(wanted), False),
        "LessThanEquals": (lambda value, wanted: read(value) <= read(wanted), False),
        "GreaterThan": (lambda value, wanted: read(value) > read(wanted), False),
        "GreaterThanEquals": (lambda value, wanted: read(value) >= read(wanted), False),
    }


def _same(value: str, wanted: str) -> bool:
    return value == wanted


def _same_folded(value: str, wanted: str) -> bool:
    return value.casefold() == wanted.casefold()


def _like(value: str, wanted: str) -> bool:
    return glob_matches(wanted, value)


def _truth(value: str, wanted: str) -> bool:
    if not {value, wanted} <= {"true", "false"}:
        raise ValueError(wanted)
    return value == wanted


_OPERATORS: dict[str, tuple[Compare, bool]] = {
    "StringEquals": (_same, False),
    "StringNotEquals": (_same, True),
    "StringEqualsIgnoreCase": (_same_folded, False),
    "StringNotEqualsIgnoreCase": (_same_folded, True),
    "StringLike": (_like, False),
    "StringNotLike": (_like, True),
    "Bool": (_truth, False),
    "IpAddress": (_in_network, False),
    "NotIpAddress": (_in_network, True),
    **{f"Numeric{name}": known for name, known in _ordered(float).items()},
    **{f"Date{name}": known for name, known in _ordered(lambda text: _moment(text).timestamp()).items()},
}
