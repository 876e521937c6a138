"""`/pairec-status unwatch`: this channel is not told any more what changes."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.rules import Act
from approvals.status import watches
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message, note


def _run(context: HandlerContext, interaction: Interaction, _typed: str) -> Message:
    watches.unwatch(context.ledger, interaction.channel, interaction.user, context.clock.now())
    return note(context.translations.gettext("This channel no longer watches the status."))


def _help(_translations: Translations) -> Sequence[str]:
    """The line of `watch` says it."""
    return ()


SUBCOMMAND = Subcommand("unwatch", "unwatch", Act.LOOK, _run, _help)
