"""What stands in the cloud, or in the record, and no request accounts for: row by row, for approvers to go through."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from approvals.entitlements import Entitlement, Key
from approvals.ids import RamUserId, SlackUserId
from approvals.millis import HOUR, DomainMillis
from approvals.people import Principal

SAME_DATE_MS = HOUR
"""Two readings of a date that are no further apart are of the same date: clocks differ by less."""


class DriftKind(StrEnum):
    """Why a row is there; the ledger stores the value, and a report prints it. In the order in which rows are shown."""

    LEFT = "left"
    """Given outside of this program to somebody whose Slack account is gone."""
    ADMIN_GROUP = "admin by group"
    """Somebody is an administrator through a group."""
    UNFIT = "unfit"
    """Given here, and the catalogue would not give it any more."""
    OUTSIDE = "outside"
    """Given outside of this program, without an end."""
    LINK = "link"
    """A Slack account that is gone is linked to a RAM user."""


class Barred(StrEnum):
    """Why nothing can be done about a row from here, but to accept it."""

    GROUP = "group"
    """It comes through a group."""
    COMES_WITH = "comes with"
    """A product gives it along with another role, which they have."""
    NAMELESS = "nameless"
    """The product does not say whose it is."""
    FEW_ADMINS = "few admins"
    """It is the admin policy, and besides them there are no two who may approve."""


class DriftAction(StrEnum):
    """What an approver may ask for, and another one approves."""

    ADOPT = "adopt"
    """It becomes a grant with an end."""
    REVOKE = "revoke"


class Unfit(StrEnum):
    """What the catalogue would not give any more."""

    GONE = "gone"
    """It is not in the catalogue."""
    ENDLESS = "endless"
    """It runs until revoked."""
    LONGER = "longer"
    """It runs on for longer than the longest that may be asked for."""


class Giver(NamedTuple):
    """Who gave something, by the cloud's own record."""

    name: str
    """Empty where the record was asked and does not say it."""
    ram_user_id: str
    """Or whatever else it knows them by who are no RAM user."""


@dataclass(frozen=True, slots=True)
class DriftRow:
    """One thing that is so. `about` tells it from every other one."""

    kind: DriftKind
    principal: Principal
    entitlement: Entitlement | None = None
    """None of a link."""
    via_group: str | None = None
    since: DomainMillis | None = None
    """When RAM says that it was attached; of a grant, when it became active; None where nobody says it."""
    account: SlackUserId | None = None
    """Slack user id of whoever is linked to that RAM user."""
    known_by: SlackUserId | None = None
    """Slack user id of the approver who said before that it may stay, or confirmed them as approver."""
    request_id: int | None = None
    grant_id: int | None = None
    unfit: Unfit | None = None
    barred: Barred | None = None
    giver: Giver | None = None
    """None where the cloud's own record was not asked yet."""

    @property
    def about(self) -> str:
        """Whom and what it is about."""
        if self.kind is DriftKind.LINK:
            return f"link|{self.account}|{self.principal.user_id}"
        if self.grant_id is not None:
            return f"grant|{self.grant_id}"
        who = self.principal.user_id or self.principal.name
        return f"{who}|{self.entitlement}" + (f"|{self.via_group}" if self.via_group else "")

    @property
    def key(self) -> Key | None:
        """What could be adopted or revoked; None where nothing can."""
        if self.entitlement is None or self.grant_id is not None or self.barred is not None:
            return None
        return Key(self.principal.user_id, self.entitlement)

    @property
    def mark(self) -> str:
        """Another one once it is not the same any more; who is linked, and what they are called, does not matter."""
        told = [self.kind.value, self.about, self.unfit, self.barred]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    def is_as(self, other: DriftRow) -> bool:
        """Whether it is what that one said, to whoever decided on that."""
        if self.mark != other.mark:
            return False
        if self.since is None or other.since is None:
            # Since when it comes through a group was not kept before.
            return self.since == other.since or self.via_group is not None
        return abs(self.since - other.since) <= SAME_DATE_MS

    def as_details(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "kind": self.kind.value,
            "ram_user": self.principal.name,
            "ram_user_id": self.principal.user_id,
            "what": None if self.entitlement is None else str(self.entitlement),
            "via_group": self.via_group,
            "since": self.since,
            "account": self.account,
            "known_by": self.known_by,
            "request": self.request_id,
            "grant": self.grant_id,
            "unfit": self.unfit,
            "barred": self.barred,
            "giver": None if self.giver is None else list(self.giver),
        }

    @classmethod
    def of_details(cls, details: dict[str, Any]) -> DriftRow:
        """The row of which `as_details` made this."""
        return cls(
            DriftKind(details["kind"]),
            Principal(RamUserId(details["ram_user_id"]), details["ram_user"]),
            Entitlement.parse(details["what"]) if details["what"] else None,
            details["via_group"],
            details["since"],
            details["account"],
            details["known_by"],
            details["request"],
            details["grant"],
            Unfit(details["unfit"]) if details["unfit"] else None,
            Barred(details["barred"]) if details["barred"] else None,
            # A row that was kept before has none.
            Giver(*details["giver"]) if details.get("giver") else None,
        )


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An approver's word that a row may stay as it is for a while."""

    until: DomainMillis
    by: SlackUserId
    reason: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row as the ledger keeps it; `id` is random, and what its buttons carry."""

    id: str
    row: DriftRow
    found_at: DomainMillis
    told: bool
    """Whether approvers were told of it as it is."""
    acceptance: Acceptance | None = None

    def is_quiet(self, now: DomainMillis) -> bool:
        """Whether somebody accepted it, until later."""
        return self.acceptance is not None and self.acceptance.until > now
