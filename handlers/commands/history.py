"""`/pairec-access history …`: what somebody had or asked for, in a window."""

from __future__ import annotations

import html
from collections.abc import Sequence

from approvals.rules import Act
from handlers.actions.request_pages import open_listing
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message
from handlers.views.request_pages import Listing


def _run(context: HandlerContext, interaction: Interaction, text: str) -> Message | None:
    """Args:
    text: what to search for; all, where it is empty.
    """
    too_late = context.translations.gettext("That took too long. Type it again.")
    return open_listing(context, interaction, Listing.PAST, html.unescape(text).strip(), too_late)


def _help(translations: Translations) -> Sequence[str]:
    return (translations.gettext("• `/pairec-access history [words]` shows your past requests, to search or repeat."),)


SUBCOMMAND = Subcommand("history", "history [words]", Act.LOOK, _run, _help)
