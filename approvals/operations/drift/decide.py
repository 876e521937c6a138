"""Another approver decides on what one asked for: then it is a grant of this ledger, with an end, or ends at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.access_review import ReviewVerdict
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.drift import DriftAction, DriftRow
from approvals.entitlements import Key
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, drift_rows, grants, notices, open_grants, trail
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.notice import Notice
from approvals.operations.adopt import Adoption, adopt_in, end_adopted
from approvals.operations.judge_click import judge_click
from approvals.outbox import enqueue, timers
from approvals.outbox.access_reviews import note_drift_decided
from approvals.outbox.notices import close_notice
from approvals.people import Person, Principal
from approvals.queries.actor import linked_approvers, may_decide
from approvals.reconcile.plan import Transition
from approvals.reconcile.transitions import apply
from approvals.refusals.drift import DriftBarred, DriftGone, GrantedMeanwhile, OwnDrift, OwnProposal, ProposerGone
from approvals.rules import Act


def approve_drift(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    notice_id: str,
    actor: Person,
    admins: Holders,
    own_user: Principal | None,
    now: DomainMillis,
) -> None:
    """`own_user`: the RAM user that this program is, of whom nothing is ever taken.

    Raises:
        Refusal: the actor may not approve, asked for it, or has it; whoever asked may not approve any more; it is not
            so any more, or a request gave it meanwhile: then nobody is asked any more.
    """
    over: Refusal | None = None
    with ledger.write() as tx:
        approver, notice, row = _judged(tx, team_id, notice_id, actor, admins)
        _check_proposer(tx, team_id, notice.details, approver, actor, admins)
        kept = drift_rows.get(tx, str(notice.details["row_id"]))
        key = kept.row.key if kept else None
        if kept is None or key is None:
            over = DriftGone()
            close_notice(tx, now, notice.id, NoticeOutcome.NO_LONGER_SO)
            note_drift_decided(tx, notice.about, ReviewVerdict.GONE, now)
        elif kept.row.principal.is_one_with(own_user):
            raise DriftBarred()
        elif open_grants.on_key(tx, key):
            over = GrantedMeanwhile()
            close_notice(tx, now, notice.id, NoticeOutcome.GRANTED)
            note_drift_decided(tx, notice.about, None, now)
        else:
            _carry_out(tx, catalog, team_id, notice, key, row, approver, actor, now)
    if over:
        raise over


def deny_drift(ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis) -> None:
    """Everything stays as it is; whoever asked may deny it as well.

    Raises:
        Refusal: the actor may not approve, or has it themselves; the notice is unknown or resolved.
    """
    with ledger.write() as tx:
        approver, notice, row = _judged(tx, team_id, notice_id, actor, admins)
        close_notice(tx, now, notice.id, NoticeOutcome.DENIED, actor.user_id)
        note_drift_decided(tx, row.about, None, now)
        trail.append_event(tx, now, AuditEvent.DRIFT_DENIED, notice=notice.id, about=row.about, **_by(approver, actor))


def close_outdated(tx: Tx, now: DomainMillis) -> None:
    """Nobody is asked any more about what is no longer so."""
    for notice in notices.open_of(tx, NoticeKind.DRIFT_REQUEST):
        if drift_rows.get(tx, str(notice.details["row_id"])) is None:
            close_notice(tx, now, notice.id, NoticeOutcome.NO_LONGER_SO)
            note_drift_decided(tx, notice.about, ReviewVerdict.GONE, now)


def _judged(tx: Tx, team_id: str, notice_id: str, actor: Person, admins: Holders) -> tuple[Principal, Notice, DriftRow]:
    approver, notice = judge_click(tx, Act.DRIFT, NoticeKind.DRIFT_REQUEST, notice_id, team_id, actor, admins)
    row = DriftRow.of_details(notice.details["row"])
    if approver.user_id == row.principal.user_id or row.account in actor.ids:
        raise OwnDrift()
    return approver, notice, row


def _check_proposer(
    tx: Tx, team_id: str, asked: Mapping[str, Any], approver: Principal, actor: Person, admins: Holders
) -> None:
    """Two people, both of whom may approve now."""
    by = RamUserId(asked["by_ram_user_id"]), SlackUserId(asked["by_slack"])
    if approver.user_id == by[0] or by[1] in actor.ids:
        raise OwnProposal()
    if by not in linked_approvers(tx, team_id, may_decide(tx, admins), ()):
        raise ProposerGone()


def _carry_out(
    tx: Tx,
    catalog: Catalog,
    team_id: str,
    notice: Notice,
    key: Key,
    row: DriftRow,
    approver: Principal,
    actor: Person,
    now: DomainMillis,
) -> None:
    asked = notice.details
    adopts = asked["action"] == DriftAction.ADOPT
    ends_at = DomainMillis(now + asked["duration"]) if adopts else now
    adoption = Adoption(
        asked_key=f"drift:{notice.id}",
        key=key,
        name=row.principal.name,
        requester=SlackUserId(asked["by_slack"]),
        requester_principal=Principal(RamUserId(asked["by_ram_user_id"]), str(asked["by_ram_user"])),
        closed_by=actor.user_id,
        ends_at=ends_at,
        reason=str(asked["reason"]),
    )
    request = adopt_in(tx, catalog, team_id, adoption, now)
    notices.add_details(tx, notice, request=request.id, ends_at=ends_at)
    close_notice(tx, now, notice.id, NoticeOutcome.APPROVED if adopts else NoticeOutcome.TAKEN_BACK, actor.user_id)
    if adopts:
        _let_run(tx, request, row.since, ends_at, now)
    else:
        end_adopted(tx, request, row.since, now)
    drift_rows.delete(tx, row)
    note_drift_decided(tx, row.about, ReviewVerdict.SHORTEN if adopts else ReviewVerdict.REVOKE, now)
    trail.append_event(
        tx,
        now,
        AuditEvent.DRIFT_APPROVED,
        request_id=request.id,
        action=asked["action"],
        notice=notice.id,
        **_by(approver, actor),
    )


def _let_run(
    tx: Tx, request: AccessRequest, since: DomainMillis | None, ends_at: DomainMillis, now: DomainMillis
) -> None:
    """As with any grant: it ends on time, those concerned are reminded, and an alarm looks after its end."""
    given = grants.of_request(tx, request.id)
    apply(tx, now, [Transition(grant, GrantState.ACTIVE, {"active_at": since or now}) for grant in given])
    for grant in given:
        enqueue.reconcile(tx, grant.key, now, GRANT_NEXT)
        timers.schedule_alarm(tx, grant.id, grant.entitlement, ends_at)
    timers.schedule_give_up(tx, request.id, ends_at)
    timers.schedule_reminder(tx, request, now, ends_at)
    enqueue.post_card(tx, now, request.id)


def _by(approver: Principal, actor: Person) -> dict[str, Any]:
    return {"by_slack": actor.user_id, "by_ram_user": approver.name, "by_ram_user_id": approver.user_id}
