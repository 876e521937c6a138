"""What can be asked for, and on what terms: the catalogue file, read and checked whole before anything starts.

A mistake in it would become somebody's permission, so an unclear line ends the start with a sentence that names the
file, the place and what is allowed there.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from approvals.durations import parse_duration
from approvals.errors import CatalogError
from approvals.model import ADMIN_POLICY, DAY, Entitlement, policy

LONGEST_POSSIBLE = 3650 * DAY


def _duration(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError("a duration is text such as '30m', '8h', '7d' or '1h30m'")
    try:
        milliseconds = parse_duration(value)
    except ValueError:
        raise ValueError("a duration is written like '30m', '8h', '7d' or '1h30m', and is more than nothing") from None
    if milliseconds > LONGEST_POSSIBLE:
        raise ValueError("a duration is at most '3650d'")
    return milliseconds


def _one_line(value: str) -> str:
    if not value.strip() or "\n" in value:
        raise ValueError("a text of one line, not empty")
    return value.strip()


Duration = Annotated[int, BeforeValidator(_duration)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,128}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Policy(_Strict):
    title: Annotated[Line, Field(max_length=60)]
    allows: Line
    default: Duration
    longest: Duration
    until_revoked: bool
    approvals: Annotated[int, Field(ge=1, le=5)]
    reason: bool
    ticket: bool
    expires_after: Duration


class _Bundle(_Strict):
    title: Annotated[Line, Field(max_length=60)]
    allows: Line
    policies: Annotated[list[Name], Field(min_length=1, max_length=10)]


class _File(_Strict):
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


@dataclass(frozen=True, slots=True)
class Catalog:
    items: Mapping[str, Item]

    def find(self, name: str) -> Item | None:
        """The item of that name; case does not matter, since people type it."""
        folded = name.strip().casefold()
        return next((item for item in self.items.values() if item.name.casefold() == folded), None)

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
    def entitlements(self) -> frozenset[Entitlement]:
        """Everything that may be granted."""
        return frozenset(entitlement for item in self.items.values() for entitlement in item.entitlements)

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
    try:
        text = (path or files("approvals").joinpath("catalog.toml")).read_text("utf-8")
        loaded = _File.model_validate(tomllib.loads(text))
    except OSError as error:
        raise CatalogError(f"{source}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CatalogError(f"{source}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{source}: is not TOML: {error}") from None
    except ValidationError as error:
        raise CatalogError(f"{source}: {_first(error, _File)}") from None
    return _checked(loaded, source)


def _first(error: ValidationError, whole: type[BaseModel]) -> str:
    found = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in found["loc"] if part != "[key]") or "the file"
    if found["type"] == "extra_forbidden":
        return f"{where}: is not a known key; the keys there are {_keys(whole, found['loc'])}"
    if found["type"] == "missing":
        return f"{where}: is missing; the keys there are {_keys(whole, found['loc'])}"
    return f"{where}: {found['msg'].removeprefix('Value error, ')} (found {str(found['input'])[:60]!r})"


def _keys(whole: type[BaseModel], place: tuple[int | str, ...]) -> str:
    """The keys of the table that a place is in; on the way to it, tables of named tables are passed through."""
    table: Any = whole
    for part in place[:-1]:
        table = table.model_fields[part].annotation if hasattr(table, "model_fields") else get_args(table)[-1]
    return ", ".join(table.model_fields)


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
