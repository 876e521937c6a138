"""What a request asks for, part by part, in plain words: policies, and roles of members of workspaces and projects."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.catalog.resources import products
from approvals.entitlements import Entitlement
from approvals.model import Holding
from handlers.translations import N_, Translations
from handlers.views.text import first_of, literal, person

ROLES_IN_PROJECTS = {
    "workspace": N_("{role} in {project} (workspace {place})"),
    "project": N_("{role} in {project} (project {place})"),
    "namespace": N_("{role} in {project} (namespace {place})"),
    "instance": N_("{role} in {project} (instance {place})"),
    "database": N_("{role} in {project} (database {place})"),
}
"""By what a product calls its places."""
ROLES_IN_PLACES = {
    "workspace": N_("{role} in {product} workspace {place}"),
    "project": N_("{role} in {product} project {place}"),
    "namespace": N_("{role} in {product} namespace {place}"),
    "instance": N_("{role} in {product} instance {place}"),
    "database": N_("{role} in {product} {place}"),
}
"""The same for a role that the catalogue does not have."""


def part_name(entitlement: Entitlement, catalog: Catalog, translations: Translations) -> str:
    """In mrkdwn, as it stands in a sentence."""
    if not entitlement.is_member_role:
        return f"`{entitlement.name}`"
    part = catalog.parts.get(entitlement)
    if part is None:
        return _uncatalogued_role(entitlement, translations)
    return translations.gettext(ROLES_IN_PROJECTS[part.product.place]).format(
        role=part.title, project=part.project.title, place=literal(entitlement.place)
    )


def plain_part(entitlement: Entitlement, catalog: Catalog, translations: Translations) -> str:
    """The same where nothing is formatted, such as beside a box to tick."""
    return part_name(entitlement, catalog, translations).replace("`", "")


def part_line(entitlement: Entitlement, catalog: Catalog, translations: Translations) -> str:
    """With what it is for, and by whom it is given where people do that."""
    said = f"{part_name(entitlement, catalog, translations)}: {catalog.allows(entitlement)}".rstrip(": ")
    return f"{said} {given_by_hand(entitlement, catalog, translations)}".rstrip()


def given_by_hand(entitlement: Entitlement, catalog: Catalog, translations: Translations) -> str:
    """That people give and take it, and which; empty where the program does."""
    item = catalog.manual.get(entitlement)
    if item is None:
        return translations.gettext("Granted and revoked by hand.") if entitlement.by_hand else ""
    named = [person(each) for each in item.done_by]
    return translations.gettext("Granted and revoked by hand, by {people}.").format(
        people=first_of(named, translations) if named else translations.gettext("an approver")
    )


def holding_name(holding: Holding, catalog: Catalog, translations: Translations) -> str:
    """Something that somebody had before, or that is not known."""
    if "/" in holding.name:
        shown = part_name(Entitlement.parse(holding.name), catalog, translations)
        return translations.gettext("{part}: not known, no answer").format(part=shown) if holding.unread else shown
    if holding.via_group:
        return translations.gettext("`{name}` through group {group}").format(
            name=holding.name, group=literal(holding.via_group)
        )
    return f"`{holding.name}`"


def product_title(product: str | None) -> str:
    """Of the product of a kind of entitlement; RAM for what it holds itself."""
    known = products().get(product or "")
    return known.title if known else "RAM"


def _uncatalogued_role(entitlement: Entitlement, translations: Translations) -> str:
    product = products().get(entitlement.kind.name)
    template = ROLES_IN_PLACES[product.place] if product else N_("{role} in {place}")
    return translations.gettext(template).format(
        role=literal(entitlement.role),
        product=product_title(entitlement.kind.product),
        place=literal(entitlement.place),
    )
