"""The words of the domain as values: people, entitlements, access requests, decisions and grants.

Everything here is immutable; the ledger makes them from rows and nobody changes them in place.
Times are `DomainMillis` or, where a name says `real`, `RealMillis`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from approvals.entitlement_kind import POLICY, ROLE_POLICY, SERVICE_ROLE, EntitlementKind, kind_named
from approvals.errors import CloudErrorKind
from approvals.ids import RamUserId, SlackUserId
from approvals.millis import DomainMillis, RealMillis

ADMIN_POLICY = "PaiRecRamAdminAccess"
"""Whoever holds this RAM policy may attach the others, and therefore decides on requests."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class RequestState(StrEnum):
    """Where a request stands. Only a pending one ever changes."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class GrantState(StrEnum):
    """Where a grant stands. `HELD`: the key was there before, so that it is not ours to take away. `VOID`: it ended
    before anything was attached. `FAILED`: it could not be attached, and may be tried again.
    """

    PLANNED = "planned"
    GRANTING = "granting"
    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"
    HELD = "held"
    FAILED = "failed"
    VOID = "void"


OPEN = (GrantState.PLANNED, GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING)
"""States in which the worker still has something to do, now or at a deadline."""

OURS = (GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING)
"""States in which the cloud may hold what this program put there."""


class EndCause(StrEnum):
    """Why a grant ends, or never came to be."""

    DEADLINE = "deadline"
    GIVEN_BACK = "given back"
    TAKEN_BACK = "taken back"
    LEFT = "left"
    REMOVED_OUTSIDE = "removed outside"
    REFUSED = "refused"


class CloseReason(StrEnum):
    """Why a request was cancelled, where nobody who asked for it did that."""

    CLAIM_LOST = "claim lost"
    """The RAM user that it claims is somebody else's."""
    OTHER_CLAIM = "other claim confirmed"
    """Its subject is another RAM user."""
    SUBJECT_REFUSED = "subject refused"
    """Its subject says that they are not that RAM user."""
    LEFT = "left"


class ClaimState(StrEnum):
    """What became of a claim: it waits with its request, an approval confirmed it, or nothing came of it."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


class Verdict(StrEnum):
    """An approver's answer to a request."""

    APPROVE = "approve"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Principal:
    """A RAM user, or one of the account's roles. The id is compared; the name is for showing and for RAM's calls."""

    user_id: RamUserId
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack account as Slack itself describes it now (users.info)."""

    team_id: str
    """The workspace that this program serves, for its members; for anybody else another one, or none."""
    user_id: SlackUserId
    email: str | None = None
    email_confirmed: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    deleted: bool = False
    other_ids: frozenset[SlackUserId] = frozenset()
    """Further Slack user ids of the same account: in an organisation it may have one in a workspace and one above."""
    id_is_current: bool = True
    """Whether Slack itself gives `user_id` as the account's id, and none of the others."""

    @property
    def ids(self) -> frozenset[SlackUserId]:
        """All Slack user ids of the account."""
        return self.other_ids | {self.user_id}


@dataclass(frozen=True, slots=True)
class Link:
    """That a Slack account and a RAM user are the same person, as somebody has confirmed."""

    team_id: str
    slack_user_id: SlackUserId
    principal: Principal
    linked_at: DomainMillis


