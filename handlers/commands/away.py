"""`/pairec-access away until monday`: nobody reminds, mentions or counts on somebody until then; `back` ends it."""

from __future__ import annotations

from collections.abc import Sequence

from approvals import rules
from approvals.operations.away import go_away
from approvals.rules import Act
from handlers.actions.away import come_back_now, until_now
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.parsing import Wall, read_return
from handlers.translations import Translations
from handlers.views.away import away_message
from handlers.views.blocks import Message

OFF = ("off", "back", "回来")


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message:
    if typed.strip().casefold() in OFF:
        return come_back_now(context, interaction)
    actor = context.directory.person(interaction.user)
    rules.check_full_member(actor, context.team_id)
    if not typed:
        return away_message(until_now(context, actor), context.translations)
    now = context.clock.now()
    until = read_return(typed, Wall(now, lambda: actor.time_zone, context.working_hours.begin))
    go_away(context.ledger, context.team_id, actor, until, now)
    return away_message(until, context.translations)


def _back(context: HandlerContext, interaction: Interaction, _typed: str) -> Message:
    return come_back_now(context, interaction)


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext("• `/pairec-access away until monday`: until then you are not reminded; `away` shows it."),
    )


def _help_of_back(translations: Translations) -> Sequence[str]:
    return (translations.gettext("• `/pairec-access back`: you are no longer away."),)


SUBCOMMAND = Subcommand("away", "away until monday", Act.AWAY, _run, _help)
BACK = Subcommand("back", "back", Act.AWAY, _back, _help_of_back)
