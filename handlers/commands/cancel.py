"""`/pairec-access cancel R-1042`, or `@person`: show what still waits, with a button that withdraws it."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.rules import Act
from handlers.actions import onboarding
from handlers.actions.endings import typed_cancel
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.parsing import is_about_somebody
from handlers.translations import Translations
from handlers.views.blocks import Message


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message:
    if is_about_somebody(typed):
        return onboarding.typed_cancel(context, interaction.user, typed)
    return typed_cancel(context, interaction.user, typed)


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access cancel R-1042` cancels a pending request; `cancel @person` one for a RAM user."
        ),
    )


SUBCOMMAND = Subcommand("cancel", "cancel R-1042", Act.CANCEL, _run, _help, names_request=True)
