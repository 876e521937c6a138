"""Is this text a policy document that RAM would accept? Grammar only; nothing here evaluates a policy."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.ram.errors import RamError, invalid

LONGEST_DOCUMENT = 6144


def check_policy_document(text: str) -> str:
    """The text unchanged; raises `RamError` 400 naming what is wrong with it."""
    if len(text) > LONGEST_DOCUMENT:
        message = f'The parameter - "PolicyDocument" is longer than {LONGEST_DOCUMENT} characters.'
        raise invalid("PolicyDocument.Length", message)
    document = _object(text)
    if document.get("Version") != "1":
        raise _malformed('The Version of the policy document must be "1".')
    statements = document.get("Statement")
    if not isinstance(statements, list) or not statements:
        raise _malformed("The policy document needs a list of statements.")
    for statement in statements:
        _check_statement(statement)
    return text


def check_trust_document(text: str) -> str:
    """The trust document of a role: who may assume it. Raises `RamError` 400."""
    document = _object(text)
    if document.get("Version") != "1" or not isinstance(document.get("Statement"), list):
        raise _malformed("The trust document needs Version 1 and a list of statements.")
    return text


def _object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed("The document is not valid JSON.") from error
    if not isinstance(document, dict):
        raise _malformed("The document must be a JSON object.")
    return document


def _check_statement(statement: object) -> None:
    if not isinstance(statement, dict):
        raise _malformed("A statement must be an object.")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed("The Effect of a statement must be Allow or Deny.")
    if ("Action" in statement) == ("NotAction" in statement):
        raise _malformed("A statement needs exactly one of Action and NotAction.")
    if "Resource" not in statement:
        raise _malformed("A statement needs a Resource.")
    for element in ("Action", "NotAction", "Resource"):
        if element in statement and not _words(statement[element]):
            raise _malformed(f"{element} must be a string or a list of strings.")


def _words(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(item, str) and item for item in items)


def _malformed(message: str) -> RamError:
    return RamError(400, "MalformedPolicyDocument", message)
