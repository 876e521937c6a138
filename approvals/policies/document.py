"""A policy document as statements. What RAM itself would not accept, or no longer documents, is not guessed at.

Grammar: help/ram/user-guide/policy-elements and policy-structure-and-syntax (Version, Effect, exactly one of Action and
NotAction, Resource, Condition; one value stands for a list of one).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

LONGEST = 100_000
"""Characters. RAM takes 6,144 of a custom policy (help/ram/product-overview/limits); its own system policies may be
longer. What is longer still would only cost time to read."""


class Unreadable(Exception):
    """This document cannot be judged; the text says in a word or two what is the matter."""


@dataclass(frozen=True, slots=True)
class Condition:
    operator: str
    key: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.operator} {self.key} = {' | '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Statement:
    allows: bool
    """Effect Allow; otherwise Deny."""
    actions: tuple[str, ...]
    all_but: bool
    """NotAction: everything but these."""
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()


def read_document(text: str) -> tuple[Statement, ...]:
    """
    Raises:
        Unreadable: no JSON, or no policy document of version 1.
    """
    return tuple(_statement(each) for each in _statements(text))


def trusted_services(text: str) -> frozenset[str]:
    """The services that a role's trust document lets assume it, in lower case; conditions are not looked at.

    Raises:
        Unreadable: no JSON, or no trust document.
    """
    trusted: set[str] = set()
    denied: set[str] = set()
    for statement in _statements(text):
        principal = statement.get("Principal")
        named = principal.get("Service") if isinstance(principal, dict) else None
        if named is None or "sts:assumerole" not in {action.casefold() for action in _texts(statement, "Action")}:
            continue
        found = {service.casefold() for service in _values(named, "Principal")}
        (trusted if statement.get("Effect") == "Allow" else denied).update(found)
    return frozenset(trusted - denied)


def _statements(text: str) -> list[dict[str, Any]]:
    if len(text) > LONGEST:
        raise Unreadable(f"longer than {LONGEST} characters")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("no JSON") from None
    if not isinstance(document, dict) or document.get("Version") != "1":
        raise Unreadable("not Version 1")
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not all(isinstance(each, dict) for each in statements):
        raise Unreadable("no Statement")
    return statements


def _statement(given: dict[str, Any]) -> Statement:
    if given.get("Effect") not in ("Allow", "Deny"):
        raise Unreadable("Effect")
    if ("Action" in given) == ("NotAction" in given):
        raise Unreadable("Action and NotAction")
    if "NotResource" in given:
        # In the oldest grammar only; what RAM makes of it now is not documented.
        raise Unreadable("NotResource")
    all_but = "NotAction" in given
    return Statement(
        allows=given["Effect"] == "Allow",
        actions=_texts(given, "NotAction" if all_but else "Action"),
        all_but=all_but,
        resources=_texts(given, "Resource"),
        conditions=_conditions(given.get("Condition", {})),
    )


def _conditions(given: Any) -> tuple[Condition, ...]:
    if not isinstance(given, dict) or not all(isinstance(keys, dict) for keys in given.values()):
        raise Unreadable("Condition")
    return tuple(
        Condition(operator, key, _values(values, "Condition"))
        for operator, keys in given.items()
        for key, values in keys.items()
    )


def _texts(given: dict[str, Any], element: str) -> tuple[str, ...]:
    if element not in given:
        raise Unreadable(element)
    values = given[element]
    if not all(isinstance(value, str) for value in (values if isinstance(values, list) else [values])):
        raise Unreadable(element)
    return _values(values, element)


def _values(given: Any, element: str) -> tuple[str, ...]:
    values = given if isinstance(given, list) else [given]
    if not values or not all(isinstance(value, str | int | float) for value in values):
        raise Unreadable(element)
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)
