"""What can be asked for, and on what terms: the catalogue file, read and checked whole before anything starts.

A mistake in it would become somebody's permission, so an unclear line ends the start with a sentence that names the
file, the place and what is allowed there.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from approvals.data_file import Duration, Line, Name, Strict, read_data_file
from approvals.errors import CatalogError
from approvals.model import ADMIN_POLICY, Entitlement, policy


class _Policy(Strict):
    title: Annotated[Line, Field(max_length=60)]
    allows: Line
    default: Duration
    longest: Duration
    until_revoked: bool
    approvals: Annotated[int, Field(ge=1, le=5)]
    reason: bool
    ticket: bool
    expires_after: Duration
    type: Literal["Custom", "System"] | None = None


class _Bundle(Strict):
    title: Annotated[Line, Field(max_length=60)]
    allows: Line
    policies: Annotated[list[Name], Field(min_length=1, max_length=10)]


class _File(Strict):
    policies: Annotated[dict[Name, _Policy], Field(min_length=1)]
    bundles: dict[Name, _Bundle] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """A policy or a bundle, with the terms on which it may be asked for. Durations are in milliseconds."""

    name: str
    title: str
    allows: str
    entitlements: tuple[Entitlement, ...]
    default: int
    longest: int
    until_revoked: bool
    approvals: int
    reason: bool
    ticket: bool
    expires_after: int
    is_bundle: bool
    type: str | None = None
    """Which of RAM's two types a policy is; None is found out."""
    role: str | None = None
    """Of a mend: the role of the account that gets it."""


@dataclass(frozen=True, slots=True)
class Catalog:
    items: Mapping[str, Item]
    """What people may ask for by name."""
    mends: Mapping[str, Item] = field(default_factory=dict)
    """What an Authorize button asks for: access of the account's own roles."""

    def with_mends(self, mends: Mapping[str, Item]) -> Catalog:
        return replace(self, mends=mends)

    def named(self, name: str) -> Item | None:
        """What a request of that name asks for; None when the catalogue no longer has it."""
        return self.items.get(name) or self.mends.get(name)

    def find(self, name: str) -> Item | None:
        """The item of that name, or else of that title if only one has it; case does not matter, since people type
        it."""
        folded = name.strip().casefold()
        named = next((item for item in self.items.values() if item.name.casefold() == folded), None)
        titled = [item for item in self.items.values() if item.title.casefold() == folded]
        return named or (titled[0] if len(titled) == 1 else None)

    def nearest(self, name: str) -> str | None:
        folded = {item.casefold(): item for item in self.items}
        close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
        return folded[close[0]] if close else None

    @property
    def policies(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items.values() if not item.is_bundle)

    @property
    def bundles(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items.values() if item.is_bundle)

    @property
    def types(self) -> dict[str, str]:
        """The policies whose type the catalogue names."""
        return {item.name: item.type for item in self.items.values() if item.type}

    @property
    def entitlements(self) -> frozenset[Entitlement]:
        """Everything that may be granted."""
        known = (*self.items.values(), *self.mends.values())
        return frozenset(entitlement for item in known for entitlement in item.entitlements)

    def allows(self, entitlement: Entitlement) -> str:
        """What an entitlement is for in plain words; empty when the catalogue no longer has it."""
        item = self.items.get(entitlement.name)
        return item.allows if item and not item.is_bundle else ""


def load_catalog(path: Path | None = None) -> Catalog:
    """Read the catalogue at `path`, or the one that comes with the program.

    Raises:
        CatalogError: it cannot be read or used; the text is one line for whoever starts the program.
    """
    source = str(path) if path else "the built-in catalogue"
    return _checked(read_data_file(_File, path, "catalog.toml", source), source)


def _checked(loaded: _File, source: str) -> Catalog:
    items: dict[str, Item] = {}
    for name, terms in loaded.policies.items():
        if terms.default > terms.longest:
            raise CatalogError(f"{source}: policies.{name}.default: must not be longer than `longest`")
        if name == ADMIN_POLICY and terms.approvals != 2:
            raise CatalogError(f"{source}: policies.{name}.approvals: must be 2, it makes administrators")
        items[name] = Item(name=name, entitlements=(policy(name),), is_bundle=False, **dict(terms))
    folded = {name.casefold() for name in items}
    if len(folded) != len(items):
        raise CatalogError(f"{source}: policies: two names differ only in case")
    for name, bundle in loaded.bundles.items():
        if name.casefold() in folded:
            raise CatalogError(f"{source}: bundles.{name}: the name is taken by another policy or bundle")
        folded.add(name.casefold())
        items[name] = _bundle(name, bundle, items, source)
    return Catalog(items)


def _bundle(name: str, bundle: _Bundle, items: Mapping[str, Item], source: str) -> Item:
    for number, part in enumerate(bundle.policies):
        if part not in items or items[part].is_bundle:
            allowed = ", ".join(known for known, item in items.items() if not item.is_bundle)
            raise CatalogError(f"{source}: bundles.{name}.policies.{number}: no policy {part!r}; one of {allowed}")
    if len(set(bundle.policies)) != len(bundle.policies):
        raise CatalogError(f"{source}: bundles.{name}.policies: names a policy twice")
    parts = [items[part] for part in bundle.policies]
    return Item(
        name=name,
        title=bundle.title,
        allows=bundle.allows,
        entitlements=tuple(policy(part) for part in bundle.policies),
        default=min(part.default for part in parts),
        longest=min(part.longest for part in parts),
        until_revoked=all(part.until_revoked for part in parts),
        approvals=max(part.approvals for part in parts),
        reason=any(part.reason for part in parts),
        ticket=any(part.ticket for part in parts),
        expires_after=min(part.expires_after for part in parts),
        is_bundle=True,
    )
