"""Where people can be members: the products that the bot gives roles in, and the projects of this account by alias.

An alias is a team's name for its work, which has a workspace in one product and a project in another; the same bundle
serves them all. What an alias means is decided here and nowhere else: nobody can be made a member of a place that
whoever runs the bot did not name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, RootModel

from approvals.catalog.toml_file import Line, Name, Strict, read_data_file, read_toml
from approvals.errors import CatalogError

TITLE, MODE = "title", "mode"
MODES = ("basic", "standard")
ENDPOINT = "endpoint"
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,19}$")]
ProjectKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
Alias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error:
        raise ValueError("must be a regular expression") from None
    return value


class Product(Strict):
    """One product, as approvals/catalog/products.toml has it."""

    title: Line
    place: Literal["workspace", "project", "namespace", "instance", "database"]
    id: Annotated[str, AfterValidator(_pattern)]
    endpoint: Line
    ram_code: Line
    gives: list[Name]
    """The calls by which somebody is given a role, as the cloud's own record calls them."""
    takes: list[Name]
    place_params: list[Name]
    """The parameters of these that name the place, each a part of its id."""
    console: Line
    link: Line
    dev_suffix: str = ""
    needs: list[Name] = Field(default_factory=list)
    roles: list[Name] | None = None
    """Codes of the only roles that may be given, where that is not every one."""
    bot_role: str | None = None
    """The code of the role that this program itself needs in each place."""
    within: str | None = None
    """The product whose places have these in them: an id is `<the other's>/<its own>`, and one table of
    PAIREC_RESOURCES serves both."""
    within_as: str | None = None
    """The code of the role there without which nobody can have one here."""
    tells_of_known_roles_alone: bool = False
    """Whether it can be asked who has a role, and not which roles somebody has."""
    choices: dict[Name, list[Line]] = Field(default_factory=dict)
    """What keys of the product's table may be, where that is not anything."""


class _Products(RootModel[dict[Kind, Product]]):
    pass


class _ResourcesFile(Strict):
    default: Alias | None = None
    products: dict[Kind, dict[Name, Line]] = Field(default_factory=dict)
    projects: Annotated[dict[Alias, dict[ProjectKey, Line]], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Project:
    """What an alias stands for."""

    alias: str
    title: str
    places: Mapping[str, str]
    """By product: the id of a workspace, or the name of the project in which people develop."""
    main: Mapping[str, str]
    """The same, but of a project in standard mode the production one."""


@dataclass(frozen=True, slots=True)
class Resources:
    """The projects of this account, and what their products need; without any, nobody is made a member of anything."""

    projects: Mapping[str, Project] = field(default_factory=dict)
    default: str | None = None
    """The alias that is meant where none is named."""
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By product: its endpoint, and what else it needs."""

    def options_of(self, product: str) -> Mapping[str, str]:
        """The product's table, or that of the product that it is in."""
        return self.options.get(table_of(product), {})

    def places(self, product: str) -> dict[str, Project]:
        """The places of a product that are named here, by id; where two aliases share one, the first."""
        found: dict[str, Project] = {}
        for project in self.projects.values():
            if product in project.places:
                found.setdefault(project.places[product], project)
        return found


@cache
def products() -> Mapping[str, Product]:
    """Every product that the program knows, by its kind of entitlement."""
    return _Products.model_validate(read_toml(None, "catalog/products.toml", "the built-in products")).root


def table_of(product: str) -> str:
    """The product whose table in PAIREC_RESOURCES says how this one is reached."""
    known = products().get(product)
    return (known.within if known else None) or product


def load_resources(path: Path | None) -> Resources:
    """Without a path, none: then nobody is made a member of anything.

    Raises:
        CatalogError: it cannot be read or used; the text is one line for whoever starts the program.
    """
    if path is None:
        return Resources()
    source = str(path)
    loaded = read_data_file(_ResourcesFile, path, "", source)
    for kind, table in loaded.products.items():
        _check_table(kind, table, source)
    projects = {alias: _project(alias, table, source) for alias, table in loaded.projects.items()}
    folded = {alias.casefold() for alias in projects}
    if len(folded) != len(projects):
        raise CatalogError(f"{source}: projects: two aliases differ only in case")
    if loaded.default is not None and loaded.default not in projects:
        raise CatalogError(f"{source}: default: no project {loaded.default!r}; one of {', '.join(projects)}")
    for kind in {kind for project in projects.values() for kind in project.places}:
        for key in products()[kind].needs:
            if key not in loaded.products.get(kind, {}):
                raise CatalogError(f"{source}: products.{kind}.{key}: is missing; {products()[kind].title} needs it")
    return Resources(projects, loaded.default, loaded.products)


def _check_table(kind: str, table: Mapping[str, str], source: str) -> None:
    if kind not in products():
        raise CatalogError(f"{source}: products.{kind}: is not a known product; the products are {_known()}")
    if table_of(kind) != kind:
        raise CatalogError(f"{source}: products.{kind}: stands in products.{table_of(kind)}, which serves both")
    for key, value in table.items():
        allowed = products()[kind].choices.get(key)
        if allowed is not None and value not in allowed:
            raise CatalogError(
                f"{source}: products.{kind}.{key}: must be one of {', '.join(allowed)} (found {value[:60]!r})"
            )


def _project(alias: str, table: Mapping[str, str], source: str) -> Project:
    where = f"{source}: projects.{alias}"
    for key in table:
        if key not in (TITLE, MODE) and key not in products():
            raise CatalogError(f"{where}.{key}: is not a known key; the keys there are {TITLE}, {MODE}, {_known()}")
    ids = {key: value for key, value in table.items() if key in products()}
    if not ids:
        raise CatalogError(f"{where}: names no place; name one of {_known()}")
    mode = table.get(MODE)
    if mode is not None and mode not in MODES:
        raise CatalogError(f"{where}.{MODE}: must be one of {', '.join(MODES)} (found {mode[:60]!r})")
    places = {}
    for kind, value in ids.items():
        product = products()[kind]
        if not re.fullmatch(product.id, value):
            raise CatalogError(f"{where}.{kind}: is no id of a {product.title} {product.place} (found {value[:60]!r})")
        if product.dev_suffix and mode is None:
            raise CatalogError(f"{where}.{MODE}: is missing; {product.title} needs it: one of {', '.join(MODES)}")
        if product.within and value.rpartition("/")[0] != ids.get(product.within):
            outer = products()[product.within]
            raise CatalogError(
                f"{where}.{kind}: must begin with the {outer.place} that {where}.{product.within} names"
                f" (found {value[:60]!r})"
            )
        places[kind] = value + (product.dev_suffix if mode == "standard" else "")
    return Project(alias, table.get(TITLE, alias), places, ids)


def _known() -> str:
    return ", ".join(products())
