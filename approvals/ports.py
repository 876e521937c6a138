"""What the core and the surfaces need from outside, as protocols; `bot` has the real ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from approvals.catalog import Item
from approvals.evidence import AskEvidence, DecisionEvidence, Holders, MendEvidence, RamUser
from approvals.model import AccessRequest, Entitlement, Person, Principal


class Clock(Protocol):
    def now(self) -> int:
        """Domain time: milliseconds since the epoch."""
        ...

    def real(self) -> int:
        """Real time: milliseconds since the epoch."""
        ...


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the cloud shows of one key."""

    present: bool
    """Attached to the user itself."""
    groups: tuple[str, ...] = ()
    """Groups through which the user has it as well."""


class Cloud(Protocol):
    """The product that holds an entitlement. Every call may raise CloudError."""

    def observe(self, principal: Principal, entitlement: Entitlement) -> Sighting: ...

    def attach(self, principal: Principal, entitlement: Entitlement, go: Callable[[], None]) -> None:
        """One write. `go` is called right before it, after all that has to be read first, and may raise LostLock."""
        ...

    def detach(self, principal: Principal, entitlement: Entitlement, go: Callable[[], None]) -> None:
        """Likewise."""
        ...

    def holder_ids(self, entitlement: Entitlement) -> frozenset[str]:
        """UserIds to which it is attached directly."""
        ...


class Directory(Protocol):
    """Who people are in Slack and in RAM, read now. Raises Refusal where a side does not answer in time."""

    def person(self, slack_user_id: str) -> Person: ...

    def admins(self) -> Holders: ...

    def clicker(self, actor: str) -> tuple[Person, Holders | None]:
        """Who clicked, and who may approve, read while Slack still lets a form be opened for that click; None where RAM
        does not say it in that time."""
        ...

    def ask_evidence(
        self,
        requester: str,
        subject: str,
        principal: Principal | None,
        names: tuple[str, ...],
        linked: Mapping[str, str],
        *,
        claimed: bool,
    ) -> AskEvidence:
        """For a request on these policies. `linked` are Slack user ids by RAM UserId: of those who hold the admin
        policy, the first few are looked up in Slack. `claimed`: nobody confirmed who the subject is, so the list of
        RAM users is read; without a principal, the one that has the subject's e-mail address is looked at."""
        ...

    def mend_evidence(self, requester: str, item: Item, linked: Mapping[str, str]) -> MendEvidence:
        """For a request on one of the account's own roles; `linked` as for `ask_evidence`."""
        ...

    def decision_evidence(self, actor: str, request: AccessRequest, *, claimed: bool) -> DecisionEvidence: ...

    def known_users(self) -> tuple[RamUser, ...] | None:
        """All RAM users from a list at most 60 s old; None when there is none. Never waits for RAM."""
        ...
