"""Calls by which members of products' workspaces and projects are given roles and lose them, as the record tells them.

How products write their own events was never seen. So a call counts by its name, and is passed over only where it says
of which place it is, and that is none of ours; what only runs SQL in a product is no such call at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from approvals.catalog.resources import Product, products
from approvals.cloud_events import CloudEvent

UNKNOWN_PLACE = ""
_USER_ID = re.compile(r"(?<!\d)\d{17,20}(?!\d)")
"""RAM's UserIds have 18 digits (help/ram, GetUser), and the account's own id, which stands beside some, 16."""
_OF_RAM = ("Ram", "Ims")
"""They have a CreateUser too."""
_OF_RAM_ALONE = "UserPrincipalName"
"""A parameter of it, whatever the record calls them; beside one of our places it may be anybody's addition."""


class MemberChange(NamedTuple):
    """What such a call is about."""

    product: str
    """By its key among the products; of several that have such a call, the first whose place it may be."""
    place: str
    """`UNKNOWN_PLACE` where it does not say that in a way that is known."""
    rest: Mapping[str, str]
    """The parameters that do not name the place."""

    gives: bool
    takes: bool
    """Both, of a call that may do either."""

    @property
    def user_ids(self) -> tuple[str, ...]:
        """All that it names, in their order."""
        return tuple(dict.fromkeys(each for value in self.rest.values() for each in _USER_ID.findall(value)))


def calls_of(kinds: Collection[str]) -> tuple[str, ...]:
    """The names of the calls that these products have, each once."""
    of = (products()[kind] for kind in sorted(kinds))
    return tuple(dict.fromkeys(name for product in of for name in (*product.gives, *product.takes)))


def member_call(event: CloudEvent, places: Mapping[str, Collection[str]]) -> MemberChange | None:
    """What it is about, if that is one of these places, by product, or may be one of them."""
    if event.service in _OF_RAM:
        return None
    seen = list(_as_of_products(event, places))
    ours = [each for each in seen if each.place in places[each.product]]
    # One that names a place of some product is about that one alone.
    unclear = [] if any(each.place for each in seen) or _OF_RAM_ALONE in event.params else seen
    return next(iter((*ours, *unclear)), None)


def _as_of_products(event: CloudEvent, places: Mapping[str, Collection[str]]) -> Iterator[MemberChange]:
    for kind in sorted(places):
        product = products()[kind]
        gives, takes = event.name in product.gives, event.name in product.takes
        if gives or takes:
            yield MemberChange(kind, *_place(event.params, product, places[kind]), gives, takes)


def _place(params: Mapping[str, str], product: Product, places: Collection[str]) -> tuple[str, Mapping[str, str]]:
    """Whichever of the places the parts fit that are named; else what they say, or nothing."""
    wanted = [name.casefold() for name in product.place_params]
    said = {name.casefold(): value for name, value in params.items() if name.casefold() in wanted and value}
    rest = {name: value for name, value in params.items() if name.casefold() not in wanted}
    if not said:
        return UNKNOWN_PLACE, rest
    for place in sorted(places):
        parts = dict(zip(wanted, place.split("/"), strict=True))
        if all(parts[name] == value for name, value in said.items()):
            return place, rest
    return "/".join(said.values()), rest


def gives_role(call: MemberChange, user_id: str, role: str) -> bool | None:
    """Whether it gives somebody a role, or with False takes it from them; None where it does neither."""
    of_user = {name.casefold(): value for name, value in call.rest.items() if user_id in _USER_ID.findall(value)}
    if not of_user or not user_id:
        return None
    roles = [value for name, value in call.rest.items() if re.search("role|privilege|members", name, re.IGNORECASE)]
    is_of_role = not roles or any(re.search(rf"(?<![\w.]){re.escape(role)}(?![\w.])", value) for value in roles)
    if not (call.gives and call.takes):
        return call.gives if is_of_role else None
    # Of those that do both, one says it by where somebody stands; and another by the role that takes another's place.
    if not of_user.keys().isdisjoint(("add", "remove")):
        return "add" in of_user if is_of_role else None
    return is_of_role
