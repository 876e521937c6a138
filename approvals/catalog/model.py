"""What can be asked for, and on what terms, as the program goes by it; approvals/catalog/load.py reads it.

A member role, and what has such roles in it, is asked for by name and project: `algorithm-engineer@ranking`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from approvals.by_hand import ByHand
from approvals.catalog.access_reviews import ReviewTerms
from approvals.catalog.break_glass import BreakGlass
from approvals.catalog.resources import Product, Project
from approvals.catalog.standing_rules import StandingRules
from approvals.entitlements import NO_ROLE_NEEDS, Entitlement, RoleNeeds
from approvals.errors import Refusal
from approvals.refusals.catalog import InNoProject, NoProject, NotThere, ProjectMissing, UnknownItem, UnknownProject


@dataclass(frozen=True, slots=True)
class Item:
    """A policy, a member role somewhere, what is given by hand, or a bundle, with the terms on which it may be asked
    for. Durations are in milliseconds.
    """

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
    """Of a repair: the role of the account that gets it."""
    alias: str | None = None
    """The project that its member roles are in; it is the part of the name behind the @."""
    approval_note: bool = False
    """Whether whoever approves it has to write why."""
    escalate_after: int | None = None
    """Milliseconds without a decision until it is shown to a second place."""
    escalate_to: str | None = None
    """The id of that channel or user group."""
    expected: tuple[Entitlement, ...] = ()
    """Member roles that whoever has it should have as well, and that are not given from here."""


@dataclass(frozen=True, slots=True)
class Part:
    """A member role in one place, as it is shown to people."""

    title: str
    allows: str
    product: Product
    project: Project
    place: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands in a list to choose from: one item, or one for each project that it may be asked for in."""

    name: str
    title: str
    allows: str
    items: Mapping[str, Item]
    """By alias; the only one of something that is in no project stands under an empty one."""
    is_bundle: bool
    by_hand: bool = False
    lacking: Mapping[str, str] = field(default_factory=dict)
    """Aliases that it cannot be asked for in, with the product that they have no place in."""

    @property
    def by_project(self) -> bool:
        """Whether it is asked for in a project."""
        return "" not in self.items


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that may be asked for."""

    choices: Mapping[str, Choice]
    """By the name without a project."""
    default: str | None = None
    """The alias that is meant where none is named."""
    parts: Mapping[Entitlement, Part] = field(default_factory=dict)
    implied_by: Mapping[Entitlement, Entitlement] = field(default_factory=dict)
    """Member roles that another product gives by itself to whoever gets another role, and that one."""
    needs: RoleNeeds = NO_ROLE_NEEDS
    """Member roles that nobody can have without another one, and that one."""
    manual: Mapping[Entitlement, ByHand] = field(default_factory=dict)
    """What people give and take by hand, and how."""
    repairs: Mapping[str, Item] = field(default_factory=dict)
    """What an Authorize button asks for: access of the account's own roles."""
    rules: StandingRules = field(default_factory=StandingRules)
    break_glass: BreakGlass | None = None
    """What is given at once in an emergency; None where nothing is."""
    access_review: ReviewTerms = field(default_factory=ReviewTerms)
    on_call: Mapping[str, str] = field(default_factory=dict)
    """Ids of Slack user groups, by the names that the catalogue calls them."""

    def with_repairs(self, repairs: Mapping[str, Item]) -> Catalog:
        """A copy that offers these repairs. They come from the file of the status checks, which is read after the
        catalogue.
        """
        return replace(self, repairs=repairs)

    def asked_on_call(self, *, break_glass: bool) -> Mapping[str, str]:
        """Those of the user groups that something goes by: a standing rule, or else `break_glass`."""
        if self.rules.of_on_call:
            return self.on_call
        terms = self.break_glass if break_glass else None
        return {name: group for name, group in self.on_call.items() if terms and name in terms.on_call}

    @property
    def items(self) -> dict[str, Item]:
        """What people may ask for by name."""
        return {item.name: item for choice in self.choices.values() for item in choice.items.values()}

    def named(self, name: str) -> Item | None:
        """What a request of that name asks for; None when the catalogue no longer has it."""
        before, _, alias = name.partition("@")
        choice = self.choices.get(before)
        return (choice.items.get(alias) if choice else None) or self.repairs.get(name)

    def wants_note(self, name: str, parts: Iterable[Entitlement]) -> bool:
        """Whether what a request of that name asks for is approved with a note alone; of what the catalogue no longer
        has, whether any of its parts is.
        """
        item = self.named(name)
        if item is not None:
            return item.approval_note
        left = frozenset(parts)
        return any(each.approval_note and not left.isdisjoint(each.entitlements) for each in self.items.values())

    def choice(self, name: str) -> Choice | None:
        """The choice of that name, or else of that title if only one has it; case does not matter, since people type
        it.
        """
        folded = name.strip().casefold()
        named = next((choice for choice in self.choices.values() if choice.name.casefold() == folded), None)
        titled = [choice for choice in self.choices.values() if choice.title.casefold() == folded]
        return named or (titled[0] if len(titled) == 1 else None)

    def find(self, name: str) -> Item | None:
        """The item of that name, with the project behind an @, or else in the default project or the only one."""
        try:
            return self.resolve(name)
        except Refusal:
            return None

    def resolve(self, name: str) -> Item:
        """As `find`, for whoever has to say why there is none.

        Raises:
            Refusal: UnknownItem, ProjectMissing, NoProject, UnknownProject, NotThere or InNoProject.
        """
        before, at, alias = name.partition("@")
        choice = self.choice(before)
        if choice is None:
            raise UnknownItem(item=name, nearest=self.nearest(name))
        if not choice.by_project:
            if at:
                raise InNoProject(item=choice.name)
            return choice.items[""]
        if not choice.items:
            raise NoProject(item=choice.name, product=next(iter(choice.lacking.values())))
        if not at:
            return self._without_alias(choice)
        found = next((each for each in choice.items if each.casefold() == alias.strip().casefold()), None)
        if found is not None:
            return choice.items[found]
        lacking = next((each for each in choice.lacking if each.casefold() == alias.strip().casefold()), None)
        if lacking is not None:
            raise NotThere(item=choice.name, project=lacking, product=choice.lacking[lacking])
        alike = difflib.get_close_matches(alias, choice.items, n=3)
        raise UnknownProject(item=choice.name, project=alias, projects=tuple(dict.fromkeys([*alike, *choice.items])))

    def _without_alias(self, choice: Choice) -> Item:
        if self.default and self.default in choice.items:
            return choice.items[self.default]
        if len(choice.items) == 1:
            return next(iter(choice.items.values()))
        raise ProjectMissing(item=choice.name, projects=tuple(choice.items))

    def nearest(self, name: str) -> str | None:
        """The known name that is most like the one that was typed, whatever its case; None where none is alike."""
        before, at, _ = name.partition("@")
        known = self.choices if at else (*self.choices, *self.items)
        folded = {item.casefold(): item for item in known}
        close = difflib.get_close_matches(before.casefold(), folded, n=1, cutoff=0.5)
        return folded[close[0]] if close else None

    @property
    def policies(self) -> tuple[Item, ...]:
        """The items that are one RAM policy each."""
        return tuple(
            choice.items[""]
            for choice in self.choices.values()
            if not (choice.is_bundle or choice.by_project or choice.by_hand)
        )

    @property
    def by_hand(self) -> tuple[Choice, ...]:
        """What people give by hand."""
        return tuple(choice for choice in self.choices.values() if choice.by_hand)

    @property
    def roles(self) -> tuple[Choice, ...]:
        """The member roles, each of which is asked for in a project."""
        return tuple(choice for choice in self.choices.values() if not choice.is_bundle and choice.by_project)

    @property
    def bundles(self) -> tuple[Choice, ...]:
        """What gives several policies and roles together."""
        return tuple(choice for choice in self.choices.values() if choice.is_bundle)

    @property
    def types(self) -> dict[str, str]:
        """The policies whose type the catalogue names."""
        return {item.name: item.type for item in self.policies if item.type}

    @property
    def entitlements(self) -> frozenset[Entitlement]:
        """Everything that may be granted."""
        known = (*self.items.values(), *self.repairs.values())
        return frozenset(entitlement for item in known for entitlement in item.entitlements)

    @property
    def known(self) -> frozenset[Entitlement]:
        """Everything that it says anything of, whether or not it may be granted."""
        return self.entitlements | self.parts.keys()

    def allows(self, entitlement: Entitlement) -> str:
        """What an entitlement is for in plain words; empty when the catalogue no longer has it."""
        if entitlement in self.parts:
            return self.parts[entitlement].allows
        choice = self.choices.get(entitlement.name)
        return choice.allows if choice and not choice.is_bundle and not choice.by_project else ""
