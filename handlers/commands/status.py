"""/pairec-status: whether PAI-Rec reaches what it needs, shown on a board, watched, and looked back at."""

from __future__ import annotations

import difflib
import html
from collections.abc import Callable

from slack_bolt import Ack

from approvals import rules
from approvals.durations import parse_duration
from approvals.model import DAY
from approvals.refusals.status import BadInterval, UnknownService
from approvals.rules import Act
from approvals.status import runs, watches
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.views.blocks import Message, note
from handlers.views.board import history_message
from handlers.views.status_help import status_help
from handlers.views.text import person

SUBCOMMANDS = ("watch", "unwatch", "history", "help")
MAX_HISTORY_CHANGES = 20
"""Changes that `history` shows."""


def command(ack: Ack, interaction: Interaction, context: HandlerContext) -> None:
    """`/pairec-status …`: acknowledged at once, answered afterwards."""
    ack()
    text = html.unescape(interaction.text).strip()
    context.serve(interaction, _work(context, interaction, text), Act.LOOK)


def _work(context: HandlerContext, interaction: Interaction, text: str) -> Callable[[], Message | None]:
    first, rest = [*text.split(maxsplit=1), "", ""][:2]

    def work() -> Message | None:
        rules.genuine(context.directory.person(interaction.user), context.team_id)
        match first.casefold():
            case "watch":
                return _watch(context, interaction, rest)
            case "unwatch":
                return _unwatch(context, interaction)
            case "history":
                return _history(context)
            case "help":
                return status_help(context.plan, context.translations)
            case _:
                return _show(context, interaction, text)

    return work


def _show(context: HandlerContext, interaction: Interaction, typed: str) -> Message | None:
    """A board for all, or for one row. It is posted by the worker, and fills in."""
    row = context.plan.find(typed) if typed else None
    if typed and row is None:
        raise UnknownService(text=typed, services=_nearest(context, typed))

    def ask(*, alone: bool) -> runs.Asked:
        return runs.ask(
            context.ledger,
            context.team_id,
            _channel(interaction),
            row.name if row else "",
            interaction.user,
            interaction.response_url,
            context.clock.now(),
            alone=alone,
        )

    asked = ask(alone=False)
    if asked.already and not context.slack.is_closed_to_others(_channel(interaction)):
        asked = ask(alone=True)
    if not asked.already:
        return None
    return note(
        context.translations.gettext(
            "It is being looked at right now: see the board that {asker} asked for, above."
        ).format(asker=person(asked.board.asked_by))
    )


def _nearest(context: HandlerContext, typed: str) -> tuple[str, ...]:
    near = difflib.get_close_matches(typed.split()[0].casefold(), SUBCOMMANDS, n=1, cutoff=0.7)
    return tuple([*near, *context.plan.nearest(typed)][:3])


def _watch(context: HandlerContext, interaction: Interaction, text: str) -> Message:
    every = _interval(text)
    channel = _channel(interaction)
    context.slack.must_be_in(channel)
    watches.watch(context.ledger, context.team_id, channel, every, interaction.user, context.clock.now())
    return note(
        context.translations.gettext(
            "This channel watches the status now: it is looked at every {interval}, and what changes is posted here."
            " `/pairec-status unwatch` ends it."
        ).format(interval=text.strip())
    )


def _interval(text: str) -> int:
    """Raises:
    Refusal: BadInterval, for what cannot be read; what is too short or too long is refused where it is recorded.
    """
    try:
        return min(parse_duration(text), 100_000 * DAY)
    except ValueError:
        raise BadInterval(shortest=watches.SHORTEST, longest=watches.LONGEST) from None


def _unwatch(context: HandlerContext, interaction: Interaction) -> Message:
    watches.unwatch(context.ledger, _channel(interaction), interaction.user, context.clock.now())
    return note(context.translations.gettext("This channel does not watch the status any more."))


def _history(context: HandlerContext) -> Message:
    return history_message(watches.history(context.ledger, MAX_HISTORY_CHANGES), context.plan, context.translations)


def _channel(interaction: Interaction) -> str:
    return interaction.channel
