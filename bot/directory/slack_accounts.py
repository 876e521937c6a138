"""Slack accounts as Slack describes them now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from approvals import rules
from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.millis import MINUTE
from approvals.people import Person
from approvals.refusals.people import UnknownPerson
from approvals.refusals.service import SlackSilent
from bot.slack.error_kinds import SlackErrorKind
from bot.slack.errors import SLACK_FAILURES, failure_of
from bot.slack.membership import Installation, installation_of, person_of

RECENT_MS = MINUTE
"""Milliseconds of steady time for which what Slack said of somebody will do where nothing is decided by it."""
MAX_KEPT = 10_000
"""Accounts, before all are forgotten."""


class SlackAccounts:
    """Safe to share between threads."""

    def __init__(self, slack: WebClient, seen: Callable[[Person], None], steady: Callable[[], int]) -> None:
        """`seen` is told of every account that Slack described. `steady`: milliseconds of a clock that nobody sets."""
        self._slack = slack
        self._seen = seen
        self._steady = steady
        self._described: dict[SlackUserId, tuple[Person, int]] = {}
        self._installation: Installation | None = None
        """As Slack said it last."""

    def person(self, slack_user_id: SlackUserId) -> Person:
        """An account as Slack describes it now, under the id that was asked for.

        Raises:
            Refusal: Slack knows nobody of that id, or does not answer.
        """
        asked_at = self._steady()
        try:
            found = self._read(self._slack.users_info(user=slack_user_id, include_locale=True), slack_user_id)
        except (*SLACK_FAILURES, KeyError) as error:
            if failure_of(error).kind is SlackErrorKind.NO_SUCH_USER:
                raise UnknownPerson(text=slack_user_id) from None
            raise SlackSilent() from error
        if len(self._described) >= MAX_KEPT:
            self._described.clear()
        self._described[slack_user_id] = found, asked_at
        self._seen(found)
        return found

    def recent(self, slack_user_id: SlackUserId) -> Person:
        """The same, as Slack described it at most a minute ago: for what only shows.
        Whoever would be refused by that is looked at anew.

        Raises:
            Refusal: as `person`.
        """
        found, at = self._described.get(slack_user_id, (None, 0))
        ours = self._installation
        if found and ours and self._steady() - at < RECENT_MS and rules.is_full_member(found, ours.team_id):
            return found
        return self.person(slack_user_id)

    def locale(self, slack_user_id: SlackUserId) -> str | None:
        """The language that somebody chose, as Slack said it last, however long ago: nothing is asked for it alone.
        None where Slack never described them.
        """
        found = self._described.get(slack_user_id)
        return found[0].locale if found else None

    def lookup(self, slack_user_id: SlackUserId, *, recent: bool = False) -> Person | None:
        """The same for one that a request can do without: None where Slack does not tell. An account that Slack does
        not know is a stranger's. `recent`: what Slack said at most a minute ago will do.
        """
        try:
            return self.recent(slack_user_id) if recent else self.person(slack_user_id)
        except UnknownPerson:
            return Person("", slack_user_id)
        except Refusal:
            return None

    def _read(self, answer: SlackResponse, slack_user_id: SlackUserId) -> Person:
        """The account that an answer of `users.info` is about, as seen from the workspace that this program serves.

        Raises:
            KeyError: the answer does not describe that account, or Slack does not say which workspace this is.
            SlackApiError: likewise.
        """
        installation = self._installation
        if installation:
            with suppress(KeyError):
                found = person_of(answer, installation, slack_user_id)
                if found.team_id == installation.team_id:
                    return found
        # Before somebody is called a stranger: the workspace may have joined an organisation meanwhile.
        self._installation = installation = installation_of(self._slack.auth_test())
        return person_of(answer, installation, slack_user_id)
