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
class ResourcePattern:
    """What an action is to be done to: one ARN, or whatever the account has of a service."""

    arn: str | None = None
    account_id: str = ""
    """Known from the role's own ARN; a pattern that names this account covers all that the account has."""


EVERYTHING = ResourcePattern()
_UNKNOWN = "\x00"
"""In a text that a pattern is held against: some characters, or none. No name has this one in it."""
_STARS = re.compile(r"\*+")
_DONE_TO = {"sts:assumerole": ("ram", "role/")}
"""Actions on what another service has: that one's code, and how the names of it begin. Who may assume which role is
written with the roles' own ARNs (help/ram/faq-about-ram-roles-and-sts-tokens)."""
_ACCOUNT = re.compile(r"[0-9*?]+")
"""The account of an ARN, where it says one; others are empty, or a word such as `system`."""


def glob_matches(glob: str, text: str, *, folded: bool = False) -> bool:
    """In steps that are bounded by the square of the text's length, whatever the pattern: a policy is written by
    others, and this process's time is not theirs to spend.

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
    """What is unknown may be none or many, so that only a star certainly stands for it."""
    return pattern in ("?", character) and character != _UNKNOWN


def covers_action(patterns: Iterable[str], action: str, *, all_but: bool = False) -> bool:
    """Whether Action, or with `all_but` NotAction, covers one action such as `oss:GetObject`."""
    named = any(glob_matches(pattern, action, folded=True) for pattern in patterns)
    return named is not all_but


def covers_resource(patterns: Iterable[str], action: str, resource: ResourcePattern) -> Match:
    """How far any of these patterns covers what an action, such as `oss:GetObject`, is to be done to."""
    return max((_covers(pattern, action, resource) for pattern in patterns), default=Match.NO)


def _covers(pattern: str, action: str, resource: ResourcePattern) -> Match:
    if pattern == "*":
        return Match.YES
    if resource.arn is not None:
        folded = ":role/" in resource.arn.casefold()
        return Match.YES if glob_matches(pattern, resource.arn, folded=folded) else Match.NO
    code, named_like = _DONE_TO.get(action.casefold(), (action.partition(":")[0].casefold(), ""))
    everything = ":".join(("acs", code, _UNKNOWN, resource.account_id or _UNKNOWN, named_like + _UNKNOWN))
    if glob_matches(pattern, everything, folded=True):
        return Match.YES
    if _names_another_account(pattern, resource.account_id) or not _may_be_named(pattern, named_like):
        return Match.NO
    scheme, _, named = pattern.partition(":")
    if "*" in scheme:
        return Match.PARTLY
    return Match.PARTLY if glob_matches(named.partition(":")[0], code, folded=True) else Match.NO


def _names_another_account(pattern: str, account_id: str) -> bool:
    """Whether a pattern that has all five parts of an ARN is for an account that is certainly not this one."""
    parts = pattern.split(":", 4)
    if not account_id or len(parts) < 5 or not _ACCOUNT.fullmatch(parts[3]):
        return False
    return not glob_matches(parts[3], account_id)


def _may_be_named(pattern: str, named_like: str) -> bool:
    """Whether the last part of an ARN's pattern can begin like this."""
    parts = pattern.split(":", 4)
    if len(parts) < 5:
        return True
    head = re.split(r"[*?]", parts[4])[0].casefold()
    return head.startswith(named_like) or (named_like.startswith(head) and head != parts[4].casefold())
