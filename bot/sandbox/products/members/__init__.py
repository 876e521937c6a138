"""The stand-ins for the products in which people are members, one module a product, found here by its name.

A new product is one more module with a `STAND_IN`; what the sandbox knows of a product, it has from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple

from approvals.catalog.resources import products
from bot.sandbox.products.member_call import Service
from bot.sandbox.products.places import HandsOn
from bot.sandbox.ram.account import CloudAccount


class SeededMember(NamedTuple):
    """Somebody who is in a place before anybody asks."""

    user: str
    """The name of a RAM user."""
    role: str
    days: int
    """For how long by then."""


@dataclass(frozen=True, slots=True)
class SeededPlace:
    """A workspace or project as a newcomer finds it."""

    id: str
    name: str
    title: str
    roles: tuple[str, ...]
    """The codes that there are."""
    project: str = ""
    """The project of PAIREC_RESOURCES that names this place; empty where none does."""
    owner_role: str = ""
    """Of whoever owns the account; empty where they are no member."""
    bot_role: str = ""
    """Of the bot itself, where it has to be a member."""
    members: tuple[SeededMember, ...] = ()
    hands_on: HandsOn | None = None
    standard: bool = False
    """Whether it is in standard mode."""
    one_role: bool = False
    """Whether a member has one role."""


def _no_options(_: CloudAccount) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class MemberStandIn:
    """One product: its API, and what is in it."""

    service: Service
    sdk: str
    """The package by which the bot reaches the product, of the extra `members`."""
    places: tuple[SeededPlace, ...]
    options: Callable[[CloudAccount], Mapping[str, str]] = _no_options
    """What the product's table in PAIREC_RESOURCES says besides the endpoint."""
    missing: Callable[[], str] = str
    """What keeps it from being played on this machine, in a sentence; empty where nothing does."""


def stand_ins() -> Mapping[str, MemberStandIn]:
    """By product, in the order of products.toml."""
    return {name: _stand_in(name) for name in products()}


def playable() -> Mapping[str, MemberStandIn]:
    """Those that are there on this machine; of the others nothing is seeded, and nobody is told."""
    return {product: each for product, each in stand_ins().items() if not each.missing()}


def left_out() -> list[str]:
    """A sentence for each reason why not all of them are."""
    return list(dict.fromkeys(why for each in stand_ins().values() if (why := each.missing())))


def _stand_in(product: str) -> MemberStandIn:
    found: MemberStandIn = import_module(f"{__name__}.{product}").STAND_IN
    return found
