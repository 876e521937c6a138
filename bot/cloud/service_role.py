"""PAI-Rec's own role: created with one call, and never deleted from here, since PAI-Rec would stop with it.

Alibaba Cloud attaches its policies when it creates it; nobody in the account can attach others.
"""

from __future__ import annotations

from typing import Any

from alibabacloud_ram20150501 import models as ram

from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.model import Holding
from approvals.people import Principal
from approvals.ports import Go, Receipt, Sighting
from bot.cloud.errors import translated
from bot.cloud.roles import Roles
from bot.cloud.sending import receipt, write_options


class ServiceRole:
    """Every method may raise CloudError. Its principal is known by name alone: there is no id before it exists."""

    def __init__(self, ram_client: Any, roles: Roles, name: str) -> None:
        self._ram = ram_client
        self._roles = roles
        self._name = name
        self._principal = Principal(RamUserId(name), name)

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        """None: what it may do comes with it."""
        return None

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        """Whether the role exists and is the service's; one of that name that somebody made is not."""
        role = self._roles.describe(self._name)
        return Sighting(role is not None and role.service_linked)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        """CreateServiceLinkedRole. REFUSED where another role has its name."""
        request = ram.CreateServiceLinkedRoleRequest(service_name=entitlement.name)
        options = write_options(go())
        try:
            with translated("CreateServiceLinkedRole", writes=True):
                return receipt(self._ram.create_service_linked_role_with_options(request, options))
        except CloudError as error:
            if error.kind is CloudErrorKind.ALREADY_ATTACHED and not self.fits(principal):
                # A role of that name is in the way, which is not the service's.
                raise CloudError(
                    CloudErrorKind.REFUSED, code=error.code, action=error.action, request_id=error.request_id
                ) from error
            raise

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        """REFUSED, always: PAI-Rec would stop with it."""
        raise CloudError(CloudErrorKind.REFUSED, code="NotDeletedFromHere", action="DeleteServiceLinkedRole")

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        """The role itself, by its name, if it exists."""
        return frozenset({self._principal.user_id} if self.observe(self._principal, entitlement).present else ())

    def holder(self, entitlement: Entitlement) -> Principal | None:
        """The role, by its name, also before it exists."""
        return self._principal

    def current(self, principal: Principal) -> Principal | None:
        """The same principal, if it is this role; whether it exists is not asked."""
        return principal if principal.user_id == self._name else None

    def fits(self, principal: Principal) -> bool:
        """A role of that name that somebody made by hand would be in the way."""
        role = self._roles.describe(self._name)
        return role is None or role.service_linked

    def holdings(self, principal: Principal) -> tuple[Holding, ...]:
        """Nothing, since nobody can attach anything to it."""
        return ()
