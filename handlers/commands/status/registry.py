"""`/pairec-status …`: its subcommands, and what is done with what somebody types."""

from __future__ import annotations

from collections.abc import Sequence

from slack_bolt import Ack

from approvals import rules
from approvals.rules import Act
from handlers.commands.status import history, show, unwatch, watch
from handlers.commands.subcommand import HELP, SlashCommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.parsing import split_command
from handlers.translations import Translations
from handlers.views.blocks import Message
from handlers.views.status_help import status_help

STATUS = SlashCommand((show.SUBCOMMAND, watch.SUBCOMMAND, unwatch.SUBCOMMAND, history.SUBCOMMAND))
NEAR_ENOUGH = 0.7
"""How like a subcommand's name a word has to be to have been meant for it and not for a row."""


def command(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """`/pairec-status …`: acknowledged at once, answered afterwards."""
    ack()
    typed = interaction.text
    name, rest = split_command(typed)
    found = STATUS.named(name)

    def answer() -> Message | None:
        rules.check_full_member(context.directory.person(interaction.user), context.team_id)
        if name == HELP:
            return status_help(context.plan, context.meet().translations, help_lines(context.translations))
        if found is None:
            return show.row(context, interaction, typed, STATUS.nearest(name, NEAR_ENOUGH))
        return found.run(context, interaction, rest)

    context.serve(interaction, answer, found.act if found else Act.LOOK)


def help_lines(translations: Translations) -> Sequence[str]:
    """Those of all subcommands."""
    return [line for each in STATUS.subcommands for line in each.help(translations)]
