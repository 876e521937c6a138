"""App Home: what `/pairec-access list` says, with the buttons to ask, and for approvers what others have."""

from __future__ import annotations

from typing import Any

from approvals.catalog.model import Catalog
from approvals.queries.overview import Overview
from handlers.translations import Translations
from handlers.views.access_buttons import is_active, revoke_button
from handlers.views.attention import HomeAttention, attention_blocks
from handlers.views.blocks import Block, button, buttons, divider, header, section
from handlers.views.dm_reminders import dm_reminders_block
from handlers.views.grants import grant_lines
from handlers.views.lists import heading, overview_blocks
from handlers.views.request_pages import Listing, listing_button
from handlers.views.tracker import Tracker

OWN_ACCESS = "own_access"
MAX_HOME_BLOCKS = 100
"""That Slack takes (docs.slack.dev, views)."""
MAX_HOME_REQUESTS = 10
"""Requests under each heading, where that is within `MAX_HOME_BLOCKS`."""
FEWER_REQUESTS = 5
"""As many always are, with all else that may stand there."""


def home(
    overview: Overview,
    attention: HomeAttention | None,
    catalog: Catalog,
    translations: Translations,
    tracker: Tracker,
) -> dict[str, Any]:
    """The list as App Home, with the buttons that open the forms for a request and for somebody new; requests are set
    apart by lines where Slack takes as many blocks. `attention`: what approvers should look at besides.
    """
    of_approvers = attention_blocks(attention, translations) if attention else []
    blocks: list[Block] = []
    for most, apart in ((MAX_HOME_REQUESTS, True), (MAX_HOME_REQUESTS, False), (FEWER_REQUESTS, False)):
        blocks = _blocks(overview, of_approvers, catalog, translations, tracker, most, apart=apart)
        if len(blocks) <= MAX_HOME_BLOCKS:
            break
    return {"type": "home", "blocks": blocks}


def _blocks(
    overview: Overview,
    of_approvers: list[Block],
    catalog: Catalog,
    translations: Translations,
    tracker: Tracker,
    most: int,
    *,
    apart: bool,
) -> list[Block]:
    ask = buttons(
        button(translations.gettext("Request access"), "open_request", "new", "primary"),
        button(translations.gettext("Onboard somebody"), "open_onboarding", "new"),
        listing_button(Listing.PAST, translations),
    )
    who, *rest = overview_blocks(overview, catalog, translations, tracker, most, apart=apart)
    if overview.link is None:
        who = section(how_to_link(translations), button(translations.gettext("Your access in RAM"), OWN_ACCESS, "new"))
    title = header(translations.gettext("PAI-Rec access"))
    running = _running(overview, catalog, translations, apart=apart)
    reminders = (
        [dm_reminders_block(translations, wished=overview.dm_reminders)] if overview.to_decide is not None else []
    )
    return [title, who, ask, divider(), *rest, *running, *of_approvers, *reminders]


def how_to_link(translations: Translations) -> str:
    """For somebody with no RAM user yet, above the two buttons that it names."""
    return translations.gettext(
        "You are not linked to a RAM user yet. Choose yours in *Request access*: approving your first request confirms"
        " it. If you have none, *Onboard somebody* requests one. More: `/pairec-access link`."
    )


def _running(overview: Overview, catalog: Catalog, translations: Translations, *, apart: bool) -> list[Block]:
    """What others have, for approvers, each with its button."""
    if overview.to_decide is None:
        return []
    all_of_it = button(translations.gettext("Show all"), Listing.RUNNING, "new")
    blocks = [divider(), section(translations.gettext("*Active access* of others, newest first"), all_of_it)]
    for number, record in enumerate(overview.running):
        if apart and number:
            blocks.append(divider())
        text = "\n".join([heading(record, catalog, translations), *grant_lines(record, catalog, translations)])
        blocks.append(section(text, revoke_button(record, translations) if is_active(record) else None))
    return blocks
