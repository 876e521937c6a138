"""One Cloud out of many: each kind of entitlement is looked at, given and taken by its own product's adapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from approvals.entitlement_kind import EntitlementKind, kind_named
from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.model import Holding
from approvals.people import Principal
from approvals.ports import Cloud, Go, Receipt, Sighting
from bot.cloud.member_roles import MemberRoles


class AccountRole(Cloud, Protocol):
    """An adapter whose entitlements one of the account's own roles holds."""

    def holder(self, entitlement: Entitlement) -> Principal | None:
        """The role that would hold it, as RAM has it now; None when there is no such role."""
        ...

    def current(self, principal: Principal) -> Principal | None:
        """The role of this id, if it still has its name; None when it is gone."""
        ...

    def holdings(self, principal: Principal) -> tuple[Holding, ...]:
        """What is attached to the role."""
        ...

    def fits(self, principal: Principal) -> bool:
        """Whether it is the role that the settings name, and as it has to be but for the entitlement itself."""
        ...


class CloudProducts:
    """Raises CloudError for a kind that nothing here knows: an older or a newer program recorded it."""

    def __init__(
        self,
        people: Mapping[EntitlementKind, Cloud],
        account: Mapping[EntitlementKind, AccountRole],
        members: Mapping[str, MemberRoles],
    ) -> None:
        """Each kind belongs to one adapter.

        Args:
            people: by kind, what people hold.
            account: by kind, what the account's own roles hold.
            members: by product, the roles that people have as members.
        """
        self._account = dict(account)
        self.members = dict(members)
        of_members = {kind_named(product): roles for product, roles in members.items()}
        self._all: dict[EntitlementKind, Cloud] = {**people, **account, **of_members}

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        """As the adapter of the entitlement's kind says it."""
        return self._of(entitlement).type_of(principal, entitlement, given_at)

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        """As the adapter of the entitlement's kind sees it."""
        return self._of(entitlement).observe(principal, entitlement, recent=recent)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        """One write by the adapter of the entitlement's kind."""
        return self._of(entitlement).attach(principal, entitlement, go)

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        """One write by the adapter of the entitlement's kind."""
        return self._of(entitlement).detach(principal, entitlement, go, leave=leave, restores=restores)

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        """As the adapter of the entitlement's kind lists them."""
        return self._of(entitlement).holder_ids(entitlement)

    def account_role(self, entitlement: Entitlement) -> AccountRole:
        """The adapter of what one of the account's own roles holds. CloudError for what people hold."""
        found = self._account.get(entitlement.kind)
        if found is None:
            raise _unknown(entitlement)
        return found

    def _of(self, entitlement: Entitlement) -> Cloud:
        found = self._all.get(entitlement.kind)
        if found is None:
            raise _unknown(entitlement)
        return found


def _unknown(entitlement: Entitlement) -> CloudError:
    return CloudError(CloudErrorKind.REFUSED, code="UnknownKind", action=entitlement.kind.name)
