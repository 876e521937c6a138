"""The field for the project in which a role or a bundle is asked for."""

from __future__ import annotations

from approvals.catalog.model import Catalog, Choice, Item
from handlers.translations import Translations
from handlers.views.blocks import Block, context_block, input_field
from handlers.views.parts import part_name, product_title
from handlers.views.request_input import WHERE
from handlers.views.request_offers import Places, missing_part, project_offers
from handlers.views.selects import select
from handlers.views.text import all_of, literal

MAX_NAMED_GONE_PROJECTS = 5
"""Projects that are named because a place of theirs is gone."""


def project_field(
    choice: Choice, item: Item | None, catalog: Catalog, translations: Translations, places: Places
) -> list[Block]:
    """The projects that it can be asked for in. One of which a product no longer has the place is named, and not
    offered; where a product does not list its places, that is said.
    """
    gone = {alias: missing for alias, each in choice.items.items() if (missing := missing_part(each, places))}
    offers = project_offers(choice, catalog, places)
    blocks: list[Block] = []
    if offers:
        element = select(WHERE, translations.gettext("A project"), offers, item.alias if item else None)
        blocks.append(
            input_field(
                WHERE,
                translations.gettext("Project"),
                element,
                dispatch=True,
                block_id=f"{WHERE}:{choice.name}",
            )
        )
    if offers and (unread := _unread(choice, places)):
        text = translations.gettext(
            "{products} could not be read, so a project in this list may no longer exist: request it all the same, or"
            " try again in a minute."
        )
        blocks.append(context_block(text.format(products=all_of(unread, translations))))
    for alias, missing in list(gone.items())[:MAX_NAMED_GONE_PROJECTS]:
        text = translations.gettext("{project} is not available: {part} no longer exists.")
        blocks.append(
            context_block(text.format(project=literal(alias), part=part_name(missing, catalog, translations)))
        )
    if len(gone) > MAX_NAMED_GONE_PROJECTS:
        blocks.append(
            context_block(
                translations.gettext("{count} more projects are not available either.").format(
                    count=len(gone) - MAX_NAMED_GONE_PROJECTS
                )
            )
        )
    return blocks


def _unread(choice: Choice, places: Places) -> list[str]:
    """The products of which it is not known what they have."""
    parts = (part for item in choice.items.values() for part in item.entitlements if part.is_member_role)
    return list(dict.fromkeys(product_title(part.kind.name) for part in parts if part.kind.name not in places))
