"""`/pairec-access break-glass`: take access at once in an emergency."""

from __future__ import annotations

import html
from collections.abc import Sequence

from approvals import rules
from approvals.durations import format_duration
from approvals.refusals.break_glass import NoBreakGlass
from approvals.rules import Act
from handlers.actions.emergencies import take_at_once
from handlers.commands.subcommand import Subcommand
from handlers.context import HandlerContext
from handlers.interaction import Interaction
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.takers import takers
from handlers.views.text import first_of, literal


def _run(context: HandlerContext, interaction: Interaction, typed: str) -> Message:
    if not typed:
        rules.check_full_member(context.directory.person(interaction.user), context.team_id)
        return _offered(context)
    item, reason = [*html.unescape(typed).split(maxsplit=1), ""][:2]
    return take_at_once(context, interaction, item, reason)


def _offered(context: HandlerContext) -> Message:
    terms = context.catalog.break_glass
    if terms is None:
        raise NoBreakGlass()
    translations = context.translations
    text = translations.gettext(
        "Break-glass gives {items} at once for {duration}, to {takers}."
        " Every approver is told, and one of them reviews it."
        " Type `/pairec-access break-glass {item} what happened`."
    )
    items = sorted(terms.items)
    return note(
        text.format(
            items=first_of([literal(each) for each in items], translations),
            duration=format_duration(terms.longest),
            takers=takers(terms.groups, terms.on_call, translations),
            item=items[0],
        )
    )


def _help(translations: Translations) -> Sequence[str]:
    return (
        translations.gettext(
            "• `/pairec-access break-glass <policy|bundle|role> <reason>` takes it in an emergency; it is reviewed."
        ),
    )


SUBCOMMAND = Subcommand("break-glass", "break-glass", Act.BREAK_GLASS, _run, _help)
