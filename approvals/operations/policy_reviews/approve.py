"""Two approvers say of a policy, as they saw it, that it may be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from approvals.audit_events import AuditEvent
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, policy_reviews, trail
from approvals.millis import DomainMillis
from approvals.notice import Notice
from approvals.operations.judge_click import judge_click
from approvals.operations.policy_reviews.notice import give_what_waits, show_on_cards, tell_of
from approvals.outbox.notices import change_notice, close_notice
from approvals.people import Person, Principal
from approvals.policies.reviewed import PolicyNow
from approvals.queries.actor import linked_approvers, may_decide
from approvals.refusals.policies import PolicyMissing, ReviewedAlready, ReviewOutdated, ReviewTooLong
from approvals.rules import Act

REVIEWERS_NEEDED = 2


def approve_policy(
    ledger: Ledger,
    team_id: str,
    notice_id: str,
    actor: Person,
    admins: Holders,
    seen: PolicyNow | None,
    now: DomainMillis,
    *,
    shown_whole: bool,
) -> bool:
    """Record an approver's word on the document that a notice shows. Whether it was the last that is needed, so that
    the policy may be given from now on. `seen` is the policy as RAM shows it now; `shown_whole`, whether the notice
    shows all of it.

    Raises:
        Refusal: the actor may not approve, or did so before; the notice is unknown or resolved; the policy is not what
            it shows any more, so that another notice shows that; or the notice does not show all of it.
    """
    with ledger.write() as tx:
        approver, notice = judge_click(tx, Act.REVIEW, NoticeKind.POLICY_REVIEW, notice_id, team_id, actor, admins)
        name = str(notice.details["policy"])
        if seen is None:
            raise PolicyMissing(name)
        current = bool(seen.hash) and (seen.type, seen.hash) == (notice.details["type"], notice.details["hash"])
        if current and not shown_whole:
            raise ReviewTooLong(name)
        if current:
            return _record_word(tx, team_id, notice, approver, actor, admins, seen, now)
        _show_anew(tx, seen, now)
    raise ReviewOutdated(name)


def _show_anew(tx: Tx, seen: PolicyNow, now: DomainMillis) -> None:
    review = policy_reviews.of_names(tx, [seen.name]).get(seen.name)
    tell_of(tx, review.policy if review else None, seen, now)


def _record_word(
    tx: Tx,
    team_id: str,
    notice: Notice,
    approver: Principal,
    actor: Person,
    admins: Holders,
    seen: PolicyNow,
    now: DomainMillis,
) -> bool:
    words = _still_count(tx, team_id, notice.details["reviewed_by"], admins)
    if any(word["ram_user_id"] == approver.user_id or word["slack"] in actor.ids for word in words):
        raise ReviewedAlready(seen.name)
    words.append({"slack": actor.user_id, "ram_user": approver.name, "ram_user_id": approver.user_id})
    said: dict[str, Any] = {
        "policy": seen.name,
        "policy_type": seen.type,
        "version": seen.version,
        "hash": seen.hash,
        "by_slack": actor.user_id,
        "by_ram_user": approver.name,
        "by_ram_user_id": approver.user_id,
    }
    change_notice(tx, now, notice.id, {**notice.details, "reviewed_by": words})
    if len(words) < REVIEWERS_NEEDED:
        trail.append_event(tx, now, AuditEvent.POLICY_APPROVAL, **said)
        return False
    policy_reviews.put(tx, seen, [SlackUserId(word["slack"]) for word in words], now)
    trail.append_event(tx, now, AuditEvent.POLICY_REVIEWED, **said, reviewers=[word["slack"] for word in words])
    close_notice(tx, now, notice.id, NoticeOutcome.REVIEWED, actor.user_id)
    give_what_waits(tx, seen.name, now)
    show_on_cards(tx, seen.name, now)
    return True


def _still_count(tx: Tx, team_id: str, words: Sequence[Mapping[str, Any]], admins: Holders) -> list[dict[str, Any]]:
    """Without those whose givers may not approve any more, or whose Slack account is another RAM user's by now."""
    eligible = set(linked_approvers(tx, team_id, may_decide(tx, admins), ()))
    return [dict(word) for word in words if (word["ram_user_id"], word["slack"]) in eligible]
