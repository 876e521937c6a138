"""The RAM users that the form offers for a claim: from a list that is at most a minute old, so nobody waits for RAM."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt import Ack

from approvals.ledger import people
from handlers.desk import BEFORE_ACK, Desk, person_in
from handlers.views.request_form import claim_option, origin

log = logging.getLogger(__name__)

OFFERED = 50


def claimable(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    """Users that nobody is linked to: the one with the person's e-mail address first, then by the start of the name.

    Slack is not asked who types here, as that would take too long. It was when the form was opened, so the names are
    for whom that was, and for nobody else.
    """
    drawn = origin(body.get("view") or {})
    if not drawn.opened_for or drawn.opened_for != person_in(body):
        ack(options=[])
        return
    typed = str(body.get("value") or "").casefold()
    users = desk.directory.known_users() or ()
    try:
        taken = _taken(desk)
    except desk.ledger.troubles as error:
        log.warning("no RAM users can be offered", extra={"error": type(error).__name__})
        ack(options=[])
        return
    found = [
        user
        for user in users
        if user.principal.user_id not in taken
        and (typed in user.principal.name.casefold() or typed in user.display_name.casefold())
    ]
    found.sort(
        key=lambda user: (
            user.principal.user_id != drawn.match,
            not user.principal.name.casefold().startswith(typed),
            user.principal.name,
        )
    )
    ack(options=[claim_option(user, desk.words).to_dict() for user in found[:OFFERED]])


def _taken(desk: Desk) -> set[str]:
    """UserIds of those who are linked; the person waits for this, so the ledger gets a moment for it and no more."""
    with desk.ledger.read(BEFORE_ACK) as tx:
        return {link.principal.user_id for link in people.every_link(tx)}
