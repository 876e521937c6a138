"""A product's member roles as the worker sees them: looked at, given and taken like any other entitlement."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping

from approvals.entitlements import Entitlement
from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.people import Principal
from approvals.ports import Go, Receipt, Sighting
from bot.cloud.members import MemberProduct, PlaceMembership
from bot.cloud.ram import Ram

NOTHING_THERE = (CloudErrorKind.NO_PLACE, CloudErrorKind.NO_SUCH_ROLE)


class MemberRoles:
    """Every method may raise CloudError; safe to share between threads."""

    def __init__(self, connect: Callable[[], MemberProduct], ram: Ram) -> None:
        """`connect` loads the product's SDK, which takes a while and may not be there; it is called when first used."""
        self._connect = connect
        self._ram = ram
        self._product: MemberProduct | None = None
        self._lock = threading.Lock()

    @property
    def product(self) -> MemberProduct:
        """The product's adapter, connected when it is first used.

        Raises:
            CloudError: NOT_INSTALLED.
        """
        with self._lock:
            if self._product is None:
                self._product = self._connect()
            return self._product

    # -- the Cloud port

    def type_of(self, principal: Principal, entitlement: Entitlement, given_at: DomainMillis | None) -> str | None:
        """None: a member role has no type."""
        return None

    def observe(self, principal: Principal, entitlement: Entitlement, *, recent: bool = False) -> Sighting:
        """Whether a user has the role, and whether they are a member at all; a place or role that does not exist is not
        held.
        """
        # Whoever is gone from RAM may be a member still, under the UserId that they had.
        member = self.member(entitlement.place, self._ram.users.current(principal) or principal, entitlement.role)
        if member is None:
            return Sighting(False, member=False)
        return Sighting(entitlement.role in member.roles, other_role=member.other_role)

    def attach(self, principal: Principal, entitlement: Entitlement, go: Go) -> Receipt:
        """Give the role, which makes a member of somebody who is none. NO_USER for somebody whom RAM does not have any
        more.
        """
        product = self.product
        user = self._ram.users.current(principal)
        if user is None:
            raise CloudError(CloudErrorKind.NO_USER, code="EntityNotExist.User", action="GetUser")
        return product.add(entitlement.place, entitlement.role, user, go)

    def detach(
        self, principal: Principal, entitlement: Entitlement, go: Go, *, leave: bool = False, restores: str = ""
    ) -> Receipt:
        """Take the role. `leave`: the bot made this member, who goes with their last role. Works on users who are gone
        from RAM.
        """
        user = self._current_or_known(principal)
        return self.product.remove(entitlement.place, entitlement.role, user, go, leave=leave, restores=restores)

    def holder_ids(self, entitlement: Entitlement) -> frozenset[RamUserId]:
        """UserIds of those who have the role; nobody where the place or the role does not exist."""
        return frozenset(
            member.user.user_id
            for member in self.members(entitlement.place, entitlement.role)
            if entitlement.role in member.roles
        )

    # -- reading

    def member(self, place: str, user: Principal, role: str = "") -> PlaceMembership | None:
        """Somebody there; None also where the place, or the role that is looked for, does not exist. `role` as for
        `MemberProduct`.
        """
        try:
            return self.product.observe(place, user, role)
        except CloudError as error:
            if error.kind in NOTHING_THERE:
                return None
            raise

    def members(self, place: str, role: str = "") -> tuple[PlaceMembership, ...]:
        """All of them; nobody where the place, or the role, does not exist. `role` as for `MemberProduct`."""
        try:
            return self.product.members(place, role)
        except CloudError as error:
            if error.kind in NOTHING_THERE:
                return ()
            raise

    def owner(self, place: str) -> str | None:
        """Whom a project belongs to, by a product that says so; None for a place that does not exist."""
        owner: Callable[[str], str] | None = getattr(self.product, "owner", None)
        if owner is None:
            raise CloudError(CloudErrorKind.REFUSED, code="HasNoOwners", action="GetProject")
        try:
            return owner(place)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_PLACE:
                return None
            raise

    def own_roles(self, places: Collection[str]) -> Mapping[str, str]:
        """The role that the bot itself has in each of these places in which it has one, by a product that says so."""
        own_roles: Callable[[Collection[str]], Mapping[str, str]] | None = getattr(self.product, "own_roles", None)
        if own_roles is None:
            raise CloudError(CloudErrorKind.REFUSED, code="HasNoOwnRoles", action="ListMembers")
        return own_roles(places)

    def places(self) -> Mapping[str, str]:
        """What exists, by id: the product's name for each."""
        return self.product.places()

    def _current_or_known(self, principal: Principal) -> Principal:
        """Access must not stay because RAM does not say what somebody is called now."""
        try:
            return self._ram.users.current(principal) or principal
        except CloudError:
            return principal
