"""Who is in the Slack user groups that the catalogue has on call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from slack_sdk import WebClient

from approvals.catalog.model import Catalog
from approvals.ids import SlackUserId
from approvals.people import Person
from approvals.refusals.service import SlackSilent
from bot.directory.parallel_reads import Reads
from bot.directory.slack_accounts import RECENT_MS
from bot.slack.errors import SLACK_FAILURES, failure_of

log = logging.getLogger(__name__)
Members = frozenset[SlackUserId]


class OnCallGroups:
    """Asks Slack only where a standing rule does. Safe to share between threads."""

    def __init__(self, slack: WebClient, catalog: Catalog, steady: Callable[[], int]) -> None:
        """`steady`: milliseconds of a clock that nobody sets."""
        self._slack = slack
        self._groups = catalog.on_call if catalog.rules.of_on_call else {}
        self._steady = steady
        self._read: dict[str, tuple[Members, int]] = {}

    def submit(self, reads: Reads, *, recent: bool = False) -> Mapping[str, Future[Members]]:
        """Begin to read who is in each of them. `recent`: what Slack said at most a minute ago will do."""
        read = self._recent if recent else self._members
        return {name: reads.submit(read, group) for name, group in self._groups.items()}

    def of(self, reads: Reads, begun: Mapping[str, Future[Members]], person: Person) -> tuple[str, ...] | None:
        """The names of those that this person is in. None where Slack does not say who is in one of them."""
        found = {name: reads.wait_or_none(members) for name, members in begun.items()}
        if None in found.values():
            return None
        return tuple(name for name, members in found.items() if members and not members.isdisjoint(person.ids))

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
