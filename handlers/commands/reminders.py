"""`/pairec-access reminders dm`: somebody is reminded by direct message as well; `reminders thread` ends it."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.rules import Act
from handlers.actions.dm_reminders import choose_now, chosen_now
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message

BY_MESSAGE, IN_THREADS = ("dm", "私信"), ("thread", "threads", "off", "消息列")


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message:
    word = typed.strip().casefold()
    if word in (*BY_MESSAGE, *IN_THREADS):
        return choose_now(context, interaction, wished=word in BY_MESSAGE)
    return chosen_now(context, interaction)


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access reminders dm`: reminders for approvers come by direct message too; `thread` ends it."
        ),
    )


SUBCOMMAND = Subcommand("reminders", "reminders dm", Act.REMINDERS, _run, _help)
