"""Who is in the Slack user groups that the catalogue has on call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from slack_sdk import WebClient

from approvals.catalog.model import Catalog
from approvals.ids import SlackUserId
from approvals.on_call import OnCall
from approvals.people import Person
from approvals.refusals.service import SlackSilent
from bot.directory.parallel_reads import Reads
from bot.directory.slack_accounts import RECENT_MS
from bot.slack.errors import SLACK_FAILURES, failure_of

log = logging.getLogger(__name__)
Members = frozenset[SlackUserId]


class OnCallGroups:
    """Asks Slack only where a standing rule or break-glass goes by it. Safe to share between threads."""

    def __init__(self, slack: WebClient, catalog: Catalog, steady: Callable[[], int]) -> None:
        """`steady`: milliseconds of a clock that nobody sets."""
        self._slack = slack
        self._catalog = catalog
        self._steady = steady
        self._read: dict[str, tuple[Members, int]] = {}

    def submit(self, reads: Reads, *, recent: bool = False, break_glass: bool = False) -> Mapping[str, Future[Members]]:
        """Begin to read who is in each of them. `recent`: what Slack said at most a minute ago will do. `break_glass`:
        also those by which that is given.
        """
        read = self._recent if recent else self._members
        asked = self._catalog.asked_on_call(break_glass=break_glass)
        return {name: reads.submit(read, group) for name, group in asked.items()}

    def of(self, reads: Reads, begun: Mapping[str, Future[Members]], *people: Person) -> tuple[OnCall, ...]:
        """What each of these people is on call for."""
        found = {name: reads.wait_or_none(members) for name, members in begun.items()}
        unread = tuple(name for name, members in found.items() if members is None)
        return tuple(OnCall(_with(person, found), unread) for person in people)

    def _recent(self, group: str) -> Members:
        members, at = self._read.get(group, (frozenset(), 0))
        return members if group in self._read and self._steady() - at < RECENT_MS else self._members(group)

    def _members(self, group: str) -> Members:
        """Those who are in it. One that was disabled has none: Slack does not know it then.

        Raises:
            Refusal: SlackSilent.
        """
        asked_at = self._steady()
        try:
            users = self._slack.usergroups_users_list(usergroup=group)["users"]
            if not isinstance(users, list):
                raise KeyError("users")
        except (*SLACK_FAILURES, KeyError) as error:
            log.warning("Slack does not say who is on call", extra={"group": group, "error": failure_of(error).code})
            raise SlackSilent() from error
        members = frozenset(SlackUserId(str(user)) for user in users)
        self._read[group] = members, asked_at
        return members


def _with(person: Person, found: Mapping[str, Members | None]) -> tuple[str, ...]:
    return tuple(name for name, members in found.items() if members and not members.isdisjoint(person.ids))
