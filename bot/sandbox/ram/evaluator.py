"""May whoever has these policies do this? RAM's own rules, as far as the documents here use them.

Written for the stand-in alone, and not the bot's own reading of policies (approvals/policies): what tries the bot must
not share its mistakes. The two are compared on documents in the tests. What is not known here is refused when a policy
is given, so that nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any


class EvaluatorVerdict(StrEnum):
    """The last two as RAM calls them in NoPermissionType."""

    ALLOW = "Allow"
    IMPLICIT = "ImplicitDeny"
    EXPLICIT = "ExplicitDeny"


_POSITIVE: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda given, wanted: given == wanted,
    "StringEqualsIgnoreCase": lambda given, wanted: given.casefold() == wanted.casefold(),
    "StringLike": lambda given, wanted: _fits(given, wanted, ignore_case=False),
    "Bool": lambda given, wanted: given.casefold() == wanted.casefold(),
}
_NEGATIVE = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
}
_ELEMENTS = frozenset({"Effect", "Action", "NotAction", "Resource", "Condition"})


def decide(documents: Iterable[str], action: str, resource: str, context: Mapping[str, str]) -> EvaluatorVerdict:
    """A Deny that applies goes before any Allow, and without an Allow it is denied.

    Args:
        documents: the texts of the policies.
        action: such as `ram:GetUser`; its case does not matter.
        resource: the ARN; `*` for an action that is not limited to any.
        context: condition keys, such as `ram:ServiceName`, and what the request has for each.

    Raises:
        ValueError: a document has something in it that is not known here.
    """
    applying = {
        statement["Effect"]
        for document in documents
        for statement in _statements(document)
        if _applies(statement, action, resource, context)
    }
    if "Deny" in applying:
        return EvaluatorVerdict.EXPLICIT
    return EvaluatorVerdict.ALLOW if "Allow" in applying else EvaluatorVerdict.IMPLICIT


def check(document: str) -> str:
    """The text unchanged; ValueError for one that could not be judged by."""
    for statement in _statements(document):
        _applies(statement, "ram:GetUser", "*", {})
        for operator in statement.get("Condition", {}):
            if operator not in _POSITIVE and operator not in _NEGATIVE:
                raise ValueError(f"not known here: {operator}")
    return document


@lru_cache(maxsize=64)
def _statements(document: str) -> tuple[Mapping[str, Any], ...]:
    loaded = json.loads(document)
    statements = loaded["Statement"] if loaded.get("Version") == "1" else None
    if not isinstance(statements, list):
        raise ValueError("not a policy")
    for statement in statements:
        effect = statement.get("Effect") in ("Allow", "Deny")
        if set(statement) - _ELEMENTS or not effect or "Resource" not in statement:
            raise ValueError(f"not a statement: {statement}")
        if ("Action" in statement) == ("NotAction" in statement):
            raise ValueError("a statement has one of Action and NotAction")
    return tuple(statements)


def _applies(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    if "Action" in statement:
        acts = any(_fits(action, pattern, ignore_case=True) for pattern in _listed(statement["Action"]))
    else:
        acts = not any(_fits(action, pattern, ignore_case=True) for pattern in _listed(statement["NotAction"]))
    # Roles are written in lower case in ARNs.
    role = ":role/" in resource
    about = any(_fits(resource, pattern, ignore_case=role) for pattern in _listed(statement["Resource"]))
    met = all(
        _met(operator, key, _listed(values), context, deny=statement["Effect"] == "Deny")
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )
    return acts and about and met


def _met(operator: str, key: str, values: list[str], context: Mapping[str, str], *, deny: bool) -> bool:
    given = context.get(key)
    if operator in _POSITIVE:
        return given is not None and any(_POSITIVE[operator](given, value) for value in values)
    if operator not in _NEGATIVE:
        raise ValueError(f"not known here: {operator}")
    if given is None:
        # RAM's documents do not say what becomes of it: whatever the bot relies on must not rest on that.
        return deny
    return not any(_POSITIVE[_NEGATIVE[operator]](given, value) for value in values)


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _fits(text: str, pattern: str, *, ignore_case: bool) -> bool:
    return _compiled(pattern, ignore_case=ignore_case).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str, *, ignore_case: bool) -> re.Pattern[str]:
    """`*` is any number of characters, and `?` is one."""
    written = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    return re.compile(written, re.DOTALL | (re.IGNORECASE if ignore_case else 0))
