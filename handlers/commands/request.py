"""`/pairec-access request`: ask for access, in a form or in one line."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.rules import Act
from handlers.actions.open_request_form import open_form
from handlers.actions.request_access import ask_in_a_line
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message | None:
    return ask_in_a_line(context, interaction, typed) if typed else open_form(context, interaction)


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext("• `/pairec-access` or `/pairec-access request` opens the form."),
        translations.gettext("• In one line: `/pairec-access request PaiRecEngineAccess 8h rolling out ranker v3`"),
        translations.gettext(
            "• In full: `request <policy|bundle|role>[@project] [@person] <duration|until …|until-revoked> [from …]"
            " [ticket:ABC-1] <reason>`"
        ),
    )


SUBCOMMAND = Subcommand("request", "request", Act.ASK, _run, _help)
