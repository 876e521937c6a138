"""Everything that depends on the kind of what is granted: an entry for each, so that nothing else asks which it is.

RAM itself has three kinds, and what people do by hand is one. Every product whose workspaces or projects have members
is one more, and all of those are alike: a new product is an entry in approvals/catalog/products.toml.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache


class Wording(StrEnum):
    """What is said to be done when something is granted; the surfaces have the phrases."""

    ATTACH = "attach"
    CREATE = "create"
    GIVE = "give"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class EntitlementKind:
    """Two are the same by their names."""

    name: str
    """As the ledger and the trail have it, in front of the entitlement's own name."""
    wording: Wording = field(compare=False)
    lane: str = field(default="ram", compare=False)
    """Whose limit of writes a second it takes from."""
    product: str | None = field(default=None, compare=False)
    """Whose members have it, by its key among the products; None is RAM itself."""
    of_account: bool = field(default=False, compare=False)
    """Whether one of the account's own roles holds it, and no person."""
    irrevocable: bool = field(default=False, compare=False)
    """Whether it cannot be taken back from here once it is there."""
    has_type: bool = field(default=False, compare=False)
    """Whether it is a RAM policy, of which there may be two of one name."""
    on_roles: EntitlementKind | None = field(default=None, compare=False)
    """Of a policy on a user: what the same policy on one of the account's roles is."""
    needs_product_name: bool = field(default=False, compare=False)
    """Whether two products may have one of the same name, so that it is named with its kind."""
    dated: bool = field(default=True, compare=False)
    """Whether the cloud may say since when somebody has it."""
    in_turn: bool = field(default=False, compare=False)
    """Whether the writes of one place follow each other, in the order that products ask for."""
    repeats_differ: bool = field(default=False, compare=False)
    """Whether the answer to a second delivery of one attach is another than the one to an attach of what was there."""
    by_hand: bool = field(default=False, compare=False)
    """Whether people give and take it where no program looks: what is known of it is what they said."""

    def __str__(self) -> str:
        return self.name

    @property
    def is_member_role(self) -> bool:
        """Whether it is a role of a member of some workspace or project."""
        return self.product is not None


ROLE_POLICY = EntitlementKind("role_policy", Wording.ATTACH, of_account=True, has_type=True)
"""A RAM policy attached to a RAM role of the account."""
POLICY = EntitlementKind("policy", Wording.ATTACH, has_type=True, on_roles=ROLE_POLICY)
"""A RAM policy attached to a RAM user."""
SERVICE_ROLE = EntitlementKind("service_role", Wording.CREATE, of_account=True, irrevocable=True)
"""That a service's own role exists. Once there it stays: nothing here ever deletes it."""
MANUAL = EntitlementKind("manual", Wording.BY_HAND, dated=False, by_hand=True)
"""Access to a system that no program here reaches."""
_OWN = {kind.name: kind for kind in (POLICY, ROLE_POLICY, SERVICE_ROLE, MANUAL)}


@cache
def kind_named(name: str) -> EntitlementKind:
    """The kind of that stored name: RAM's, what is done by hand, or else the members of the product of that name, known
    now or not.
    """
    return _OWN.get(name) or EntitlementKind(
        name,
        Wording.GIVE,
        lane=f"members:{name}",
        product=name,
        needs_product_name=True,
        dated=False,
        in_turn=True,
        repeats_differ=True,
    )
