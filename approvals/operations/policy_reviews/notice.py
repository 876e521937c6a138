"""The notice by which approvers review a policy. Each is about one document: another one gets another notice, so that a
button never stands for what nobody saw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from approvals.entitlements import policy, role_policy
from approvals.grant import GrantState
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Tx, notices, open_grants, open_requests
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import DAY, DomainMillis
from approvals.model import RequestState
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice, raise_notice
from approvals.policies.reviewed import PolicyNow, ReviewedPolicy, ReviewState, review_state
from approvals.queries.who_changed import who_changed

WORDS_KEPT_MS = 2 * DAY
"""Policies are looked at every day, so that what one look shows wrongly, the next one shows as it is."""


def raise_review(tx: Tx, reviewed: ReviewedPolicy | None, seen: PolicyNow, now: DomainMillis) -> None:
    """Have approvers review this document, unless they are asked for that already."""
    shown = notices.open_about(tx, NoticeKind.POLICY_REVIEW, seen.name)
    if shown is not None and _shows(shown.details, seen):
        return
    if shown is not None:
        close_notice(tx, now, shown.id, NoticeOutcome.OUTDATED)
    details = _details(reviewed, seen) | {"changed_by": who_changed(tx, seen.name)}
    raise_notice(tx, now, NoticeKind.POLICY_REVIEW, seen.name, {**details, "reviewed_by": _words(tx, details, now)})
    show_on_cards(tx, seen.name, now)


def as_reviewed(tx: Tx, name: str, now: DomainMillis) -> None:
    """The policy is the reviewed one again: nobody is asked any more, and what waited for that goes on."""
    shown = notices.open_about(tx, NoticeKind.POLICY_REVIEW, name)
    if shown is not None:
        close_notice(tx, now, shown.id, NoticeOutcome.RIGHT_AGAIN)
        give_what_waits(tx, name, now)
        show_on_cards(tx, name, now)


def show_on_cards(tx: Tx, name: str, now: DomainMillis) -> None:
    """The cards of what waits for a decision say of this policy whether it is the reviewed one."""
    for request in open_requests.unfinished(tx):
        asked = request.state is RequestState.PENDING and request.entitlements
        if asked and any(part.has_type and part.name == name for part in asked):
            enqueue.redraw(tx, now, request)


def give_what_waits(tx: Tx, name: str, now: DomainMillis) -> None:
    """What was approved and is not given yet is tried now."""
    for entitlement in (policy(name), role_policy(name)):
        for grant in open_grants.with_entitlement(tx, entitlement):
            if grant.state in (GrantState.PLANNED, GrantState.GRANTING):
                enqueue.reconcile(tx, grant.key, now, GRANT_NEXT)


def tell_of(tx: Tx, reviewed: ReviewedPolicy | None, seen: PolicyNow, now: DomainMillis) -> ReviewState:
    """What it is to the reviewed one; approvers are told where it differs, and that it does not any more."""
    state = review_state(reviewed, seen)
    if state is ReviewState.REVIEWED:
        as_reviewed(tx, seen.name, now)
    else:
        raise_review(tx, reviewed, seen, now)
    return state


def _words(tx: Tx, details: Mapping[str, Any], now: DomainMillis) -> Sequence[Any]:
    """Those that were given a short time ago on the same document, against the same one before. RAM may show for a
    while what a policy was before its last change, and then the newest again: nobody reads that a second time.
    """
    since = DomainMillis(now - WORDS_KEPT_MS)
    for shown in notices.resolved_about(tx, NoticeKind.POLICY_REVIEW, details["policy"], since):
        if shown.outcome is NoticeOutcome.REVIEWED:
            break
        if all(shown.details[name] == details[name] for name in ("type", "hash", "before")):
            return list(shown.details["reviewed_by"])
    return []


def _shows(details: Any, seen: PolicyNow) -> bool:
    return bool((details["type"], details["hash"]) == (seen.type, seen.hash))


def _details(reviewed: ReviewedPolicy | None, seen: PolicyNow) -> dict[str, Any]:
    return {
        "policy": seen.name,
        "type": seen.type,
        "version": seen.version,
        "hash": seen.hash,
        "document": seen.document,
        "before": reviewed.document if reviewed else None,
        "before_version": reviewed.version if reviewed else None,
    }
