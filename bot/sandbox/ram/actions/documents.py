"""Is this text a policy document that RAM would accept? Grammar only; nothing here evaluates a policy."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.sandbox.ram.errors import RamError, invalid

MAX_DOCUMENT_CHARACTERS = 6144
_OPERATOR = re.compile(
    r"String(Not)?(Equals(IgnoreCase)?|Like)|(Numeric|Date)((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|(Not)?IpAddress"
)


def check_policy_document(text: str) -> str:
    """The text unchanged; raises `RamError` 400 naming what is wrong with it."""
    if len(text) > MAX_DOCUMENT_CHARACTERS:
        message = f'The parameter - "PolicyDocument" is longer than {MAX_DOCUMENT_CHARACTERS} characters.'
        raise invalid("PolicyDocument.Length", message)
    statements = _statements(text)
    if not statements:
        raise _malformed("The policy document needs a list of statements.")
    for statement in statements:
        _check_statement(statement, "Resource")
        if not _words(statement["Resource"]):
            raise _malformed("Resource must be a string or a list of strings.")
    return text


def check_trust_document(text: str) -> str:
    """The trust document of a role: who may assume it. Raises `RamError` 400."""
    for statement in _statements(text):
        _check_statement(statement, "Principal")
    return text


def _statements(text: str) -> list[Any]:
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _malformed("The document is not valid JSON.") from error
    if not isinstance(document, dict) or document.keys() != {"Version", "Statement"}:
        raise _malformed("The document must be an object of Version and Statement.")
    if document["Version"] != "1":
        raise _malformed('The Version of the policy document must be "1".')
    statements = document["Statement"]
    if not isinstance(statements, list):
        raise _malformed("The document needs a list of statements.")
    return statements


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _malformed("The document names an element twice.")
    return made


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _check_statement(statement: object, about: str) -> None:
    """`about` is what it has besides effect, actions and conditions: Resource or Principal."""
    if not isinstance(statement, dict):
        raise _malformed("A statement must be an object.")
    unknown = statement.keys() - {"Effect", "Action", "NotAction", "Condition", about}
    if unknown:
        raise _malformed(f"A statement has no element {min(unknown)}.")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed("The Effect of a statement must be Allow or Deny.")
    if ("Action" in statement) == ("NotAction" in statement):
        raise _malformed("A statement needs exactly one of Action and NotAction.")
    if about not in statement:
        raise _malformed(f"A statement needs a {about}.")
    for element in ("Action", "NotAction"):
        if element in statement and not _words(statement[element]):
            raise _malformed(f"{element} must be a string or a list of strings.")
    if "Condition" in statement:
        _check_conditions(statement["Condition"])


def _check_conditions(conditions: object) -> None:
    if not isinstance(conditions, dict) or not conditions:
        raise _malformed("Condition must be an object.")
    for operator, keys in conditions.items():
        if not _OPERATOR.fullmatch(operator):
            raise _malformed(f"The condition operator '{operator}' is not supported.")
        if not isinstance(keys, dict):
            raise _malformed("A condition must name its keys.")


def _words(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(item, str) and item for item in items)


def _malformed(message: str) -> RamError:
    return RamError(400, "MalformedPolicyDocument", message)
