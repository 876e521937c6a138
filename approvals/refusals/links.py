"""Because of what binds a Slack account to a RAM user, or does not. `subject` is a Slack user id, `ram_user` a name."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.ids import SlackUserId


@dataclass(eq=False)
class IdentityRefusal(Refusal):
    """Because of a person and the RAM user that they are, or are said to be."""

    subject: SlackUserId
    ram_user: str


class LinkStale(IdentityRefusal):
    """The request's subject is no longer linked to its RAM user."""

    reason = "link_stale"


class UserGone(IdentityRefusal):
    """The RAM user does not exist any more, or its name belongs to another one."""

    reason = "user_gone"


class AlreadyLinked(IdentityRefusal):
    """The person is linked to that RAM user already."""

    reason = "already_linked"


class ClaimAdmin(IdentityRefusal):
    """The RAM user that is claimed holds the admin policy, so that a click does not confirm who it is."""

    reason = "claim_admin"


class ClaimOfAnother(IdentityRefusal):
    """The RAM user has an e-mail address, and Slack does not show the same one for the person."""

    reason = "claim_of_another"


@dataclass(eq=False)
class ClaimDiffers(IdentityRefusal):
    """The person's e-mail address is another RAM user's than the one that is claimed."""

    reason = "claim_differs"
    match: str
    """The RAM user that has the address."""


@dataclass(eq=False)
class ClaimTaken(IdentityRefusal):
    """The RAM user is linked to another Slack account."""

    reason = "claim_taken"
    account: SlackUserId
    """The Slack user id that it is linked to."""
    elsewhere: str | None
    """The workspace of that account, where it is another one."""


@dataclass(eq=False)
class ClaimUnknown(Refusal):
    """RAM has no such user any more."""

    reason = "claim_unknown"
    ram_user: str


@dataclass(eq=False)
class ClaimMissing(Refusal):
    """Nobody said which RAM user the person is."""

    reason = "claim_missing"
    subject: SlackUserId


@dataclass(eq=False)
class EmailUnconfirmed(Refusal):
    """Slack did not confirm the person's e-mail address, so that it does not tell which RAM user they are."""

    reason = "email_unconfirmed"
    subject: SlackUserId


@dataclass(eq=False)
class EmailAmbiguous(Refusal):
    """Several RAM users have the person's e-mail address."""

    reason = "email_ambiguous"
    subject: SlackUserId
    count: int


class RequesterNotLinked(Refusal):
    """Whoever asks for more than their own access must be linked themselves."""

    reason = "requester_not_linked"
