"""`/pairec-status watch 30m`: this channel is told what changes from now on."""

from __future__ import annotations

import html
from collections.abc import Sequence

from approvals.durations import parse_duration
from approvals.millis import DAY
from approvals.refusals.status import BadInterval
from approvals.rules import Act
from approvals.status import watches
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message, note


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message:
    text = html.unescape(typed).strip()
    every = _interval(text)
    channel = interaction.channel
    context.slack.must_be_in(channel)
    watches.watch(context.ledger, context.team_id, channel, every, interaction.user, context.clock.now())
    return note(
        context.translations.gettext(
            "This channel watches the status now: it is checked every {interval}, and changes are posted"
            " here. `/pairec-status unwatch` stops it."
        ).format(interval=text)
    )


def _interval(text: str) -> int:
    """Milliseconds.

    Raises:
        BadInterval: it cannot be read; what is too short or too long is refused where it is recorded.
    """
    try:
        return min(parse_duration(text), 100_000 * DAY)
    except ValueError:
        raise BadInterval(shortest=watches.SHORTEST, longest=watches.LONGEST) from None


def _help(translations: Translations) -> Sequence[str]:
    """Of its end as well, which is one thought."""
    return (
        translations.gettext(
            "• `/pairec-status watch 30m` posts changes in this channel; `/pairec-status unwatch` stops it."
        ),
    )


SUBCOMMAND = Subcommand("watch", "watch 30m", Act.LOOK, _run, _help)
