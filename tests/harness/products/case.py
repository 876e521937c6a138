"""What a test needs to know of a product in which people are members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bot.sandbox.products.members import stand_ins

Params = Callable[[str, str], dict[str, Any]]
"""From a place and a UserId to a call's parameters."""
ACCOUNT = "1000000000000001"
"""The cloud account's id in the sandbox."""
ERIN = "200000000000000005"
"""A UserId."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductCase:
    """`product` is its name in products.toml."""

    product: str
    title: str
    kind: str
    """Of a place, in the product's own word."""
    place: str
    """The one of the project `ranking` in which people develop."""
    elsewhere: str
    """The one of the project `search`."""
    longest_place: Callable[[int], str]
    """An id of a place as long as one may be, one for each number below 1,000."""
    prefix: str
    """Of the product's permissions in RAM."""
    console: str
    """The way to `role` in `place` by hand."""

    item: str
    """As people ask for the role."""
    role: str
    """As the product calls it."""
    other: str
    """Another role there that the bot does not ask about."""
    second: tuple[str, str] | None = None
    """One more role there that the bot gives: as people ask for it, and as the product calls it."""
    person: str = "carol"
    """Who gets the role where each product's is given: somebody to whom no other product hands it on."""

    own_stories: bool = False
    """Whether it is read and given in such a way that it has stories of its own, and not those of the others."""
    one_role: bool = False
    """Whether a member has one role, so that `other` is replaced."""
    names_members: bool = True
    """Whether its lists have the names of members."""
    says_already: bool = True
    """Whether a refusal says that the role was there already."""

    joins: str
    """The call that gives the role to somebody who is no member."""
    adds: str
    takes: str
    leaves: str
    """The call that takes the last role of somebody whom the bot made a member, and with it the membership."""
    reads: str
    """The call that lists members."""
    lists: str
    """The call that lists places."""
    odd_members: tuple[Any, ...]
    """Answers to `reads` that are no list of members."""

    given: Params
    """Of `joins`."""
    added: Params
    """Of `adds`."""
    role_taken: Params
    """Of `takes`."""
    taken: Params
    """Of `leaves`."""
    join: Callable[[Any, str, str], None]
    """Make the call `joins` with a `client`: in a place, a UserId."""

    def __str__(self) -> str:
        return self.product

    @property
    def sdk(self) -> str:
        """Its package."""
        return stand_ins()[self.product].sdk

    def client(self, config: Any) -> Any:
        """Of the product's own SDK, by its configuration."""
        return import_module(f"{self.sdk}.client").Client(config)

    @property
    def ends_membership(self) -> bool:
        """Whether a membership goes with its last role; where there is no call for that, it stays without any."""
        return self.one_role or self.leaves != self.takes

    @property
    def left(self) -> set[str] | None:
        """The roles of somebody whom the bot made a member, once it took the last of them; None for no member."""
        return None if self.ends_membership else set()
