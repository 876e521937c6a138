"""Because somebody cannot get a RAM user from here, or not like this. `subject` is a Slack user id."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.errors import Refusal
from approvals.ids import SlackUserId


@dataclass(eq=False)
class UsersProvided(Refusal):
    """Another directory makes the account's users, so that none is made here."""

    reason = "users_provided"
    how: str
    """SCIM or CloudSSO."""
    subject: SlackUserId


@dataclass(eq=False)
class HasRamUser(Refusal):
    """A RAM user has the person's e-mail address."""

    reason = "has_ram_user"
    subject: SlackUserId
    ram_user: str


@dataclass(eq=False)
class NameNeeded(Refusal):
    """There is no e-mail address to make a name of."""

    reason = "name_needed"
    subject: SlackUserId


@dataclass(eq=False)
class BadUserName(Refusal):
    """It cannot be a RAM user's name."""

    reason = "bad_user_name"
    name: str
    count: int


@dataclass(eq=False)
class LoginNameTooLong(Refusal):
    """With the account's domain behind it, the name is longer than the cloud takes."""

    reason = "login_name_too_long"
    login: str
    count: int


@dataclass(eq=False)
class BadDisplayName(Refusal):
    """It cannot be a RAM user's display name."""

    reason = "bad_display_name"
    count: int


@dataclass(eq=False)
class BadEmail(Refusal):
    """It is no e-mail address."""

    reason = "bad_email"
    text: str


@dataclass(eq=False)
class NameTaken(Refusal):
    """A RAM user has that name."""

    reason = "name_taken"
    name: str
    free: str
    """The next one that is not taken."""


@dataclass(eq=False)
class NameRecycled(Refusal):
    """A deleted RAM user in the recycle bin has that name."""

    reason = "name_recycled"
    name: str
    free: str
    until: int
    """When it goes for good, in milliseconds."""


@dataclass(eq=False)
class UserLimit(Refusal):
    """The account has as many RAM users as it may have."""

    reason = "user_limit"
    count: int


@dataclass(eq=False)
class NoBundle(Refusal):
    """Something else than a bundle was to be asked for next."""

    reason = "no_bundle"
    item: str
    bundles: tuple[str, ...]


@dataclass(eq=False)
class SeveralBundles(Refusal):
    """More than one was to be asked for next."""

    reason = "several_bundles"
    bundles: tuple[str, ...]


@dataclass(eq=False)
class OnboardingPending(Refusal):
    """Somebody asked for the same person's onboarding already."""

    reason = "onboarding_pending"
    subject: SlackUserId


@dataclass(eq=False)
class OnboardingDecided(Refusal):
    """It does not wait for a decision any more."""

    reason = "onboarding_decided"
    subject: SlackUserId


@dataclass(eq=False)
class NoOnboarding(Refusal):
    """Nobody asked for it, or it is over."""

    reason = "no_onboarding"
    subject: SlackUserId


@dataclass(eq=False)
class NotYourOnboarding(Refusal):
    """Whoever wants to withdraw it neither asked for it nor gets the RAM user."""

    reason = "not_your_onboarding"
    subject: SlackUserId


@dataclass(eq=False)
class OwnOnboarding(Refusal):
    """Nobody decides on an onboarding that they asked for, or that is their own."""

    reason = "own_onboarding"
    subject: SlackUserId
