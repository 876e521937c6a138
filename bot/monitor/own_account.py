"""Sees to it that a ledger is worked with by keys of one account, and by the token of one workspace."""

from __future__ import annotations

import logging

from approvals.errors import CloudError, CloudErrorKind
from approvals.ledger import Ledger, identity
from approvals.millis import DomainMillis
from approvals.operations import belonging
from approvals.ports import Clock
from bot.cloud.account import OwnAccount
from bot.cloud.credential_errors import ForeignAccount
from bot.cloud.errors import translated
from bot.cloud.ram import Ram
from bot.conditions import Conditions
from bot.settings import SettingsError

log = logging.getLogger(__name__)

CONDITION = "account"
ADOPT = "pairec-access ledger adopt"


def bind_account(account: str, ledger: Ledger, clock: Clock, unchecked: Ram) -> str:
    """The account that a ledger belongs to which did not know it: this one, the first of which it has a key. One that
    knows people takes none for its own in which nobody of them is. `unchecked` is RAM as that key sees it.

    Raises:
        CloudError: RAM does not say who there is.
        ForeignAccount: it cannot be that one.
    """
    known = belonging.known_users(ledger)
    if known and known.isdisjoint(user.principal.user_id for user in unchecked.users.roster()):
        raise ForeignAccount(None, account)
    return belonging.remember_owner(ledger, identity.ACCOUNT, account, clock.now())


class AccountWatch:
    """Has people know where the key is another account's."""

    def __init__(self, ledger: Ledger, clock: Clock, account: OwnAccount, conditions: Conditions) -> None:
        self._ledger = ledger
        self._clock = clock
        self._account = account
        self._conditions = conditions

    def check(self) -> None:
        """At the start. Where nobody says whose the key is, nothing is done with it, and it is asked again.

        Raises:
            SettingsError: the key is another account's than the ledger.
        """
        try:
            self.ask()
        except CloudError as error:
            if error.kind is CloudErrorKind.WRONG_ACCOUNT and isinstance(error.__cause__, ForeignAccount):
                raise SettingsError(_refused(error.__cause__)) from None
        else:
            belonging.resolve_wrong_account(self._ledger, self._clock.now())
        self._account.changed = self._changed

    def ask(self) -> None:
        """Whose is the key?

        Raises:
            CloudError: another account's, or nobody says.
        """
        with translated("GetCallerIdentity", "sts"):
            self._account.get_credential()

    def _changed(self, foreign: ForeignAccount | None) -> None:
        try:
            if foreign is None:
                self._conditions.clear(CONDITION)
                belonging.resolve_wrong_account(self._ledger, self._clock.now())
            else:
                self._conditions.report(CONDITION, f"{foreign}: nothing is given, taken back or concluded")
                belonging.raise_wrong_account(self._ledger, foreign.ours, foreign.theirs, self._clock.now())
        except self._ledger.engine_errors:
            log.exception("the ledger does not take whose account the key is")


def check_team(ledger: Ledger, team_id: str, now: DomainMillis) -> None:
    """At the start: refuse the token of another workspace than the ledger's. A ledger that knows nobody takes this one
    for its own.

    Raises:
        SettingsError: the token is another workspace's than the ledger.
    """
    ours = belonging.owner(ledger, identity.TEAM)
    if ours is None:
        teams = belonging.known_teams(ledger)
        known = not teams or team_id in teams
        ours = belonging.remember_owner(ledger, identity.TEAM, team_id, now) if known else min(teams)
    if ours != team_id:
        raise SettingsError(
            f"SLACK_BOT_TOKEN: it belongs to the Slack workspace {team_id}, and the ledger to {ours}. Give the bot a"
            f" token of {ours}; or, if everybody is in {team_id} now, run `pairec-access links --team {ours} --to"
            f" {team_id}`, or `{ADOPT} --team {team_id}` if nobody is to come along"
        )


def _refused(foreign: ForeignAccount) -> str:
    adopt = f"if the ledger is to be that account's from now on, run `{ADOPT} --account {foreign.theirs}`"
    if foreign.ours is None:
        return (
            f"ALIBABA_CLOUD_ACCESS_KEY_ID: the key belongs to account {foreign.theirs}, in which RAM has nobody whom"
            f" the ledger knows. Give the bot a key of the right account; {adopt}"
        )
    return (
        f"ALIBABA_CLOUD_ACCESS_KEY_ID: the key belongs to account {foreign.theirs}, and the ledger to {foreign.ours}."
        f" Give the bot a key of {foreign.ours}, or another ledger; {adopt}"
    )
