"""A policy document as statements. What RAM itself would not accept, or no longer documents, is not guessed at.

Grammar: help/ram/user-guide/policy-elements and policy-structure-and-syntax (2026-05): Version and Statement; in each
statement Effect, exactly one of Action and NotAction, Resource, and perhaps Condition; one value stands for a list of
one. A role's trust document has Principal in place of Resource. What is not in the grammar, in whatever case it stands,
may be a restriction that was meant, and of an element that stands twice nobody knows which counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from approvals.policies.matching import glob_matches
from approvals.policies.operators import OPERATORS

MAX_DOCUMENT_CHARACTERS = 100_000
"""Characters. RAM takes 6,144 of a custom policy (help/ram/product-overview/limits); its own system policies may be
longer. What is longer still would only cost time to read."""

_OF_A_POLICY = frozenset({"Effect", "Action", "NotAction", "Resource", "Condition"})
_OF_A_TRUST = frozenset({"Effect", "Action", "NotAction", "Principal", "Condition"})
_ACTION = re.compile(r"[\w*?.-]*\*[\w*?.-]*|[\w*?.-]+:[\w*?./-]+", re.ASCII)
"""`<code>:<name>`, or a pattern with a star that may stand for the colon as well."""

_PATTERN = re.compile(r"[*?]")


class UnreadableDocument(Exception):
    """This document cannot be judged; the text says in a word or two what is the matter."""


@dataclass(frozen=True, slots=True, order=True)
class PolicyCondition:
    """One operator on one key, and the values that it takes for either of them."""

    operator: str
    key: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """For people; two that differ may look alike."""
        return f"{self.operator} {self.key} = {' | '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a document."""

    allows: bool
    """Effect Allow; otherwise Deny."""
    actions: tuple[str, ...]
    all_but: bool
    """NotAction: everything but these."""
    resources: tuple[str, ...]
    conditions: tuple[PolicyCondition, ...] = ()


def read_document(text: str) -> tuple[Statement, ...]:
    """The statements of a policy's document.

    Raises:
        UnreadableDocument: no JSON, or no policy document of version 1.
    """
    return tuple(_statement(each, _resources(each)) for each in _statements(text, _OF_A_POLICY))


def read_trust(text: str, service: str) -> tuple[Statement, ...]:
    """The statements of a role's trust document that are about a service, to be judged for `sts:AssumeRole`.

    Every statement is read, the others as well: one that is not understood might be a Deny.

    Raises:
        UnreadableDocument: no JSON, or no trust document whose every element is understood.
    """
    read = [(_is_about(given, service), _statement(given, ("*",))) for given in _statements(text, _OF_A_TRUST)]
    return tuple(statement for is_about, statement in read if is_about)


def _statements(text: str, elements: Collection[str]) -> list[dict[str, Any]]:
    if len(text) > MAX_DOCUMENT_CHARACTERS:
        raise UnreadableDocument(f"longer than {MAX_DOCUMENT_CHARACTERS} characters")
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        # A half of a surrogate pair is no character: it could not even be shown.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise UnreadableDocument("no JSON") from None
    if not isinstance(document, dict) or document.get("Version") != "1":
        raise UnreadableDocument("not Version 1")
    _only(document, ("Version", "Statement"))
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements or not all(isinstance(each, dict) for each in statements):
        raise UnreadableDocument("no Statement")
    for each in statements:
        _only(each, elements)
    return statements


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise UnreadableDocument(f"{_shown(next(name for name in names if names.count(name) > 1))} twice")
    return made


def _no_constant(name: str) -> None:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(name)


def _only(given: dict[str, Any], elements: Collection[str]) -> None:
    for element in given:
        if element not in elements:
            raise UnreadableDocument(_shown(element))


def _shown(element: str) -> str:
    """An element's name as it was written, unless that is no name."""
    return element if re.fullmatch(r"[\w:./-]{1,40}", element, re.ASCII) else "an unknown element"


def _statement(given: dict[str, Any], resources: tuple[str, ...]) -> Statement:
    if given.get("Effect") not in ("Allow", "Deny"):
        raise UnreadableDocument("Effect")
    if ("Action" in given) == ("NotAction" in given):
        raise UnreadableDocument("Action and NotAction")
    all_but = "NotAction" in given
    return Statement(
        allows=given["Effect"] == "Allow",
        actions=_actions(given, "NotAction" if all_but else "Action"),
        all_but=all_but,
        resources=resources,
        conditions=_conditions(given["Condition"]) if "Condition" in given else (),
    )


def _is_about(given: dict[str, Any], service: str) -> bool:
    """Whether the Principal of a statement of a trust document covers a service."""
    principal = given.get("Principal")
    if not isinstance(principal, dict) or not principal or not principal.keys() <= {"RAM", "Service", "Federated"}:
        raise UnreadableDocument("Principal")
    named = {kind: _texts(principal, kind) for kind in principal}
    if "*" in named.get("RAM", ()) or any(_PATTERN.search(name) for name in named.get("Service", ())):
        # Whether services are among these, and whether patterns stand for any, is not documented.
        raise UnreadableDocument("Principal")
    return service.casefold() in map(str.casefold, named.get("Service", ()))


def _actions(given: dict[str, Any], element: str) -> tuple[str, ...]:
    actions = _texts(given, element)
    if not all(_ACTION.fullmatch(action) for action in actions):
        raise UnreadableDocument(element)
    return actions


def _resources(given: dict[str, Any]) -> tuple[str, ...]:
    resources = _texts(given, "Resource")
    if not all(_may_be_arn(pattern) for pattern in resources):
        raise UnreadableDocument("Resource")
    return resources


def _may_be_arn(pattern: str) -> bool:
    """Whether some `acs:<code>:<region>:<account>:<name>` can match it. Variables are not documented for resources."""
    head, star, _ = pattern.partition("*")
    scheme, colon, _ = head.partition(":")
    scheme_fits = glob_matches(scheme, "acs") if colon else star and glob_matches(f"{scheme}*", "acs:")
    return bool(scheme_fits) and (bool(star) or pattern.count(":") >= 4) and "${" not in pattern


def _conditions(given: Any) -> tuple[PolicyCondition, ...]:
    """An empty one is none of the grammar's: whoever wrote it meant to restrict something."""
    if not isinstance(given, dict) or not given:
        raise UnreadableDocument("Condition")
    read: list[PolicyCondition] = []
    for operator, keys in given.items():
        if operator not in OPERATORS:
            raise UnreadableDocument(_shown(operator))
        if not isinstance(keys, dict) or not keys:
            raise UnreadableDocument("Condition")
        if len({key.casefold() for key in keys}) < len(keys):
            raise UnreadableDocument(f"{operator}, a key twice")
        read += [PolicyCondition(operator, key, _values(operator, key, values)) for key, values in keys.items()]
    return tuple(read)


def _values(operator: str, key: str, given: Any) -> tuple[str, ...]:
    values = given if isinstance(given, list) else [given]
    if not values or not key:
        raise UnreadableDocument("Condition")
    try:
        return tuple(OPERATORS[operator].text_of(value) for value in values)
    except ValueError:
        raise UnreadableDocument(f"{operator} {_shown(key)}") from None


def _texts(given: dict[str, Any], element: str) -> tuple[str, ...]:
    if element not in given:
        raise UnreadableDocument(element)
    values = given[element] if isinstance(given[element], list) else [given[element]]
    if not values or not all(isinstance(value, str) and value for value in values):
        raise UnreadableDocument(element)
    return tuple(values)
