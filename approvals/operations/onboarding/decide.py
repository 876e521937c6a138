"""Approve an onboarding, perhaps under another name, or deny it. The approval is of the RAM user and nothing else."""

from __future__ import annotations

from dataclasses import replace

from approvals import text_input
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.entitlement_kind import POLICY
from approvals.evidence import Holders
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, jobs, notices, onboardings, people, trail
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import GRANT_NEXT
from approvals.millis import DomainMillis
from approvals.onboarding import Onboarding, OnboardingChanges, OnboardingEvidence, OnboardingNews, OnboardingState
from approvals.operations.judge_click import judge_click
from approvals.operations.onboarding import card
from approvals.operations.onboarding.bundle import bundle_named
from approvals.operations.onboarding.check import check_subject, check_user, concerned
from approvals.operations.onboarding.expire import expire_in
from approvals.outbox import timers
from approvals.people import Person, Principal
from approvals.refusals.message import UnknownNotice
from approvals.refusals.onboarding import OnboardingDecided, OwnOnboarding
from approvals.rules import Act


def approve_onboarding(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    notice_id: str,
    evidence: OnboardingEvidence,
    now: DomainMillis,
    changes: OnboardingChanges | None = None,
) -> Onboarding:
    """Record the approval, and have the user made. `changes`: as the approver wants it. Returns it after that.

    Raises:
        Refusal: the word does not count, or the user cannot be made. One whose time is over is closed all the same.
    """
    with ledger.write() as tx:
        approver, known = _judged(tx, team_id, notice_id, evidence.actor, evidence.admins)
        late = known.expires_at <= now
        if late:
            expire_in(tx, known, now)
        else:
            check_subject(tx, team_id, evidence, other=True)
            wanted = _changed(catalog, known, changes) if changes else known
            check_user(evidence, wanted.user, onboardings.open_names(tx) - {known.user.name})
            known = _approve(tx, known, wanted, approver, evidence.actor, now)
    if late:
        raise OnboardingDecided(subject=known.subject)
    return known


def deny_onboarding(
    ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis, reason: str
) -> Onboarding:
    """Nothing is made, for this reason. Returns the onboarding after it.

    Raises:
        Refusal: the actor may not decide on it; the notice is unknown or resolved; it is no reason.
    """
    with ledger.write() as tx:
        approver, known = _judged(tx, team_id, notice_id, actor, admins)
        for refusal in text_input.against_reason(reason):
            raise refusal
        kept = text_input.checked(reason)
        denied = replace(known, state=OnboardingState.DENIED, decided_at=now, decided_by=actor.user_id, reason=kept)
        onboardings.update(tx, denied, was=OnboardingState.PENDING)
        timers.cancel_onboarding_expiry(tx, denied.public_id)
        card.close_card(tx, now, denied, NoticeOutcome.DENIED, actor.user_id)
        card.tell(tx, now, denied, OnboardingNews.DENIED)
        trail.append_event(
            tx,
            now,
            AuditEvent.ONBOARDING_DENIED,
            onboarding=denied.public_id,
            by_slack=actor.user_id,
            by_ram_user=approver.name,
            by_ram_user_id=approver.user_id,
            reason=kept,
        )
    return denied


def check_may_decide(ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders) -> Onboarding:
    """For whoever is about to be shown a form: the onboarding as it is.

    Raises:
        Refusal: this person does not decide on it, or nobody does any more.
    """
    with ledger.read() as tx:
        return _judged(tx, team_id, notice_id, actor, admins)[1]


def onboarding_of(tx: Tx, notice_id: str) -> Onboarding:
    """The onboarding that a card asks about.

    Raises:
        Refusal: UnknownNotice.
    """
    notice = notices.get(tx, notice_id)
    found = onboardings.get(tx, notice.about) if notice and notice.kind == NoticeKind.ONBOARDING else None
    if found is None:
        raise UnknownNotice()
    return found


def _judged(tx: Tx, team_id: str, notice_id: str, actor: Person, admins: Holders) -> tuple[Principal, Onboarding]:
    approver, _ = judge_click(tx, Act.CONFIRM, NoticeKind.ONBOARDING, notice_id, team_id, actor, admins)
    known = onboarding_of(tx, notice_id)
    if known.team_id != team_id:
        raise UnknownNotice()
    asked_by = people.link_of(tx, team_id, known.requester)
    theirs = {known.requester_ram_id, asked_by.principal.user_id if asked_by else None}
    if approver.user_id in theirs or actor.ids & set(concerned(known.requester, known.subject)):
        raise OwnOnboarding(subject=known.subject)
    if known.state is not OnboardingState.PENDING:
        raise OnboardingDecided(subject=known.subject)
    return approver, known


def _changed(catalog: Catalog, known: Onboarding, changes: OnboardingChanges) -> Onboarding:
    """As the approver wants it. A bundle that was left as it was need not be in the catalogue any more."""
    item = known.item if changes.item in (known.item, None) else bundle_named(catalog, changes.item or "")
    return replace(known, user=changes.user, item=item)


def _approve(
    tx: Tx, known: Onboarding, wanted: Onboarding, approver: Principal, actor: Person, now: DomainMillis
) -> Onboarding:
    approved = replace(wanted, state=OnboardingState.CREATING, decided_at=now, decided_by=actor.user_id)
    onboardings.update(tx, approved, was=OnboardingState.PENDING)
    timers.cancel_onboarding_expiry(tx, approved.public_id)
    jobs.enqueue(
        tx,
        f"onboard:{approved.public_id}",
        JobKind.ONBOARD,
        due_at=now,
        payload={"onboarding": approved.public_id},
        lane=POLICY.lane,
        priority=GRANT_NEXT,
    )
    card.close_card(tx, now, approved, NoticeOutcome.APPROVED, actor.user_id)
    trail.append_event(
        tx,
        now,
        AuditEvent.ONBOARDING_APPROVED,
        onboarding=approved.public_id,
        by_slack=actor.user_id,
        by_ram_user=approver.name,
        by_ram_user_id=approver.user_id,
        ram_user=wanted.user.name,
        display_name=wanted.user.display_name,
        email=wanted.user.email,
        item=wanted.item if wanted.item != known.item else None,
    )
    return approved
