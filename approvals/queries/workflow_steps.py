"""What became of what a step of a workflow asked for."""

from __future__ import annotations

from enum import Enum, auto

from approvals.grant import GrantState
from approvals.ledger import Ledger
from approvals.model import RequestState
from approvals.queries import request_view
from approvals.queries.request_view import RequestView


class StepOutcome(Enum):
    """How a step ends."""

    ACTIVE = auto()
    """What was asked for is there, all of it or a part."""
    DENIED = auto()
    CANCELLED = auto()
    EXPIRED = auto()
    """Nobody decided in time."""
    FAILED = auto()
    """It was approved, and nothing of it is there."""
    OVER = auto()
    """It has ended already."""


_CLOSED = {
    RequestState.DENIED: StepOutcome.DENIED,
    RequestState.CANCELLED: StepOutcome.CANCELLED,
    RequestState.EXPIRED: StepOutcome.EXPIRED,
}


def asked_key(execution: str) -> str:
    """What a request is known by that a step asked for: however often the step is delivered, it is one."""
    return f"step:{execution}"


def request_of_step(ledger: Ledger, execution: str) -> RequestView | None:
    """The request that a step asked for; None where it has not yet."""
    with ledger.read() as tx:
        request = request_view.asked_with(tx, asked_key(execution))
        return request_view.of(tx, request) if request else None


def outcome(record: RequestView) -> StepOutcome | None:
    """None while it is not known."""
    closed = _CLOSED.get(record.request.state)
    if closed is not None:
        return closed
    states = {grant.state for grant in record.grants}
    if not states or states & {GrantState.PLANNED, GrantState.GRANTING}:
        return None
    if states & {GrantState.ACTIVE, GrantState.HELD}:
        return StepOutcome.ACTIVE
    return StepOutcome.FAILED if GrantState.FAILED in states else StepOutcome.OVER
