"""Read the catalogue file, and check it whole before anything starts.

A mistake in it would become somebody's permission, so an unclear line ends the start with a sentence that names the
file, the place and what is allowed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from approvals.catalog import Catalog, Choice, Item, Part
from approvals.data_file import Duration, Line, Name, Strict, read_data_file
from approvals.errors import CatalogError
from approvals.model import ADMIN_POLICY, Entitlement, member_role, policy
from approvals.resources import Project, Resources, products

RoleAt = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,128}(@[A-Za-z0-9_-]{1,40})?$")]


class _Terms(Strict):
    title: Annotated[Line, Field(max_length=60)]
    allows: Line
    default: Duration
    longest: Duration
    until_revoked: bool
    approvals: Annotated[int, Field(ge=1, le=5)]
    reason: bool
    ticket: bool
    expires_after: Duration


class _Policy(_Terms):
    type: Literal["Custom", "System"] | None = None


class _Role(_Terms):
    product: str
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    comes_with: Name | None = None


class _Bundle(Strict):
    title: Annotated[Line, Field(max_length=60)]
    allows: Line
    policies: Annotated[list[Name], Field(max_length=10)] = Field(default_factory=list)
    roles: Annotated[list[RoleAt], Field(max_length=10)] = Field(default_factory=list)


class _File(Strict):
    policies: Annotated[dict[Name, _Policy], Field(min_length=1)]
    roles: dict[Name, _Role] = Field(default_factory=dict)
    bundles: dict[Name, _Bundle] = Field(default_factory=dict)


def load_catalog(path: Path | None = None, resources: Resources | None = None) -> Catalog:
    """Read the catalogue at `path`, or the one that comes with the program. Member roles can be asked for in the
    projects of `resources`; without any, bundles are of policies alone.

    Raises:
        CatalogError: it cannot be read or used; the text is one line for whoever starts the program.
    """
    source = str(path) if path else "the built-in catalogue"
    loaded = read_data_file(_File, path, "catalog.toml", source)
    _check_names(loaded, source)
    resources = resources or Resources()
    choices = {name: _policy(name, terms, source) for name, terms in loaded.policies.items()}
    for name, role in loaded.roles.items():
        _check_role(name, role, loaded, source)
        if any(role.product in project.places for project in resources.projects.values()):
            choices[name] = _role(name, role, resources)
    for name, bundle in loaded.bundles.items():
        _check_bundle(name, bundle, loaded, resources, source)
        choice = _bundle(_Making(name, bundle, loaded, resources))
        if choice.items or choice.lacking:
            choices[name] = choice
    return Catalog(choices, resources.default, _parts(loaded, resources), _comes_with(loaded, resources))


def _check_names(loaded: _File, source: str) -> None:
    if len({name.casefold() for name in loaded.policies}) != len(loaded.policies):
        raise CatalogError(f"{source}: policies: two names differ only in case")
    taken = {name.casefold() for name in loaded.policies}
    for table, names in (("roles", loaded.roles), ("bundles", loaded.bundles)):
        for name in names:
            if name.casefold() in taken:
                raise CatalogError(f"{source}: {table}.{name}: the name is taken by another policy, role or bundle")
            taken.add(name.casefold())


def _check_terms(where: str, terms: _Terms) -> None:
    if terms.default > terms.longest:
        raise CatalogError(f"{where}.default: must not be longer than `longest`")


def _check_role(name: str, role: _Role, loaded: _File, source: str) -> None:
    where = f"{source}: roles.{name}"
    _check_terms(where, role)
    if role.product not in products():
        raise CatalogError(f"{where}.product: no product {role.product!r}; one of {', '.join(products())}")
    with_it = loaded.roles.get(role.comes_with or "")
    if role.comes_with and (with_it is None or with_it.product == role.product or with_it.comes_with):
        raise CatalogError(f"{where}.comes_with: must be a role of another product that comes with no other itself")


def _check_bundle(name: str, bundle: _Bundle, loaded: _File, resources: Resources, source: str) -> None:
    where = f"{source}: bundles.{name}"
    if not bundle.policies and not bundle.roles:
        raise CatalogError(f"{where}: names nothing; it needs policies, roles or both")
    for table, names, known in (
        ("policies", bundle.policies, list(loaded.policies)),
        ("roles", [role.partition("@")[0] for role in bundle.roles], list(loaded.roles)),
    ):
        for number, part in enumerate(names):
            if part == name:
                raise CatalogError(f"{where}.{table}.{number}: a bundle cannot name itself")
            if part not in known:
                one = "policy" if table == "policies" else "role"
                raise CatalogError(f"{where}.{table}.{number}: no {one} {part!r}; one of {', '.join(known)}")
    for table, whole in (("policies", bundle.policies), ("roles", bundle.roles)):
        if len(set(whole)) != len(whole):
            raise CatalogError(f"{where}.{table}: names a {'policy' if table == 'policies' else 'role'} twice")
    for number, role in enumerate(bundle.roles):
        named, _, alias = role.partition("@")
        if alias and resources.projects and loaded.roles[named].product not in _places(resources, alias):
            raise CatalogError(f"{where}.roles.{number}: PAIREC_RESOURCES has no such place {role!r}")


def _policy(name: str, terms: _Policy, source: str) -> Choice:
    _check_terms(f"{source}: policies.{name}", terms)
    if name == ADMIN_POLICY and terms.approvals != 2:
        raise CatalogError(f"{source}: policies.{name}.approvals: must be 2, it makes administrators")
    item = Item(name=name, entitlements=(policy(name),), is_bundle=False, **dict(terms))
    return Choice(name, terms.title, terms.allows, {"": item}, is_bundle=False)


def _role(name: str, role: _Role, resources: Resources) -> Choice:
    items = {}
    lacking = {}
    for alias, project in resources.projects.items():
        if role.product not in project.places:
            lacking[alias] = products()[role.product].title
            continue
        items[alias] = Item(
            name=f"{name}@{alias}",
            entitlements=(_entitlement(role, project),),
            is_bundle=False,
            alias=alias,
            **_of_terms(role),
        )
    return Choice(name, role.title, role.allows, items, is_bundle=False, lacking=lacking)


def _of_terms(terms: _Terms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in _Terms.model_fields}


@dataclass(frozen=True, slots=True)
class _Making:
    """A bundle that is about to be a choice."""

    name: str
    bundle: _Bundle
    loaded: _File
    resources: Resources
    lacking: dict[str, str] = field(default_factory=dict)

    @property
    def open_roles(self) -> list[_Role]:
        """Roles that are in whichever project is asked for."""
        return [self.loaded.roles[role] for role in self.bundle.roles if "@" not in role]

    @property
    def fixed(self) -> list[tuple[_Role, Project]]:
        """Roles that are in one project always."""
        pairs = [role.partition("@") for role in self.bundle.roles if "@" in role and self.resources.projects]
        return [(self.loaded.roles[role], self.resources.projects[alias]) for role, _, alias in pairs]


def _bundle(making: _Making) -> Choice:
    bundle, resources = making.bundle, making.resources
    items = {}
    if not making.open_roles or (bundle.policies and not resources.projects):
        items[""] = _bundled(making, None)
    else:
        for alias, project in resources.projects.items():
            missing = [role for role in making.open_roles if role.product not in project.places]
            if missing:
                making.lacking[alias] = products()[missing[0].product].title
            else:
                items[alias] = _bundled(making, project)
    return Choice(making.name, bundle.title, bundle.allows, items, is_bundle=True, lacking=making.lacking)


def _bundled(making: _Making, project: Project | None) -> Item:
    """The strictest terms of all that is in it. Without a project, only policies and roles elsewhere are."""
    bundle = making.bundle
    roles = [(role, project) for role in making.open_roles if project] + making.fixed
    terms: list[_Terms] = [
        *(making.loaded.policies[name] for name in bundle.policies),
        *(role for role, _ in roles),
    ]
    entitlements = [policy(name) for name in bundle.policies] + [_entitlement(role, at) for role, at in roles if at]
    return Item(
        name=f"{making.name}@{project.alias}" if project else making.name,
        title=bundle.title,
        allows=bundle.allows,
        entitlements=tuple(dict.fromkeys(entitlements)),
        default=min(part.default for part in terms),
        longest=min(part.longest for part in terms),
        until_revoked=all(part.until_revoked for part in terms),
        approvals=max(part.approvals for part in terms),
        reason=any(part.reason for part in terms),
        ticket=any(part.ticket for part in terms),
        expires_after=min(part.expires_after for part in terms),
        is_bundle=True,
        alias=project.alias if project else None,
    )


def _entitlement(role: _Role, project: Project) -> Entitlement:
    return member_role(role.product, project.places[role.product], role.code)


def _places(resources: Resources, alias: str) -> Mapping[str, str]:
    project = resources.projects.get(alias)
    return project.places if project else {}


def _parts(loaded: _File, resources: Resources) -> dict[Entitlement, Part]:
    found: dict[Entitlement, Part] = {}
    for role in loaded.roles.values():
        for place, project in resources.places(role.product).items():
            part = Part(role.title, role.allows, products()[role.product], project, place)
            found.setdefault(_entitlement(role, project), part)
    return found


def _comes_with(loaded: _File, resources: Resources) -> dict[Entitlement, Entitlement]:
    return {
        _entitlement(role, project): _entitlement(loaded.roles[role.comes_with], project)
        for role in loaded.roles.values()
        if role.comes_with
        for project in resources.projects.values()
        if {role.product, loaded.roles[role.comes_with].product} <= set(project.places)
    }
