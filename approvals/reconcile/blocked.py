"""A product keeps somebody who is to go, since something hangs on them: a person is told what, and what to do. It is
not tried again before somebody says so, and looked at once a day, in case they did it and said nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from approvals.entitlements import Key
from approvals.errors import CloudError
from approvals.grant import Grant, GrantState
from approvals.kinds import MessageKind, NoticeKind, NoticeOutcome
from approvals.ledger import Tx, grants, notices, requests
from approvals.millis import DomainMillis
from approvals.outbox import enqueue
from approvals.outbox.notices import change_notice, close_notice, raise_notice


def report(tx: Tx, now: DomainMillis, key: Key, found: Sequence[Grant], error: CloudError) -> None:
    """Have approvers told, once for as long as it is so, and once those whose request it is. `found`: the open grants
    on the key.
    """
    ending = [grant for grant in found if grant.state is GrantState.ENDING]
    if not ending:
        return
    last = ending[-1]
    beside = grants.of_request(tx, last.request_id)
    details = {
        "request": last.request_id,
        "ram_user": last.principal.name,
        "what": list(error.obstacles.what) if error.obstacles else [],
        "remedy": list(error.obstacles.remedy) if error.obstacles else [],
        "ended": [str(each.entitlement) for each in beside if each.state is GrantState.ENDED],
    }
    known = notices.open_about(tx, NoticeKind.BLOCKED_END, str(key))
    if known is None:
        before = notices.last_about(tx, NoticeKind.BLOCKED_END, str(key))
        request = requests.get(tx, last.request_id)
        if request is not None and (before is None or before.details["request"] != request.id):
            enqueue.direct_messages(tx, now, request, MessageKind.END_BLOCKED)
        raise_notice(tx, now, NoticeKind.BLOCKED_END, str(key), details)
    elif dict(known.details) != details:
        change_notice(tx, now, known.id, details)


def settle(tx: Tx, now: DomainMillis, key: Key, outcome: NoticeOutcome) -> None:
    """Nothing keeps them any more, or they are to stay."""
    known = notices.open_about(tx, NoticeKind.BLOCKED_END, str(key))
    if known is not None:
        close_notice(tx, now, known.id, outcome)
