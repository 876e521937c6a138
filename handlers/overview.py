"""Gather what one person's list and App Home show."""

from __future__ import annotations

from dataclasses import replace

from approvals import rules
from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.queries.overview import Overview, overview
from handlers.context import HandlerContext
from handlers.refusals.sentences import sentence


def overview_of(context: HandlerContext, slack_user_id: SlackUserId, *, recent: bool = False) -> Overview:
    """What the person's list shows. Where RAM does not say who may approve, nothing waits for them, and it says why.
    `recent`: what Slack and RAM said at most a minute ago will do.

    Raises:
        Refusal: not a member who may see anything here.
    """
    directory = context.directory
    actor = directory.recent_person(slack_user_id) if recent else directory.person(slack_user_id)
    rules.check_full_member(actor, context.team_id)
    unknown, admins = None, None
    try:
        admins = directory.recent_admins() if recent else directory.admins()
    except Refusal as refusal:
        unknown = sentence(refusal, context.translations)
    with context.ledger.read() as tx:
        return replace(overview(tx, context.team_id, actor, slack_user_id, admins), unknown=unknown)
