"""`/pairec-access revoke R-1042 [reason]`: show what it gives, with a button that ends it."""

from __future__ import annotations

import html
from collections.abc import Sequence

from approvals.rules import Act
from handlers.actions.endings import typed_revoke
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message:
    return typed_revoke(context, interaction.user, html.unescape(typed))


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access revoke R-1042 [reason]` ends your access early; administrators can revoke anybody's."
        ),
    )


SUBCOMMAND = Subcommand("revoke", "revoke R-1042", Act.REVOKE, _run, _help, names_request=True)
