"""What the core and the surfaces need from outside, as protocols; `bot` has the real ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from approvals.catalog.model import Item
from approvals.entitlements import Entitlement
from approvals.evidence import AskEvidence, DecisionEvidence, Holders, RamUser, RepairEvidence, Survey
from approvals.grant import Grant
from approvals.ids import RamUserId, SlackUserId
from approvals.leftovers import Leftovers
from approvals.millis import DomainMillis, RealMillis
from approvals.model import AccessRequest
from approvals.onboarding import MadeUser, NewUser, OnboardingEvidence
from approvals.people import Person, Principal
from approvals.policies.reviewed import PoliciesNow


class Clock(Protocol):
    """Domain time, real time, and a stopwatch."""

    def now(self) -> DomainMillis:
        """Domain time: milliseconds since the epoch."""
        ...

    def real(self) -> RealMillis:
        """Real time: milliseconds since the epoch."""
        ...

    def steady(self) -> int:
        """Milliseconds that pass alike whatever is done to a clock; they mean something within this process alone."""
        ...


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the cloud shows of one key."""

    present: bool
    """Attached to the user itself."""
    groups: tuple[str, ...] = ()
    """Groups through which the user has it as well."""
    member: bool = True
    """False where an attach has to make the user a member of the place first."""
    other_role: str = ""
    """In a place where a member has one role: the one that they have, where it is not for us to replace."""
    at: int | None = None
    """When the cloud was looked at, by its own clock and to the second; None where it does not say."""
    since: int | None = None
    """When it was attached, by the same clock; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The cloud's word that a write was done."""

    request_id: str | None
    """What the cloud knows the call by; None where it did not say so in so many words, and a look shows it done."""


class Go(Protocol):
    """Called right before a write, after all that has to be read first."""

    def __call__(self, replaces: str | None = None) -> str:
        """The id under which the write is in the record, and that is sent along with it in the User-Agent: nothing is
        sent without one. `replaces`: in a place where a member has one role, the one that goes by this write, to be had
        back when access ends; empty where there is none. May raise LostLock.
        """
        ...


class Cloud(Protocol):
    """The product that holds an entitlement. Every call may raise CloudError."""

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        """Which of the two types a RAM policy is of. One that was given, at some moment of domain time, is of the type
        that the principal has; None when they have neither. One that is to be given is of the type that is meant.
        """
        ...

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        """What the cloud shows of it now. `recent`: or showed at most two seconds ago, and before nothing that was
        written from here since.
        """
        ...

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        """One write."""
        ...

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        """Likewise. `leave`: a member of a place goes with the last of their roles there. `restores`: where an attach
        replaced a role of theirs, that role.
        """
        ...

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        """UserIds to which it is attached directly."""
        ...


class Policies(Protocol):
    """What the account's policies are now."""

    def begin(self, names: Collection[str]) -> Callable[[], PoliciesNow]:
        """Begin to read these; what is returned waits for them. That raises Refusal where RAM does not say it."""
        ...


class NewUsers(Protocol):
    """Where RAM users are made. Every call may raise CloudError."""

    def find(self, principal_name: str) -> MadeUser | None:
        """Who has this name now."""
        ...

    def create(self, principal_name: str, user: NewUser, comment: str, write_id: str) -> tuple[MadeUser, str | None]:
        """One write; the user as it was made, and the cloud's id of the call. Without a password and an access key."""
        ...

    def recycled(self) -> Mapping[str, DomainMillis]:
        """The names of deleted users that can be restored, and when each goes for good."""
        ...

    def taken(self) -> set[str]:
        """The names that nobody can get: of all users, and of those in the recycle bin."""
        ...


