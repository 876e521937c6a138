"""Who may act on a request, besides approvers: whoever asked for it or would get it."""

from __future__ import annotations

from approvals import rules
from approvals.ids import SlackUserId
from approvals.model import AccessRequest
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.rules import Act
from handlers.context import HandlerContext
from handlers.identity import link_of


def check_before_window(context: HandlerContext, user: SlackUserId, act: Act, request: AccessRequest) -> Person:
    """Who clicked, as whom a window opens; RAM is asked of those alone whose request it is not.

    Raises:
        Refusal: they are neither concerned nor an approver, or Slack or RAM does not say.
    """
    if is_concerned(context, user, request):
        actor, admins = context.directory.recent_person(user), None
    else:
        actor, admins = context.directory.clicker(user)
        # What is sent is judged anew, where RAM is too slow for this click.
        admins = admins or context.directory.recent_admins()
    with context.ledger.read() as tx:
        rules.authorise(act, actor, standing(tx, context.team_id, actor, admins, request), request)
    return actor


def is_concerned(context: HandlerContext, user: SlackUserId, request: AccessRequest) -> bool:
    """Whether they asked for it or would get it; of anybody else RAM is asked whether they may approve."""
    link, _unlinked = link_of(context, user)
    theirs = link is not None and link.principal.user_id in (request.principal.user_id, request.requester_ram_id)
    return theirs or user in (request.requester, request.subject)
