"""`/pairec-access list`: what somebody has through this bot, and what waits."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.rules import Act
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.overview import overview_of
from handlers.translations import Translations
from handlers.views.blocks import Message
from handlers.views.lists import list_message


def _run(context: HandlerContext, interaction: Interaction, _typed: str) -> Message:
    overview = overview_of(context, interaction.user)
    return list_message(overview, context.catalog, context.translations, context.tracker)


def _help(translations: Translations) -> Sequence[str]:
    return (translations.gettext("• `/pairec-access list` shows your access and your pending requests."),)


SUBCOMMAND = Subcommand("list", "list", Act.LOOK, _run, _help)
