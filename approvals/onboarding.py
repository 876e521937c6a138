"""Onboarding: a RAM user that is made for somebody who has none, and what became of it. Values only.

Times are `DomainMillis`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from approvals.evidence import Holders, RamUser
from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis
from approvals.people import Person, Principal

BUNDLE = "algorithm-engineer"
"""What is asked for next where nothing else is chosen."""


class OnboardingState(StrEnum):
    """Where an onboarding stands. From `CREATING` on the worker takes it from one to the next."""

    PENDING = "pending"
    CREATING = "creating"
    """Approved; the call that makes the user may have been sent."""
    LINKING = "linking"
    """The cloud shows the user as the one that was made here."""
    ASKING = "asking"
    """The user is linked; the bundle is to be asked for."""
    DONE = "done"
    DENIED = "denied"
    CANCELLED = "cancelled"
    """Whoever asked for it, or whom it is for, withdrew it."""
    EXPIRED = "expired"
    FAILED = "failed"
    """No user was made, as far as anybody knows."""


class OnboardingProblem(StrEnum):
    """Why one failed or, of one that is done, what was left undone."""

    NAME_TAKEN = "name taken"
    """Another card asks for another name."""
    LIMIT = "limit"
    """The account has as many users as it may have."""
    NO_PERMISSION = "no permission"
    REFUSED = "refused"
    """The cloud refused with a code that proves that nothing was done."""
    UNKNOWN = "unknown"
    """Whether the user was made did not come out in time."""
    NOT_LINKED = "not linked"
    """By then the person was linked otherwise, or is no full member any more."""
    NOT_ASKED = "not asked"
    """The bundle could not be asked for."""
    NO_BUNDLE = "no bundle"
    """The catalogue has none."""


class OnboardingNews(StrEnum):
    """A direct message about an onboarding, as the ledger stores it."""

    ASKED = "asked"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NAME_TAKEN = "name taken"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class NewUser:
    """A RAM user as it is to be made."""

    name: str
    display_name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class OnboardingChanges:
    """An onboarding as an approver wants it."""

    user: NewUser
    item: str | None
    """The bundle that is asked for next."""


@dataclass(frozen=True, slots=True)
class Onboarding:
    """What somebody asked for, for whom, and what became of it."""

    public_id: str
    """32 random hex digits, which the new user's comment has as well."""
    team_id: str
    requester: SlackUserId
    requester_ram_id: RamUserId | None
    subject: SlackUserId
    user: NewUser
    domain: str
    """What stands behind the @ of the account's user principal names."""
    sso: bool | None
    """Whether users log in through the company's identity provider; None where that could not be read."""
    item: str | None
    """What is asked for next, by the catalogue's name."""
    state: OnboardingState
    created_at: DomainMillis
    expires_at: DomainMillis
    decided_at: DomainMillis | None = None
    decided_by: SlackUserId | None = None
    """Who approved, denied or withdrew it."""
    ram_user_id: RamUserId | None = None
    """Of the user that was made, as soon as the cloud has said it."""
    problem: OnboardingProblem | None = None
    error_action: str | None = None
    """The call that did not do what it was for, and how it was answered. It stands here from before it is sent until an
    answer proves that nothing was done, so that it is known of one that may still have an effect."""
    error_code: str | None = None
    error_request_id: str | None = None
    request_id: int | None = None
    """The number of the request for the bundle."""
    reason: str | None = None
    """Why it was denied."""

    @property
    def principal_name(self) -> str:
        """As IMS, and whoever logs in, calls the user."""
        return f"{self.user.name}@{self.domain}"

    @property
    def comment(self) -> str:
        """What the new user carries, so that it is known for the one that was made here."""
        return comment_of(self.public_id)

    @property
    def principal(self) -> Principal | None:
        """The user that was made; None before the cloud has said which it is."""
        return Principal(self.ram_user_id, self.user.name) if self.ram_user_id else None


def as_details(onboarding: Onboarding) -> dict[str, Any]:
    """All of it, as the notice that asks approvers keeps it."""
    return asdict(onboarding)


def of_details(details: Mapping[str, Any]) -> Onboarding:
    """What `as_details` was made of."""
    problem = details["problem"]
    return Onboarding(
        **{
            **details,
            "user": NewUser(**details["user"]),
            "state": OnboardingState(details["state"]),
            "problem": OnboardingProblem(problem) if problem else None,
        }
    )


def comment_of(public_id: str) -> str:
    """The comment of a user that is made for the onboarding of this id."""
    return f"pairec-access onboarding {public_id}"


@dataclass(frozen=True, slots=True)
class MadeUser:
    """A RAM user of some name as the cloud shows it."""

    principal: Principal
    comment: str


@dataclass(frozen=True, slots=True)
class OnboardingEvidence:
    """What was read from Slack and the cloud before an onboarding is asked for or decided on."""

    actor: Person
    subject: Person
    admins: Holders
    roster: tuple[RamUser, ...]
    domain: str
    recycled: Mapping[str, DomainMillis] = field(default_factory=dict)
    """Users in the recycle bin by name, and when they go for good."""
    sso: bool | None = None
    accounts: Mapping[SlackUserId, Person | None] = field(default_factory=dict)
    """Slack accounts of linked holders of the admin policy; None where Slack did not tell."""
