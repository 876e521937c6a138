"""/pairec-status: which of the catalogue's policies this account has, and how many hold them."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack

from approvals import rules
from approvals.rules import Act
from handlers.desk import Desk, person_in
from handlers.views.blocks import Message
from handlers.views.status import status_message


def command(ack: Ack, body: dict[str, Any], desk: Desk) -> None:
    ack()
    desk.serve(body, lambda: _status(desk, person_in(body)), Act.LOOK)


def _status(desk: Desk, user: str) -> Message:
    rules.genuine(desk.directory.person(user), desk.team_id)
    found = desk.directory.policy_status(tuple(item.name for item in desk.catalog.policies))
    return status_message(found, desk.catalog, desk.words)
