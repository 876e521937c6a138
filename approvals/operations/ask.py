"""What somebody asks for, and what the catalogue alone says against it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from approvals import text_input
from approvals.catalog.model import Catalog
from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.millis import DomainMillis
from approvals.people import Principal
from approvals.refusals.request import (
    BadDuration,
    BadTicket,
    TicketMissing,
    TooLong,
    UntilRevokedNotOffered,
)

_TICKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._#/-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person typed or chose. `asked_key` makes a form that arrives twice one request."""

    asked_key: str
    team_id: str
    requester: SlackUserId
    subject: SlackUserId
    item: str
    duration: int | None
    """Milliseconds; None is until revoked."""
    reason: str = ""
    ticket: str | None = None
    claim: Principal | None = None
    """The RAM user that the form was told the subject is."""
    ends_by: DomainMillis | None = None
    """The moment until which it is asked for, where it is one; `duration` is what is left until then."""
    starts_at: DomainMillis | None = None
    """From when it is wanted, where that is later; `duration` counts from then."""
    extends: int | None = None
    """The number of the request that it asks more time for."""
    workflow_step: str | None = None
    """Slack's id of the run of a workflow's step that asks."""


def catalog_refusals(catalog: Catalog, ask: Ask) -> list[Refusal]:
    """What the catalogue alone says against it: everything at once, so that a form can show it under its fields."""
    try:
        item = catalog.resolve(ask.item)
    except Refusal as refusal:
        return [refusal]
    found: list[Refusal] = []
    if ask.duration is None:
        if not item.until_revoked:
            found.append(UntilRevokedNotOffered(item=item.name, longest=item.longest))
    elif ask.duration <= 0:
        found.append(BadDuration(text=str(ask.duration)))
    elif ask.duration > item.longest:
        found.append(TooLong(item=item.name, longest=item.longest))
    found += text_input.against_reason(ask.reason) if item.reason else text_input.refusals_of(ask.reason)
    if item.ticket and not ask.ticket:
        found.append(TicketMissing(item=item.name))
    if ask.ticket and not _TICKET.fullmatch(ask.ticket):
        found.append(BadTicket())
    return found
