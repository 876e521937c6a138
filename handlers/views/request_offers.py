"""What the fields of the form that asks for access offer."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Catalog, Choice, Item
from approvals.entitlements import Entitlement
from approvals.evidence import RamUser
from handlers.translations import Translations
from handlers.views.parts import product_title
from handlers.views.request_input import WHERE
from handlers.views.selects import SelectOption

Places = Mapping[str, Mapping[str, str]]
"""By product: what exists, by id, with the product's name for each."""


def choice_offers(catalog: Catalog, translations: Translations) -> list[SelectOption]:
    """Everything that can be asked for, without the projects that it can be asked for in."""
    offered = [each for each in catalog.choices.values() if each.items]
    groups = {
        translations.gettext("Policies"): [
            each for each in offered if not (each.is_bundle or each.by_project or each.by_hand)
        ],
        translations.gettext("By job"): [each for each in offered if each.is_bundle],
        translations.gettext("Roles in a project"): [
            each for each in offered if not each.is_bundle and each.by_project
        ],
        translations.gettext("By hand"): [each for each in offered if each.by_hand],
    }
    return [
        SelectOption(each.name, f"{each.title} · {each.name}", each.allows, group)
        for group, choices in groups.items()
        for each in choices
    ]


def project_offers(choice: Choice, catalog: Catalog, places: Places) -> list[SelectOption]:
    """The projects that it can be asked for in, but those of which a product no longer has the place."""
    return [_project_offer(each, catalog, places) for each in choice.items.values() if not missing_part(each, places)]


def bundle_offers(catalog: Catalog, places: Places) -> list[SelectOption]:
    """The bundles, each in every project that it can be asked for in."""
    return [
        SelectOption(item.name, f"{choice.title} · {item.alias}" if item.alias else choice.title, choice.allows)
        for choice in catalog.bundles
        for item in choice.items.values()
        if not missing_part(item, places)
    ]


def claim_offer(user: RamUser) -> SelectOption:
    """A RAM user to choose from, by name. The value is the UserId and the name, of which a claim is made."""
    label = user.principal.name if not user.display_name else f"{user.principal.name} ({user.display_name})"
    return SelectOption(f"{user.principal.user_id}|{user.principal.name}", label)


def choice_of_block(block_id: str, catalog: Catalog) -> Choice | None:
    """The choice whose projects the field in this block is for."""
    field, _, name = block_id.partition(":")
    return catalog.choices.get(name) if field == WHERE else None


def missing_part(item: Item, places: Places) -> Entitlement | None:
    """A part of it whose place a product is known not to have."""
    return next(
        (
            part
            for part in item.entitlements
            if part.is_member_role and part.kind.name in places and part.place not in places[part.kind.name]
        ),
        None,
    )


def _project_offer(item: Item, catalog: Catalog, places: Places) -> SelectOption:
    """With the names that the products themselves have for its places."""
    parts = [part for part in item.entitlements if part.is_member_role and part in catalog.parts]
    found = {part.kind.name: places.get(part.kind.name, {}).get(part.place) or part.place for part in parts}
    text = " · ".join(f"{product_title(kind)} {name}" for kind, name in found.items())
    alias = item.alias or ""
    title = next((catalog.parts[part].project.title for part in parts), alias)
    return SelectOption(alias, f"{title} · {alias}" if title != alias else title, text)
