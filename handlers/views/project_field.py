"""The field for the project in which a role or a bundle is asked for."""

from __future__ import annotations

from approvals.catalog.model import Catalog, Choice, Item
from handlers.translations import Translations
from handlers.views.blocks import Block, context_block, input_field
from handlers.views.parts import part_name
from handlers.views.request_input import WHERE
from handlers.views.request_offers import Places, missing_part, project_offers
from handlers.views.selects import select
from handlers.views.text import literal

MAX_NAMED_GONE_PROJECTS = 5
"""Projects that are named because a place of theirs is gone."""


def project_field(
    choice: Choice, item: Item | None, catalog: Catalog, translations: Translations, places: Places
) -> list[Block]:
    """The projects that it can be asked for in. One of which a product no longer has the place is named, and not
    offered.
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
