"""`/pairec-access review`: what is left of the access review, for an approver."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.rules import Act
from handlers.actions.access_reviews import part_of
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message


def _run(context: HandlerContext, interaction: Interaction, _typed: str) -> Message:
    return part_of(context, interaction)


def _help(translations: Translations) -> Sequence[str]:
    return (translations.gettext("• `/pairec-access review` shows your part of the access review, for approvers."),)


SUBCOMMAND = Subcommand("review", "review", Act.ACCESS_REVIEW, _run, _help)
