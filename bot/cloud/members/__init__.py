"""Member roles in the products around PAI-Rec, one module a product, found here by its name.

A new product is one more module with a `connect`, and its table in approvals/catalog/products.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from approvals.errors import CloudError, CloudErrorKind
from approvals.people import Principal
from approvals.ports import Go, Receipt
from bot.egress import Egress


@dataclass(frozen=True, slots=True)
class PlaceMembership:
    """Somebody in a workspace or project, with the codes of all their roles there."""

    user: Principal
    """As the product names it: the name, or else the UserId, is empty where the product does not say it."""
    roles: frozenset[str]
    other_role: str = ""
    """Of a product whose members have one role each: the one that they have, where it is not for the bot to replace."""


class MemberProduct(Protocol):
    """One product's members. A place is a workspace's id or a project's name. Every call may raise CloudError: NO_PLACE
    where the place does not exist, NO_SUCH_ROLE for a role that the product does not know, NO_PERMISSION with the
    action that the bot lacks, and what is true of any cloud call. Safe to share between threads.
    """

    def observe(self, place: str, user: Principal, role: str = "") -> PlaceMembership | None:
        """A RAM user there; None for somebody who is no member. `user.name` is the name that RAM has now. `role` is one
        that is looked for in any case, by a product that cannot list all that somebody has.
        """
        ...

    def members(self, place: str, role: str = "") -> tuple[PlaceMembership, ...]:
        """All of them; whoever has none of the roles that are looked for may be left out."""
        ...

    def places(self) -> Mapping[str, str]:
        """The places that exist, by id: the product's own name for each."""
        ...

    def add(self, place: str, role: str, user: Principal, go: Go) -> Receipt:
        """One write that gives a role, and makes a member of somebody who is none. Raises ALREADY_ATTACHED when the
        role is there already, which is read again where a refusal leaves it open.
        """
        ...

    def remove(self, place: str, role: str, user: Principal, go: Go, *, leave: bool, restores: str = "") -> Receipt:
        """One write that takes a role away. `leave`: the bot made this member, so that they go as well when this is the
        last of their roles, or none is left. `restores`: of a product whose members have one role each, the one that
        this member had before. Raises NOT_ATTACHED when there is nothing to take away.
        """
        ...


@dataclass(frozen=True, slots=True)
class ProductConnection:
    """What a product is reached with."""

    credentials: Any
    region: str
    endpoint: str
    """A host name, or http:// or https:// and a host."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What the product's own table in PAIREC_RESOURCES says besides, such as the account's id."""
    users: Callable[[], Mapping[str, str]] = dict
    """RAM UserIds by user name, for a product that names members by their names."""
    roles: tuple[str, ...] = ()
    """Codes of the roles that can be asked for, for a product that cannot list all that somebody has."""
    egress: Egress = field(default_factory=Egress)


def connect(product: str, line: ProductConnection) -> MemberProduct:
    """The adapter of a product, by its name in products.toml.

    Raises:
        CloudError: NOT_INSTALLED, the product's SDK is not there.
    """
    module = import_module(f"{__name__}.{product}")
    try:
        connected: MemberProduct = module.connect(line)
    except ImportError as error:
        raise CloudError(CloudErrorKind.NOT_INSTALLED, code="NotInstalled", action=product) from error
    return connected
