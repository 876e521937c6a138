"""What approvers are told of the comparison with the cloud's own record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.cloud_events import CloudEvent
from approvals.ids import RamUserId
from approvals.kinds import NoticeKind
from approvals.ledger import Tx, notices, people
from approvals.member_calls import UNKNOWN_PLACE, member_call
from approvals.millis import DomainMillis
from approvals.model import request_ref
from approvals.operations.cloud_record.judge import CallVerdict, Watched
from approvals.operations.cloud_record.known import Confirmed
from approvals.outbox.notices import change_notice, raise_notice
from approvals.queries.who_changed import CHANGES, who_changed

MAX_TOLD = 10
"""Of one kind in one message; it says how many more there are."""
_KINDS = {CallVerdict.STOLEN: NoticeKind.STOLEN_KEY, CallVerdict.OTHERS: NoticeKind.OUTSIDE_WRITES}


def of_events(tx: Tx, events: Sequence[tuple[CloudEvent, Watched]], verdict: CallVerdict, now: DomainMillis) -> None:
    """Tell of calls that are not ours, each with what was looked after then; and in a review of a policy who changed
    it.
    """
    if not events:
        return
    for event, watched in events:
        _in_review(tx, event, watched, now)
    details = {
        "events": [_told(tx, event, watched) for event, watched in events[:MAX_TOLD]],
        "more": max(0, len(events) - MAX_TOLD),
    }
    raise_notice(tx, now, _KINDS[verdict], events[0][0].id, details)


def of_missing(tx: Tx, writes: Sequence[Confirmed], now: DomainMillis) -> None:
    """Tell of our writes that the cloud answered as done, and does not know of."""
    if not writes:
        return
    told = [
        {
            "at": each.at,
            "event": each.event,
            "entitlement": each.entitlement,
            "request": request_ref(each.request_id) if each.request_id is not None else None,
            "known_as": each.cloud_request_id,
        }
        for each in writes[:MAX_TOLD]
    ]
    details = {"writes": told, "more": max(0, len(writes) - MAX_TOLD)}
    raise_notice(tx, now, NoticeKind.NOT_IN_RECORD, writes[0].write_id, details)


def _in_review(tx: Tx, event: CloudEvent, watched: Watched, now: DomainMillis) -> None:
    policy = watched.policy_of(event)
    if not policy or event.name not in CHANGES or event.error_code:
        return
    shown = notices.open_about(tx, NoticeKind.POLICY_REVIEW, policy)
    if shown is not None:
        change_notice(tx, now, shown.id, {**shown.details, "changed_by": who_changed(tx, policy)})


def _told(tx: Tx, event: CloudEvent, watched: Watched) -> dict[str, Any]:
    named = ("UserName", "UserPrincipalName", "PrincipalName", "GroupName", "NewGroupName", "RoleName", "PolicyName")
    by_group = watched.by_group(event)
    return {
        "at": event.at,
        "name": event.name,
        "service": event.service,
        "who": event.actor.name or event.actor.id,
        "type": event.actor.type,
        "from": event.source_ip,
        "on": [event.params[each] for each in named if event.params.get(each)],
        "refused": event.error_code or None,
        "marked": event.write_id is not None,
        "known_as": event.request_id,
        "by_group": None if by_group is None else sorted(by_group),
        "member": _of_member(tx, event, watched),
    }


def _of_member(tx: Tx, event: CloudEvent, watched: Watched) -> dict[str, Any] | None:
    """Of a call about a product's members: where, who by the names that are known, and what else it says."""
    call = member_call(event, watched.places)
    if call is None:
        return None
    names = {link.principal.user_id: link.principal.name for link in people.every_link(tx)}
    return {
        "product": call.product if call.place != UNKNOWN_PLACE else None,
        "place": call.place,
        "who": [{"id": each, "name": names.get(RamUserId(each))} for each in call.user_ids],
        "said": [f"{name}={value}" for name, value in sorted(call.rest.items())],
    }
