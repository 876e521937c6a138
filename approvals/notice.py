"""A notice: something that approvers, or one person, have to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approvals.ids import SlackUserId
from approvals.millis import DomainMillis

DOERS, NOBODY_REACHED = "doers", "nobody_reached"
"""In the details of a task: the Slack user ids of those who were asked first; none of them could be told."""

MORE_KEYS = "keys"
"""In the details of a notice about many things: what each is, as `Key` writes it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that approvers, or one person, have to know; `id` is random, and what its buttons carry."""

    id: str
    kind: str
    """A `NoticeKind`, or what a newer program calls one of its own; the surface has the text for each."""
    about: str
    """Whom or what it concerns: of each kind, one notice at a time is open about the same."""
    details: Mapping[str, Any]
    recipient: str | None
    """Slack user id; None is all approvers."""
    raised_at: DomainMillis
    resolved_at: DomainMillis | None = None
    outcome: str | None = None
    """Likewise a `NoticeOutcome`."""
    resolved_by: SlackUserId | None = None
    """Slack user id; None when the program itself did."""

    @property
    def open(self) -> bool:
        """Whether nobody, and nothing, has resolved it yet."""
        return self.resolved_at is None
