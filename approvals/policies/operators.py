"""The operators that a condition may have, and what their values must look like.

Operators: help/ram/user-guide/conditional-operator (2025-12). RAM refuses a document with any other, `…IfExists` and
`Null` among them. Values are strings, dates of ISO 8601 with a zone; a JSON number or truth value is taken only where
it can mean nothing else, as the value of a Numeric or Bool operator.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from approvals.policies.matching import glob_matches


@dataclass(frozen=True, slots=True)
class Operator:
    """How one operator compares, and what its values may be."""

    matches: Callable[[str, str], bool]
    """Whether the request's value meets one value of the policy.

    Raises:
        ValueError: one of them is not of this operator's kind.
    """
    negated: bool
    read: Callable[[str], Any] = str
    """A value of the policy as one of this kind. Raises ValueError where it is none."""
    bare: tuple[type, ...] = ()
    """Types that a value may have in JSON besides a string."""

    def text_of(self, value: Any) -> str:
        """A value of the policy as text.

        Raises:
            ValueError: the policy may not have this for a value. One with a variable in it cannot be told to be wrong.
        """
        if not isinstance(value, str) and type(value) not in self.bare:
            raise ValueError(value)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if "${" not in text:
            self.read(text)
        return text


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_PREFIX = re.compile(r"[^/]+(/[0-9]{1,3})?", re.ASCII)


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _moment(text: str) -> datetime:
    """Without a zone it would be anybody's guess which moment is meant."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """An address, or a network by the length of its prefix; Python would take a mask as well."""
    if not _PREFIX.fullmatch(text):
        raise ValueError(text)
    return ipaddress.ip_network(text, strict=False)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _in_network(value: str, wanted: str) -> bool:
    return ipaddress.ip_address(value) in _network(wanted)


def _ordered(name: str, read: Callable[[str], Any], bare: tuple[type, ...] = ()) -> dict[str, Operator]:
    """The six comparisons of numbers, and likewise of dates."""
    comparisons: dict[str, tuple[Callable[[Any, Any], bool], bool]] = {
        "Equals": (lambda value, wanted: value == wanted, False),
        "NotEquals": (lambda value, wanted: value == wanted, True),
        "LessThan": (lambda value, wanted: value < wanted, False),
        "LessThanEquals": (lambda value, wanted: value <= wanted, False),
        "GreaterThan": (lambda value, wanted: value > wanted, False),
        "GreaterThanEquals": (lambda value, wanted: value >= wanted, False),
    }
    return {
        f"{name}{suffix}": Operator(_reading(read, compare), negated, read, bare)
        for suffix, (compare, negated) in comparisons.items()
    }


def _reading(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Callable[[str, str], bool]:
    return lambda value, wanted: compare(read(value), read(wanted))


def _both(name: str, negation: str, matches: Callable[[str, str], bool], **more: Any) -> dict[str, Operator]:
    return {name: Operator(matches, False, **more), negation: Operator(matches, True, **more)}


OPERATORS: dict[str, Operator] = {
    **_both("StringEquals", "StringNotEquals", lambda value, wanted: value == wanted),
    **_both(
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        lambda value, wanted: value.casefold() == wanted.casefold(),
    ),
    **_both("StringLike", "StringNotLike", lambda value, wanted: glob_matches(wanted, value)),
    "Bool": Operator(_reading(_truth, lambda value, wanted: value is wanted), False, _truth, (bool,)),
    **_both("IpAddress", "NotIpAddress", _in_network, read=_network),
    **_ordered("Numeric", _number, (int, float)),
    **_ordered("Date", _moment),
}
