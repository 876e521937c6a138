"""`/pairec-access explain`: what would become of a request, without asking for it."""

from __future__ import annotations

import html
from collections.abc import Sequence

from approvals import rules
from approvals.operations.ask import Ask
from approvals.rules import Act
from handlers.actions.request_access import explain_access, wall_of
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.parsing import TimeWanted, parse_question
from handlers.translations import Translations
from handlers.views.blocks import Message, note


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message:
    user = interaction.user
    rules.check_full_member(context.directory.person(user), context.team_id)
    if not typed:
        usage = "`/pairec-access explain PaiRecEngineAccess 8h`"
        return note(context.translations.gettext("Name what to explain, such as {usage}.").format(usage=usage))
    item = context.catalog.resolve(html.unescape(typed.split()[0]))
    line = parse_question(typed, wall_of(context, user), TimeWanted(item.default))
    ask = Ask(
        asked_key="",
        team_id=context.team_id,
        requester=user,
        subject=line.person or user,
        item=line.item,
        duration=line.time.duration,
        ends_by=line.time.ends_by,
        starts_at=line.time.starts_at,
    )
    return explain_access(context, ask)


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access explain <policy|bundle|role> [@person] [duration]` shows what would become of a request."
        ),
    )


SUBCOMMAND = Subcommand("explain", "explain", Act.LOOK, _run, _help)
