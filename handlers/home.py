"""App Home: the same as `/pairec-access list`, redrawn when something of it changes."""

from __future__ import annotations

import logging
from typing import Any

from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.operations.open_home import open_home
from approvals.queries.attention import attention
from approvals.queries.overview import Overview
from approvals.refusals.service import SlackSilent
from handlers.context import HandlerContext
from handlers.executor import Busy
from handlers.overview import overview_of
from handlers.refusals.sentences import sentence
from handlers.views.attention import HomeAttention
from handlers.views.blocks import section
from handlers.views.home import home

log = logging.getLogger(__name__)


def home_opened(event: dict[str, Any], context: HandlerContext) -> None:
    """Somebody looks at it: have it drawn, and remember to redraw it when something of theirs changes."""
    if event.get("tab", "home") != "home":
        return
    user = SlackUserId(str(event.get("user") or ""))

    def note_it() -> None:
        """Not on Bolt's thread: whoever writes may have to wait for others."""
        open_home(context.ledger, context.team_id, user, context.clock.now())
        context.wake()

    try:
        context.executor.submit(note_it)
    except Busy:
        log.warning("too busy to draw App Home", extra={"slack_user": user})


def draw_home(context: HandlerContext, slack_user_id: SlackUserId) -> dict[str, Any]:
    """The view for one person; for somebody who may see nothing, the sentence that says why.

    Raises:
        Refusal: Slack did not say who it is; what is shown now stays until it does.
    """
    try:
        overview = overview_of(context, slack_user_id, recent=True)
    except SlackSilent:
        raise
    except Refusal as refusal:
        return {"type": "home", "blocks": [section(sentence(refusal, context.translations))]}
    return home(overview, _attention(context, overview), context.catalog, context.translations, context.tracker)


def _attention(context: HandlerContext, overview: Overview) -> HomeAttention | None:
    """For approvers alone."""
    if overview.to_decide is None:
        return None
    with context.ledger.read() as tx:
        return HomeAttention(attention(tx, context.clock.now()), context.conditions())
