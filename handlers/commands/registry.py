"""`/pairec-access …`: its subcommands, what is done with what somebody types, and what helps who typed another one.
Whoever types nothing after it gets the form.
"""

from __future__ import annotations

from collections.abc import Sequence

from slack_bolt import Ack

from approvals.model import parse_ref
from approvals.rules import Act
from handlers.commands import (
    away,
    break_glass,
    cancel,
    drift,
    explain,
    history,
    link,
    list,
    offboard,
    onboard,
    policies,
    reminders,
    request,
    review,
    revoke,
    who,
)
from handlers.commands.subcommand import HELP, SlashCommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.parsing import split_command
from handlers.translations import Translations
from handlers.views.blocks import Message
from handlers.views.help import help_message

ACCESS = SlashCommand(
    (
        request.SUBCOMMAND,
        explain.SUBCOMMAND,
        break_glass.SUBCOMMAND,
        list.SUBCOMMAND,
        history.SUBCOMMAND,
        cancel.SUBCOMMAND,
        revoke.SUBCOMMAND,
        who.SUBCOMMAND,
        policies.SUBCOMMAND,
        drift.SUBCOMMAND,
        review.SUBCOMMAND,
        away.SUBCOMMAND,
        away.BACK,
        reminders.SUBCOMMAND,
        link.SUBCOMMAND,
        onboard.SUBCOMMAND,
        offboard.SUBCOMMAND,
    )
)
ELSEWHERE = {"status": "/pairec-status"}
"""What is a slash command of its own."""
NEAR_ENOUGH = 0.5
"""How like a subcommand's name a word has to be for that to be suggested."""


def command(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """`/pairec-access …`: acknowledged at once, done and answered afterwards."""
    ack()
    name, rest = split_command(interaction.text)
    found = ACCESS.named(name)
    if not name:
        found = request.SUBCOMMAND
    if found is None:
        context.serve(interaction, lambda: _help(context, name), Act.LOOK)
        return
    about = parse_ref(rest.split(" ")[0]) if found.names_request else None
    context.serve(interaction, lambda: found.run(context, interaction, rest), found.act, about)


def more_clicked(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """The button of the help: all that can be asked for."""
    ack()
    context.serve(interaction, lambda: _help(context, "", whole=True), Act.LOOK, in_place=True)


def help_lines(translations: Translations) -> tuple[Sequence[str], Sequence[str]]:
    """Those of the subcommands that ask, and those of all others."""
    asking = [line for each in ACCESS.subcommands if each.act is Act.ASK for line in each.help(translations)]
    others = [line for each in ACCESS.subcommands if each.act is not Act.ASK for line in each.help(translations)]
    return asking, others


def _help(context: HandlerContext, typed: str, *, whole: bool = False) -> Message:
    typed = "" if typed == HELP else typed
    lines = help_lines(context.meet().translations)
    near = ACCESS.nearest(typed, NEAR_ENOUGH)
    meant = ELSEWHERE.get(typed) or (f"/pairec-access {near}" if near else None)
    return help_message(context.catalog, context.translations, *lines, typed=typed, meant=meant, whole=whole)
