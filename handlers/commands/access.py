"""`/pairec-access …`: what its subcommands do."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack

from approvals.model import parse_ref
from approvals.rules import Act
from handlers.actions import endings
from handlers.actions.request_access import ask_in_a_line, open_form
from handlers.commands.link import show_link
from handlers.commands.who import who
from handlers.context import HandlerContext, person_in
from handlers.overview import overview_of
from handlers.parsing import nearest_subcommand, split_command
from handlers.views.blocks import Message
from handlers.views.help import help_message
from handlers.views.lists import listing

Work = Callable[[], Message | None]


def command(ack: Ack, body: dict[str, Any], context: HandlerContext) -> None:
    """`/pairec-access …`: acknowledged at once, done and answered afterwards."""
    ack()
    subcommand, rest = split_command(str(body.get("text") or ""))
    act, work = _work(context, body, subcommand, rest)
    context.serve(body, work, act, parse_ref(rest.split(" ")[0]) if act in (Act.CANCEL, Act.REVOKE) else None)


def _work(context: HandlerContext, body: dict[str, Any], subcommand: str, rest: str) -> tuple[Act, Work]:
    user = person_in(body)
    if subcommand == "request":
        if not rest:
            return Act.ASK, lambda: open_form(context, body)
        return Act.ASK, lambda: ask_in_a_line(context, body, rest)
    if subcommand == "list":
        return Act.LOOK, lambda: listing(overview_of(context, user), context.catalog, context.translations)
    if subcommand == "cancel":
        return Act.CANCEL, lambda: endings.typed_cancel(context, user, rest)
    if subcommand == "revoke":
        return Act.REVOKE, lambda: endings.typed_revoke(context, user, html.unescape(rest))
    if subcommand == "who":
        return Act.LOOK, lambda: who(context, user, rest)
    if subcommand == "link":
        return Act.LOOK, lambda: show_link(context, user)
    typed = "" if subcommand in ("help", "") else subcommand
    return Act.LOOK, lambda: help_message(
        context.catalog, context.translations, typed=typed, nearest=nearest_subcommand(typed)
    )
