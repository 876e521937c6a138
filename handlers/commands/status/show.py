"""`/pairec-status` and `/pairec-status oss`: a board for everything or for one row. The worker posts and fills it."""

from __future__ import annotations

import html
from collections.abc import Sequence

from approvals.refusals.status import UnknownService
from approvals.rules import Act
from approvals.status import runs
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.text import person


def row(context: HandlerContext, interaction: Interaction, typed: str, near: str | None) -> Message | None:
    """The board of the row that was typed; `near` is the subcommand that may have been meant instead.

    Raises:
        UnknownService: there is no such row.
    """
    text = html.unescape(typed).strip()
    found = context.plan.find(text)
    if found is None:
        meant = [*([near] if near else []), *context.plan.nearest(text)]
        raise UnknownService(text=text, services=tuple(meant[:3]))
    return _board(context, interaction, found.name)


def _board(context: HandlerContext, interaction: Interaction, scope: str) -> Message | None:
    """`scope`: a row's name, or empty for all."""

    def ask(*, alone: bool) -> runs.RequestedBoard:
        return runs.request_board(
            context.ledger,
            context.team_id,
            interaction.channel,
            scope,
            interaction.user,
            interaction.response_url,
            context.clock.now(),
            alone=alone,
        )

    asked = ask(alone=False)
    if asked.already and not context.slack.is_closed_to_others(interaction.channel):
        asked = ask(alone=True)
    if not asked.already:
        return None
    return note(
        context.translations.gettext("A check is running: see the board that {asker} requested, above.").format(
            asker=person(asked.board.asked_by)
        )
    )


def _run(context: HandlerContext, interaction: Interaction, _typed: str) -> Message | None:
    return _board(context, interaction, "")


def _help(translations: Translations) -> Sequence[str]:
    """The help puts the names of the rows in."""
    return (
        translations.gettext("• `/pairec-status` checks everything and posts a board in this channel."),
        translations.gettext("• `/pairec-status oss` checks one row; the names are {names}."),
    )


SUBCOMMAND = Subcommand("", "oss", Act.LOOK, _run, _help)
