"""Make what the catalogue file says into what can be asked for: policies, what is given by hand, and roles and bundles
in each project.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from approvals.by_hand import ByHand
from approvals.catalog.model import Choice, Item, Part
from approvals.catalog.resources import Project, Resources, products
from approvals.catalog.schema import BundleTerms, CatalogFile, ItemTerms, ManualTerms, PolicyTerms, RoleTerms
from approvals.entitlements import Entitlement, RoleNeeds, manual, member_role, policy
from approvals.ids import SlackUserId


def policy_choice(name: str, terms: PolicyTerms) -> Choice:
    """A RAM policy, which is in no project."""
    item = Item(name=name, entitlements=(policy(name),), is_bundle=False, type=terms.type, **_of_terms(terms))
    return Choice(name, terms.title, terms.allows, {"": item}, is_bundle=False)


def manual_choice(name: str, terms: ManualTerms) -> Choice:
    """What people give by hand, which is in no project."""
    item = Item(name=name, entitlements=(manual(name),), is_bundle=False, **_of_terms(terms))
    return Choice(name, terms.title, terms.allows, {"": item}, is_bundle=False, by_hand=True)


def manual_items(loaded: CatalogFile) -> dict[Entitlement, ByHand]:
    """How each of them is given and taken, and by whom."""
    return {
        manual(name): ByHand(
            terms.title, tuple(terms.give), tuple(terms.take), tuple(SlackUserId(each) for each in terms.done_by)
        )
        for name, terms in loaded.manual.items()
    }


def role_choice(name: str, role: RoleTerms, loaded: CatalogFile, resources: Resources) -> Choice:
    """A member role, with the one that it needs: an item for each project that has a place in its product. The other
    projects are `lacking`.
    """
    items = {}
    lacking = {}
    for alias, project in resources.projects.items():
        if role.product not in project.places:
            lacking[alias] = products()[role.product].title
            continue
        with_needed = _with_needed([role], loaded)
        items[alias] = Item(
            name=f"{name}@{alias}",
            entitlements=tuple(_entitlement(each, project) for each in with_needed),
            is_bundle=False,
            alias=alias,
            **{**_of_terms(role), **_strictest(with_needed)},
        )
    return Choice(name, role.title, role.allows, items, is_bundle=False, lacking=lacking)


def _with_needed(roles: Iterable[RoleTerms], loaded: CatalogFile) -> list[RoleTerms]:
    """These, each after the one that it needs."""
    return [each for role in roles for each in ([loaded.roles[role.needs]] if role.needs else []) + [role]]


def _strictest(terms: Sequence[ItemTerms]) -> dict[str, Any]:
    """Of several that are asked for at once."""
    soonest = min(
        (part for part in terms if part.escalate_after is not None),
        key=lambda part: part.escalate_after or 0,
        default=None,
    )
    return {
        "escalate_after": soonest.escalate_after if soonest else None,
        "escalate_to": soonest.escalate_to if soonest else None,
        "default": min(part.default for part in terms),
        "longest": min(part.longest for part in terms),
        "until_revoked": all(part.until_revoked for part in terms),
        "approvals": max(part.approvals for part in terms),
        "reason": any(part.reason for part in terms),
        "ticket": any(part.ticket for part in terms),
        "expires_after": min(part.expires_after for part in terms),
        "approval_note": any(part.approval_note for part in terms),
    }


def _of_terms(terms: ItemTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in ItemTerms.model_fields if name != "others"}


@dataclass(frozen=True, slots=True)
class _Making:
    """A bundle that is about to be a choice."""

    name: str
    bundle: BundleTerms
    loaded: CatalogFile
    resources: Resources
    lacking: dict[str, str] = field(default_factory=dict)

    @property
    def open_roles(self) -> list[RoleTerms]:
        """Roles that are given in whichever project is asked for."""
        roles = [self.loaded.roles[role] for role in self.bundle.roles if "@" not in role]
        return _with_needed((role for role in roles if role.granted), self.loaded)

    def roles_in(self, project: Project) -> list[RoleTerms]:
        """Roles that are given in this project, and those that are where it has a place for them."""
        there = [self.loaded.roles[role] for role in self.bundle.roles_if_there]
        given = [role for role in there if role.granted and role.product in project.places]
        return [*self.open_roles, *_with_needed(given, self.loaded)]

    @property
    def by_project(self) -> bool:
        """Whether it is asked for in a project."""
        return bool(self.open_roles) or any(map(self.roles_in, self.resources.projects.values()))

    @property
    def fixed(self) -> list[tuple[RoleTerms, Project]]:
        """Roles that are given in one project always."""
        given = [(role, project) for role, project in self._elsewhere if role.granted]
        return [(each, project) for role, project in given for each in _with_needed([role], self.loaded)]

    @property
    def _elsewhere(self) -> list[tuple[RoleTerms, Project]]:
        pairs = [role.partition("@") for role in self.bundle.roles if "@" in role and self.resources.projects]
        return [(self.loaded.roles[role], self.resources.projects[alias]) for role, _, alias in pairs]

    def expected(self, project: Project | None) -> tuple[Entitlement, ...]:
        """Roles that whoever has the bundle should have too, and that are not given."""
        named = [role for role in (*self.bundle.roles, *self.bundle.roles_if_there) if "@" not in role]
        roles = [(self.loaded.roles[role], project) for role in named if project]
        return tuple(
            _entitlement(role, at)
            for role, at in (*roles, *self._elsewhere)
            if not role.granted and role.product in at.places
        )


def bundle_choice(name: str, bundle: BundleTerms, loaded: CatalogFile, resources: Resources) -> Choice:
    """Without an item where nothing of it can be given in this account."""
    making = _Making(name, bundle, loaded, resources)
    items = {}
    elsewhere = bool(bundle.policies or bundle.manual)
    if not making.by_project or (elsewhere and not resources.projects):
        if elsewhere or making.fixed:
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
    roles = ([(role, project) for role in making.roles_in(project)] if project else []) + making.fixed
    terms: list[ItemTerms] = [
        *(making.loaded.policies[name] for name in bundle.policies),
        *(role for role, _ in roles),
        *(making.loaded.manual[name] for name in bundle.manual),
    ]
    entitlements = [policy(name) for name in bundle.policies] + [_entitlement(role, at) for role, at in roles if at]
    entitlements += [manual(name) for name in bundle.manual]
    return Item(
        name=f"{making.name}@{project.alias}" if project else making.name,
        title=bundle.title,
        allows=bundle.allows,
        entitlements=tuple(dict.fromkeys(entitlements)),
        is_bundle=True,
        alias=project.alias if project else None,
        expected=making.expected(project),
        **_strictest(terms),
    )


def _entitlement(role: RoleTerms, project: Project) -> Entitlement:
    return member_role(role.product, project.places[role.product], role.code)


def parts(loaded: CatalogFile, resources: Resources) -> dict[Entitlement, Part]:
    """The member roles of the file in each place of their products; where two aliases share a place, as the first has
    it.
    """
    found: dict[Entitlement, Part] = {}
    for role in loaded.roles.values():
        for place, project in resources.places(role.product).items():
            part = Part(role.title, role.allows, products()[role.product], project, place)
            found.setdefault(_entitlement(role, project), part)
    return found


def needed(loaded: CatalogFile) -> RoleNeeds:
    """The member roles that nobody can have without another one: what the file says under `needs`, and what holds of
    their product. Somebody may have a role that the file says nothing of any more.
    """
    first = {role: loaded.roles[role.needs] for role in loaded.roles.values() if role.needs}
    return RoleNeeds(
        {(role.product, role.code): (other.product, other.code) for role, other in first.items()},
        {
            kind: (product.within, product.within_as)
            for kind, product in products().items()
            if product.within and product.within_as
        },
    )


def implied_by(loaded: CatalogFile, resources: Resources) -> dict[Entitlement, Entitlement]:
    """The member roles that a product gives by itself, with the role that brings each along in the same project: what
    the file says under `comes_with`.
    """
    return {
        _entitlement(role, project): _entitlement(loaded.roles[role.comes_with], project)
        for role in loaded.roles.values()
        if role.comes_with
        for project in resources.projects.values()
        if {role.product, loaded.roles[role.comes_with].product} <= set(project.places)
    }