class Directory(Protocol):
    """Who people are in Slack and in RAM, read now. Raises Refusal where a side does not answer in time."""

    def person(self, slack_user_id: SlackUserId) -> Person:
        """The Slack account of that id (users.info)."""
        ...

    def recent_person(self, slack_user_id: SlackUserId) -> Person:
        """The same as Slack described it at most a minute ago: for what only shows."""
        ...

    def locale(self, slack_user_id: SlackUserId) -> str | None:
        """The language that somebody chose, as Slack said it last; None where it was never asked about them."""
        ...

    def admins(self) -> Holders:
        """Everybody who holds the admin policy, directly or through a group."""
        ...

    def own_user(self) -> Principal | None:
        """The name of the RAM user as whom this program signs; None where it is a role.

        Raises:
            Refusal: nobody says who it is.
        """
        ...

    def recent_admins(self) -> Holders:
        """The same as RAM said it at most a minute ago: for what only shows."""
        ...

    def clicker(self, actor: SlackUserId) -> tuple[Person, Holders | None]:
        """Who clicked, and who may approve, read while Slack still lets a form be opened for that click; None where RAM
        does not say it in that time.
        """
        ...

    def ask_evidence(
        self,
        requester: SlackUserId,
        subject: SlackUserId,
        principal: Principal | None,
        wanted: tuple[Entitlement, ...],
        linked: Mapping[RamUserId, SlackUserId],
        *,
        claimed: bool,
        break_glass: bool = False,
    ) -> AskEvidence:
        """For a request on these policies and member roles. `linked` are Slack user ids by RAM UserId: of those who
        hold the admin policy, the first few are looked up in Slack. `claimed`: nobody confirmed who the subject is, so
        the list of RAM users is read; without a principal, the one with the subject's e-mail address is looked at.
        `break_glass`: that is judged as well.
        """
        ...

    def foreseen_evidence(
        self,
        requester: Person,
        subject: Person,
        principal: Principal | None,
        wanted: tuple[Entitlement, ...],
        linked: Mapping[RamUserId, SlackUserId],
        within: float,
    ) -> AskEvidence:
        """The same for what only shows, as far as it is known or RAM tells it within these seconds: nothing is asked of
        Slack. `subject` may be known by no more than an id.
        """
        ...

    def repair_evidence(
        self, requester: SlackUserId, item: Item, linked: Mapping[RamUserId, SlackUserId]
    ) -> RepairEvidence:
        """For a request on one of the account's own roles; `linked` as for `ask_evidence`."""
        ...

    def onboarding_evidence(
        self, actor: SlackUserId, subject: SlackUserId, linked: Mapping[RamUserId, SlackUserId]
    ) -> OnboardingEvidence:
        """For a RAM user that somebody is to get; `linked` as for `ask_evidence`."""
        ...

    def leftovers(self, user: Principal) -> Leftovers:
        """What hangs on a RAM user; what cannot be read is named in it."""
        ...

    def decision_evidence(
        self,
        actor: SlackUserId,
        request: AccessRequest,
        approvers: Collection[SlackUserId],
        *,
        claimed: bool,
        giving: bool = False,
    ) -> DecisionEvidence:
        """For a click on a request. `approvers` are the Slack user ids of those who approved it before; `claimed` as
        for `ask_evidence`.
        """
        ...

    def known_places(self) -> Mapping[str, Mapping[str, str]]:
        """By product: the workspaces or projects that exist, by id, with its own name for each; from a list at most
        60 s old. A product that did not list them is left out. Never waits for one.
        """
        ...

    def known_users(self, within: float = 0.0) -> tuple[RamUser, ...] | None:
        """All RAM users from a list at most 60 s old; None when there is none, and none comes within these seconds: it
        is read while somebody wants it. Without them it waits for nothing.
        """
        ...


class Inventory(Protocol):
    """Who has what, read now from every product that has something to say. What does not answer is named in what is
    returned; nothing is raised for it. `believed` are grants that should be there: each is looked for.
    """

    def of_user(self, user: Principal, believed: Sequence[Grant]) -> Survey:
        """What a RAM user has of the catalogue's policies, and all their roles in the places that it names."""
        ...

    def of(self, wanted: Collection[Entitlement], believed: Sequence[Grant]) -> Survey:
        """Everybody who has one of these, the account's own roles among them."""
        ...

    def of_everybody(self, believed: Sequence[Grant]) -> Survey:
        """Everybody who has anything of the catalogue, and which RAM users there are."""
        ...
