"""One Cloud out of many: each kind of entitlement is looked at, given and taken by its own product's adapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from approvals.errors import CloudError, Trouble
from approvals.model import Entitlement, Holding, Principal
from approvals.ports import Cloud, Sighting


class AccountRole(Cloud, Protocol):
    """An adapter whose entitlements one of the account's own roles holds."""

    def holder(self, entitlement: Entitlement) -> Principal | None: ...

    def current(self, principal: Principal) -> Principal | None: ...

    def holdings(self, principal: Principal) -> tuple[Holding, ...]: ...

    def fits(self, principal: Principal) -> bool:
        """Whether it is the role that the settings name, and as it has to be but for the entitlement itself."""
        ...


class Products:
    """Raises CloudError for a kind that nothing here knows: an older or a newer program recorded it."""

    def __init__(self, people: Mapping[str, Cloud], account: Mapping[str, AccountRole]) -> None:
        """By kind: what people hold, and what roles of the account hold."""
        self._account = dict(account)
        self._all: dict[str, Cloud] = {**people, **account}

    def observe(self, principal: Principal, entitlement: Entitlement) -> Sighting:
        return self._of(entitlement).observe(principal, entitlement)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Callable[[], None]) -> None:
        self._of(entitlement).attach(principal, entitlement, go)

    def detach(self, principal: Principal, entitlement: Entitlement, go: Callable[[], None]) -> None:
        self._of(entitlement).detach(principal, entitlement, go)

    def holder_ids(self, entitlement: Entitlement) -> frozenset[str]:
        return self._of(entitlement).holder_ids(entitlement)

    def account_role(self, entitlement: Entitlement) -> AccountRole:
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
    return CloudError(Trouble.REFUSED, code="UnknownKind", action=entitlement.kind)
