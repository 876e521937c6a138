"""Whether what a job is to say of a request still is so: one that Slack did not take for a while may come after a newer
one, which said all.
"""

from __future__ import annotations

from collections.abc import Mapping

from approvals.grant import EndCause, GrantState
from approvals.kinds import MessageKind
from approvals.model import CloseReason, RequestState
from approvals.outbox.timers import LEAST_NOTICE_MS
from approvals.queries.request_view import RequestView

ON_THE_WAY = frozenset((GrantState.PLANNED, GrantState.GRANTING))
GONE = frozenset((GrantState.ENDED, GrantState.VOID))
_OF_STATE: Mapping[RequestState, MessageKind] = {
    RequestState.PENDING: MessageKind.ASKED,
    RequestState.SCHEDULED: MessageKind.APPROVED,
    RequestState.DENIED: MessageKind.DENIED,
    RequestState.EXPIRED: MessageKind.EXPIRED,
    RequestState.CANCELLED: MessageKind.CANCELLED,
}


def is_outdated(kind: MessageKind, record: RequestView) -> bool:
    """Whether something newer is so by now, of which there is a job as well."""
    states = {grant.state for grant in record.grants}
    match kind:
        case MessageKind.ASKED | MessageKind.NOT_REMINDED:
            return not record.pending
        case MessageKind.APPROVED | MessageKind.DELAYED:
            return not (record.scheduled or states & ON_THE_WAY)
        case MessageKind.GRANTED:
            return bool(states) and states <= GONE
        case MessageKind.ENDING_SOON:
            return GrantState.ACTIVE not in states
        case _:
            return False


def present_kind(record: RequestView) -> MessageKind:
    """What says how a request stands now."""
    request = record.request
    if request.state in _OF_STATE:
        lost = request.close_reason in (CloseReason.CLAIM_LOST, CloseReason.OTHER_CLAIM)
        return MessageKind.CLAIM_LOST if lost else _OF_STATE[request.state]
    states = {grant.state for grant in record.grants}
    if states <= ON_THE_WAY:
        return MessageKind.APPROVED
    return MessageKind.ENDED if states <= GONE else MessageKind.GRANTED


def is_announced_end(record: RequestView) -> bool:
    """Whether its time was up, nothing of it is left, and it was long enough for a reminder of that."""
    causes = {grant.end_cause for grant in record.grants if grant.state is GrantState.ENDED}
    if causes != {EndCause.DEADLINE} or any(grant.remains for grant in record.grants):
        return False
    begun = [grant.active_at for grant in record.grants if grant.active_at is not None]
    ends_at = record.request.ends_at
    return ends_at is not None and bool(begun) and ends_at - min(begun) > LEAST_NOTICE_MS
