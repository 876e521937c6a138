"""Gather what one person's list and App Home show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from approvals import rules
from approvals.errors import Refusal
from approvals.ledger import people, requests
from approvals.queries import request_view
from approvals.queries.actor import standing
from approvals.rules import Act
from handlers.context import Desk
from handlers.refusals import sentence
from handlers.views.lists import Overview


def overview_of(desk: Desk, slack_user_id: str) -> Overview:
    """
    Raises:
        Refusal: not a member who may see anything here.
    """
    actor = desk.directory.person(slack_user_id)
    rules.genuine(actor, desk.team_id)
    unknown, admins = None, None
    try:
        admins = desk.directory.admins()
    except Refusal as refusal:
        unknown = sentence(refusal, desk.words)
    with desk.ledger.read() as tx:
        link = people.link_of_person(tx, desk.team_id, actor)
        ram_user_id = link.principal.user_id if link else None
        about_them = requests.concerning(tx, desk.team_id, slack_user_id, ram_user_id)
        mine = [request_view.of(tx, request) for request in about_them]
        waiting = requests.pending(tx, desk.team_id) if admins else []
        standings = [(request, standing(tx, desk.team_id, actor, admins, request)) for request in waiting]
        own = standing(tx, desk.team_id, actor, admins)
        open_ones = {request.id: request_view.of(tx, request) for request in waiting}
    to_decide = None
    if _passes(rules.may_approve, own):
        to_decide = [
            open_ones[request.id]
            for request, known in standings
            if _passes(rules.authorise, Act.DECIDE, actor, known, request)
        ]
    return Overview(slack_user_id, link, mine, to_decide, unknown)


def _passes(rule: Callable[..., object], *values: Any) -> bool:
    try:
        rule(*values)
    except Refusal:
        return False
    return True
