"""Does a pattern of a policy cover what is asked about: yes, no, or only a part of it.

`*` stands for any number of characters and `?` for exactly one, anywhere in an action or a resource, `/` and `:` not
excepted. Actions are compared without regard to case, and so are the ARNs of roles, which RAM itself writes in lower
case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Match(IntEnum):
    """In this order, so that the best of several is their maximum and the worst their minimum."""

    NO = 0
    PARTLY = 1
    """On some resources, or under some conditions."""
    YES = 2


@dataclass(frozen=True, slots=True)
class Resource:
    """What an action is to be done to: one ARN, or whatever the account has of a service."""

    arn: str | None = None
    account_id: str = ""
    """Known from the role's own ARN; a pattern that names this account covers all that the account has."""


EVERYTHING = Resource()
_NOT_IN_ANY_NAME = "\x00"
_STARS = re.compile(r"\*+")


def glob_matches(glob: str, text: str, *, folded: bool = False) -> bool:
    """In steps that are bounded by the square of the text's length, whatever the pattern: a policy is written by
    others, and no more than this process's time is theirs to spend.

    Of several stars only the last one passed is ever tried with more characters, since an earlier one could gain
    nothing by it.
    """
    if folded:
        glob, text = glob.lower(), text.lower()
    if len(glob) - glob.count("*") > len(text):
        return False
    glob = _STARS.sub("*", glob)
    at = place = 0
    star, resume = -1, 0
    while place < len(text):
        if at < len(glob) and glob[at] == "*":
            star, resume = at, place
            at += 1
        elif at < len(glob) and _is_one(glob[at], text[place]):
            at += 1
            place += 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return glob[at:] in ("", "*")


def _is_one(pattern: str, character: str) -> bool:
    return pattern in ("?", character)


def covers_action(patterns: Iterable[str], action: str, *, all_but: bool = False) -> bool:
    """Whether Action, or with `all_but` NotAction, covers one action such as `oss:GetObject`."""
    named = any(glob_matches(pattern, action, folded=True) for pattern in patterns)
    return named is not all_but


def covers_resource(patterns: Iterable[str], action: str, resource: Resource) -> Match:
    return max((_covers(pattern, action, resource) for pattern in patterns), default=Match.NO)


def _covers(pattern: str, action: str, resource: Resource) -> Match:
    if pattern == "*":
        return Match.YES
    if resource.arn is not None:
        folded = ":role/" in resource.arn.casefold()
        return Match.YES if glob_matches(pattern, resource.arn, folded=folded) else Match.NO
    code = action.partition(":")[0].casefold()
    # Only wildcards match a character that no name has, so such an ARN stands for all of a service's.
    rest = ":".join((_NOT_IN_ANY_NAME, resource.account_id or _NOT_IN_ANY_NAME, _NOT_IN_ANY_NAME))
    if glob_matches(pattern, f"acs:{code}:{rest}", folded=True):
        return Match.YES
    scheme, _, named = pattern.partition(":")
    if "*" in scheme:
        return Match.PARTLY
    return Match.PARTLY if glob_matches(named.partition(":")[0], code, folded=True) else Match.NO
