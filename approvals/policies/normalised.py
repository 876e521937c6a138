"""What a policy's document comes to, however it is written: one text for all documents that differ only in the order of
keys, in blanks, in whether one value stands in a list, or in the order of a list. The order of statements stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from approvals.policies.document import Statement, read_document


def normalised(document: str) -> str:
    """The document of a policy as this program keeps it and compares it: JSON that RAM would take as well.

    Raises:
        UnreadableDocument: it cannot be judged, so that nothing may be concluded from it.
    """
    return written(read_document(document))


def written(statements: Iterable[Statement]) -> str:
    """These statements as a document."""
    document = {"Statement": [_statement(each) for each in statements], "Version": "1"}
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(document: str) -> str:
    """SHA-256 of the normalised document, in hexadecimal.

    Raises:
        UnreadableDocument: as `normalised` does.
    """
    return hashlib.sha256(normalised(document).encode()).hexdigest()


def _statement(statement: Statement) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Effect": "Allow" if statement.allows else "Deny",
        "NotAction" if statement.all_but else "Action": sorted(set(statement.actions)),
        "Resource": sorted(set(statement.resources)),
    }
    conditions: dict[str, dict[str, list[str]]] = {}
    for each in statement.conditions:
        conditions.setdefault(each.operator, {})[each.key] = sorted(set(each.values))
    return {**made, "Condition": conditions} if conditions else made
