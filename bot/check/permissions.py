"""What a part of the bot's own policy allows, judged by other texts: those that the bot's identity really has."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import Statement
from approvals.policies.matching import EVERYTHING, ResourcePattern
from approvals.policies.ruling import PolicyVerdict, Ruling, rule

SOMEBODY = "somebody"
ABSENT = frozenset({"acs:MFAPresent"})
"""Of a call that is signed with an access key."""


@dataclass(frozen=True, slots=True)
class NeededAction:
    """One action on one resource."""

    name: str
    """`ram:GetUser`"""
    resource: ResourcePattern
    values: tuple[tuple[str, str], ...] = ()
    """What the call carries, by condition key."""


def needed_actions(part: str, account_id: str, policies: Iterable[str]) -> Iterator[NeededAction]:
    """All that the text of a part allows. `policies`: ARNs of those that the catalogue offers, for patterns of
    policies.
    """
    known = tuple(policies)
    for statement in json.loads(part)["Statement"]:
        values = tuple(
            (key, _listed(value)[0]) for keys in statement.get("Condition", {}).values() for key, value in keys.items()
        )
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                for place in _places(resource, account_id, known):
                    yield NeededAction(action, place, values)


def judged(needed: NeededAction, statements: Sequence[Statement]) -> Ruling:
    """What these statements say of it, now."""
    now = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {"acs:CurrentTime": now, "acs:SecureTransport": "true", **dict(needed.values)}
    return rule(needed.name, statements, EvaluationContext(values, ABSENT), needed.resource)


def lacking(needed: Iterable[NeededAction], statements: Sequence[Statement]) -> dict[str, str]:
    """Actions that are not allowed, each with why in a word or two."""
    found: dict[str, str] = {}
    for each in needed:
        ruling = judged(each, statements)
        if ruling.verdict is not PolicyVerdict.GRANTED:
            found.setdefault(each.name, ruling.verdict.value if not ruling.limits else f"only if {ruling.limits[0]}")
    return found


def _places(resource: str, account_id: str, policies: Sequence[str]) -> Iterator[ResourcePattern]:
    if resource == "*":
        yield ResourcePattern(account_id=account_id) if account_id else EVERYTHING
        return
    if ":policy/" in resource:
        for arn in policies:
            if fnmatchcase(arn, resource):
                yield ResourcePattern(arn, account_id)
        return
    scheme, service, region, account, name = resource.split(":", 4)
    arn = ":".join((scheme, service, region, account_id if account == "*" else account, name.replace("*", SOMEBODY)))
    yield ResourcePattern(arn, account_id)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