@dataclass(frozen=True, slots=True)
class Claim:
    """The part of a request that says: this Slack person is that RAM user. Nobody confirmed it yet."""

    request_id: int
    team_id: str
    slack_user_id: SlackUserId
    principal: Principal
    state: ClaimState
    subject_said_at: DomainMillis | None = None
    """When the person themselves said so, where somebody else had claimed it for them."""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One thing that can be granted; `name` is the product's own name for it."""

    kind: EntitlementKind
    name: str
    policy_type: str | None = field(default=None, compare=False)
    """Of a RAM policy that was given: `Custom` or `System`, as it was then. None is what the catalogue means now. It is
    no part of what it is called by: whoever has one of the two has the entitlement."""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    def of_type(self, policy_type: str | None) -> Entitlement:
        """The same, where it is known which of RAM's two types it is."""
        return replace(self, policy_type=policy_type)

    @property
    def has_type(self) -> bool:
        """Whether it is a RAM policy, of which there may be two of one name."""
        return self.kind.has_type

    @property
    def of_account(self) -> bool:
        """Whether one of the account's own roles holds it, and no person."""
        return self.kind.of_account

    @property
    def irrevocable(self) -> bool:
        """Whether it cannot be taken back from here once it is there."""
        return self.kind.irrevocable

    @property
    def is_member_role(self) -> bool:
        """Whether it is a role of a member of some workspace or project."""
        return self.kind.is_member_role

    @property
    def on_roles(self) -> Entitlement | None:
        """The same policy where one of the account's own roles has it; None for what is no policy of a user's."""
        return Entitlement(self.kind.on_roles, self.name) if self.kind.on_roles else None

    @property
    def short_name(self) -> str:
        """What people know it by: a policy's name, and a member role with its product."""
        return str(self) if self.kind.needs_product_name else self.name

    @property
    def place(self) -> str:
        """Of a member role: the workspace's id or the project's name; empty for RAM's own."""
        return self.name.rpartition("/")[0]

    @property
    def whole_place(self) -> str:
        """Of a member role: the place with its product, as no other product has it."""
        return f"{self.kind}/{self.place}"

    @property
    def role(self) -> str:
        """Of a member role: its code; of anything else its name."""
        return self.name.rpartition("/")[2]

    @classmethod
    def parse(cls, text: str) -> Entitlement:
        """The entitlement in a text as `str` makes it, without its type: `policy/PaiRecEngineAccess`.

        Raises:
            ValueError: it is none.
        """
        kind, _, name = text.partition("/")
        if not kind or not name:
            raise ValueError(f"not an entitlement: {text!r}")
        return cls(kind_named(kind), name)


def policy(name: str) -> Entitlement:
    """A RAM policy attached to a RAM user."""
    return Entitlement(POLICY, name)


def role_policy(name: str) -> Entitlement:
    """A RAM policy attached to a RAM role of the account."""
    return Entitlement(ROLE_POLICY, name)


def service_role(service: str) -> Entitlement:
    """That a service's own role exists."""
    return Entitlement(SERVICE_ROLE, service)


def member_role(product: str, place: str, role: str) -> Entitlement:
    """A role of a member in a workspace or project of a product."""
    return Entitlement(kind_named(product), f"{place}/{role}")


@dataclass(frozen=True, slots=True)
class Key:
    """What the cloud can hold once, however many grants want it."""

    user_id: RamUserId
    entitlement: Entitlement

    def __str__(self) -> str:
        return f"{self.user_id}|{self.entitlement}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key in a text as `str` makes it.

        Raises:
            ValueError: it is none.
        """
        user_id, _, entitlement = text.partition("|")
        return cls(RamUserId(user_id), Entitlement.parse(entitlement))


@dataclass(frozen=True, slots=True)
class Holding:
    """Something that a subject already had when a request was made, as the cloud showed it."""

    name: str
    """A policy's name; of a member role, the whole entitlement."""
    via_group: str | None = None
    unread: bool = False
    """Whether they have it is not known: the product did not say."""


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """What somebody asked for, for whom and on what terms, and what became of it."""

    id: int
    """The short number by which people call it. A ledger that was lost or restored uses it again."""
    public_id: str
    """32 random hex digits, by which buttons and forms name it: no other request has them, in whatever ledger."""
    team_id: str
    requester: SlackUserId
    requester_ram_id: RamUserId | None
    subject: SlackUserId
    principal: Principal
    item: str
    """The catalogue's name of what was asked: a policy or a bundle."""
    entitlements: tuple[Entitlement, ...]
    duration: int | None
    """Milliseconds; None is until revoked."""
    reason: str
    ticket: str | None
    approvals_needed: int
    state: RequestState
    created_at: DomainMillis
    expires_at: DomainMillis
    closed_at: DomainMillis | None
    closed_by: SlackUserId | None
    """Slack user id of whoever closed it; None when time or the program itself did."""
    close_reason: str | None
    """What whoever denied it wrote, or a `CloseReason`."""
    ends_at: DomainMillis | None
    asked_approvers: tuple[SlackUserId, ...]
    already_holds: tuple[Holding, ...]
    version: int
    """Rises with every change; a card drawn from an older version is drawn again."""

    @property
    def ref(self) -> str:
        """What people call it: `R-1042`."""
        return request_ref(self.id)

    @property
    def of_account(self) -> bool:
        """Whether it is for one of the account's own roles: `principal` is that role then, and nobody's in person."""
        return any(entitlement.of_account for entitlement in self.entitlements)


