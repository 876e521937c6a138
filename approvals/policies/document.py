"""A policy document as statements. What RAM itself would not accept, or no longer documents, is not guessed at.

Grammar: help/ram/user-guide/policy-elements and policy-structure-and-syntax (Version, Effect, exactly one of Action and
NotAction, Resource, Condition; one value stands for a list of one). A role's trust document has Principal in place of
Resource.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from approvals.policies.matching import glob_matches

LONGEST = 100_000
"""Characters. RAM takes 6,144 of a custom policy (help/ram/product-overview/limits); its own system policies may be
longer. What is longer still would only cost time to read."""

_OF_A_TRUST = frozenset({"Effect", "Action", "NotAction", "Principal", "Condition"})


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


def read_trust(text: str, service: str) -> tuple[Statement, ...]:
    """The statements of a role's trust document that are about a service, to be judged for `sts:AssumeRole`.

    Every statement is read, the others as well: one that is not understood might be a Deny.

    Raises:
        Unreadable: no JSON, or no trust document whose every element is understood.
    """
    read = [(_is_about(given, service), _statement({**given, "Resource": "*"})) for given in _statements(text)]
    return tuple(statement for is_about, statement in read if is_about)


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


def _is_about(given: dict[str, Any], service: str) -> bool:
    """Whether the Principal of a statement of a trust document covers a service."""
    unknown = next((element for element in given if element not in _OF_A_TRUST), None)
    if unknown is not None:
        raise Unreadable(unknown)
    principal = given.get("Principal")
    if principal == "*":
        return True
    if not isinstance(principal, dict) or not principal or not principal.keys() <= {"RAM", "Service", "Federated"}:
        raise Unreadable("Principal")
    named = {kind: _texts(principal, kind) for kind in principal}
    if "*" in named.get("RAM", ()):
        # Whether services are among these is not documented.
        raise Unreadable("Principal")
    return any(glob_matches(pattern, service, folded=True) for pattern in named.get("Service", ()))


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
