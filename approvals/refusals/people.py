"""Because of who somebody is in Slack, or because nobody knows whom a word means."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.people import Principal


@dataclass(eq=False)
class AccountRefusal(Refusal):
    """Because of what a Slack account is, or is not."""

    subject: SlackUserId | None = None
    """Slack user id, where it is not the account of whoever acts."""


class Stranger(AccountRefusal):
    """It belongs to another workspace."""

    reason = "stranger"


class GuestAccount(AccountRefusal):
    """It is a guest's, who sees only some channels."""

    reason = "guest"


class BotAccount(AccountRefusal):
    """It is an app's."""

    reason = "bot"


class DeletedAccount(AccountRefusal):
    """It is deactivated."""

    reason = "deleted"


class NotLinked(AccountRefusal):
    """No RAM user is linked to it."""

    reason = "not_linked"


@dataclass(eq=False)
class UnknownPerson(Refusal):
    """Nobody is called so."""

    reason = "unknown_person"
    text: str


@dataclass(eq=False)
class SeveralPeople(Refusal):
    """What was typed fits more than one RAM user."""

    reason = "several_people"
    text: str
    people: tuple[Principal, ...]
