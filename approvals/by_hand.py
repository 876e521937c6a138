"""What people give and take by hand, where no program looks: the steps, who does them, and who may say so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from approvals.entitlements import Entitlement
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind
from approvals.millis import DAY, HOUR, DomainMillis
from approvals.notice import NOBODY_REACHED, Notice

TASKS = (NoticeKind.GIVE_BY_HAND, NoticeKind.TAKE_BY_HAND)
REMINDED_AFTER_MS = HOUR
EVERYBODY_AFTER_MS = DAY
"""After that, approvers are told as well, and may do it too: whoever is named may be away, or gone."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """How something is given and taken by hand."""

    title: str
    give: tuple[str, ...]
    """The steps, a line each; so of `take`."""
    take: tuple[str, ...]
    done_by: tuple[SlackUserId, ...] = ()
    """Slack user ids of those who do it; empty is the approvers."""

    def as_details(self) -> dict[str, Any]:
        """As a task's notice keeps it: the catalogue may know nothing of it any more when it is to be taken away."""
        return {
            "title": self.title,
            "give": list(self.give),
            "take": list(self.take),
            "done_by": list(self.done_by),
        }

    @classmethod
    def of_details(cls, details: Mapping[str, Any]) -> ByHand:
        """What `as_details` made."""
        done_by = tuple(SlackUserId(str(each)) for each in details["done_by"])
        return cls(str(details["title"]), tuple(details["give"]), tuple(details["take"]), done_by)

    def doers(self, without: Collection[SlackUserId]) -> tuple[SlackUserId, ...]:
        """Who does it, of those who are named, `without` those who asked for it and who get it; nobody where that is
        the approvers' to do.
        """
        return tuple(each for each in self.done_by if each not in without)


ManualItems = Mapping[Entitlement, ByHand]


def approvers_do(task: Notice, named: Collection[SlackUserId], now: DomainMillis) -> bool:
    """Whether the approvers may do it, and are told of it: nobody else is named, none of those could be told, or none
    did it in time.
    """
    return not named or bool(task.details.get(NOBODY_REACHED)) or now - task.raised_at >= EVERYBODY_AFTER_MS


def reminders(task: Notice, now: DomainMillis) -> int:
    """How often it was to be told again by now: after an hour, and once a day."""
    waited = now - task.raised_at
    return (waited >= REMINDED_AFTER_MS) + max(waited // EVERYBODY_AFTER_MS, 0)


def next_reminder(task: Notice, now: DomainMillis) -> DomainMillis:
    """When it is told again."""
    waited = now - task.raised_at
    if waited < 0:
        # The clock was ahead.
        return now + REMINDED_AFTER_MS
    after = REMINDED_AFTER_MS if waited < REMINDED_AFTER_MS else (waited // EVERYBODY_AFTER_MS + 1) * EVERYBODY_AFTER_MS
    return DomainMillis(task.raised_at + after)
