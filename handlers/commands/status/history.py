"""`/pairec-status history`: the last changes."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.rules import Act
from approvals.status import watches
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message
from handlers.views.status_changes import history_message

MAX_HISTORY_CHANGES = 20
"""Changes that are shown."""


def _run(context: HandlerContext, _interaction: Interaction, _typed: str) -> Message:
    changes = watches.history(context.ledger, context.plan, MAX_HISTORY_CHANGES)
    return history_message(changes, context.plan, context.translations)


def _help(translations: Translations) -> Sequence[str]:
    return (translations.gettext("• `/pairec-status history` shows the last changes."),)


SUBCOMMAND = Subcommand("history", "history", Act.LOOK, _run, _help)