@dataclass(frozen=True, slots=True)
class Decision:
    """One approver's verdict on a request, and what it is for. One that is not `counted` was an approval that lapsed:
    its giver may not approve any more.
    """

    request_id: int
    principal: Principal
    slack_user_id: SlackUserId
    verdict: Verdict
    reason: str | None
    at: DomainMillis
    counted: bool
    parts: tuple[Entitlement, ...] | None = None
    """What an approval is for; None is all that was asked."""
    duration: int | None = None
    """Milliseconds for which an approval is; None is as long as was asked."""


@dataclass(frozen=True, slots=True)
class Remains:
    """Through what a principal still had the key when a grant on it ended."""

    requests: tuple[int, ...] = ()
    """Other requests, which want it for longer: it was not detached for their sake."""
    groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.requests or self.groups)


@dataclass(frozen=True, slots=True)
class Grant:
    """One entitlement that an approved request gives to its principal, and how that stands in the cloud."""

    id: int
    request_id: int
    principal: Principal
    entitlement: Entitlement
    state: GrantState
    ends_at: DomainMillis | None
    active_at: DomainMillis | None
    ending_at: DomainMillis | None
    ended_at: DomainMillis | None
    end_cause: EndCause | None
    detaches: int
    """Detach calls begun. After one, a read that still shows the key proves nothing."""
    detached: bool
    """RAM confirmed a detach: done, or nothing was there."""
    missing_since_real: RealMillis | None
    """Real time at which RAM first did not show an active grant's key."""
    error_kind: CloudErrorKind | None
    """How the last call failed that did not do what it was for."""
    error_action: str | None = None
    """That call, by the cloud's name for it."""
    error_code: str | None = None
    """The cloud's own code for it."""
    error_request_id: str | None = None
    """The cloud's id of that call."""
    remains: Remains = Remains()

    @property
    def key(self) -> Key:
        """What the cloud holds for it, perhaps for other grants as well."""
        return Key(self.principal.user_id, self.entitlement)


_REF = re.compile(r"(?:[Rr]-)?(\d{1,12})", re.ASCII)


def request_ref(request_id: int) -> str:
    """What people call the request of this number: `R-1042`."""
    return f"R-{request_id}"


def parse_ref(text: str) -> int | None:
    """The number in `R-1042` (also `r-1042`, `1042`), or None when the text is no reference."""
    found = _REF.fullmatch(text.strip())
    return int(found.group(1)) if found else None


ImpliedRoles = Mapping[Entitlement, Entitlement]
NO_IMPLIED_ROLES: ImpliedRoles = MappingProxyType({})
"""No member role comes with any other."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that approvers, or one person, have to know; `id` is random, and what its buttons carry."""

    id: str
    kind: str
    """A `NoticeKind`, or what a newer program calls one of its own; the surface has the text for each."""
    about: str
    """Whom or what it concerns: of each kind, one notice at a time is open about the same."""
    details: Mapping[str, Any]
    recipient: str | None
    """Slack user id; None is all approvers."""
    raised_at: DomainMillis
    resolved_at: DomainMillis | None = None
    outcome: str | None = None
    """Likewise a `NoticeOutcome`."""
    resolved_by: SlackUserId | None = None
    """Slack user id; None when the program itself did."""

    @property
    def open(self) -> bool:
        """Whether nobody, and nothing, has resolved it yet."""
        return self.resolved_at is None
