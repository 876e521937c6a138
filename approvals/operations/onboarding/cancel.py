"""Withdraw an onboarding on which nobody has decided yet."""

from __future__ import annotations

from dataclasses import replace

from approvals import rules
from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.kinds import NoticeOutcome
from approvals.ledger import Ledger, Tx, onboardings, people, trail
from approvals.millis import DomainMillis
from approvals.onboarding import Onboarding, OnboardingNews, OnboardingState
from approvals.operations.onboarding import card
from approvals.operations.onboarding.check import concerned
from approvals.outbox import timers
from approvals.people import Person
from approvals.refusals.message import UnknownNotice
from approvals.refusals.onboarding import NoOnboarding, NotYourOnboarding, OnboardingDecided


def cancel_onboarding(ledger: Ledger, team_id: str, public_id: str, actor: Person, now: DomainMillis) -> Onboarding:
    """Nothing is made. Returns it as it is after that.

    Raises:
        Refusal: unknown, not theirs, or decided already.
    """
    with ledger.write() as tx:
        known = onboardings.get(tx, public_id)
        if known is None:
            raise UnknownNotice()
        _check(tx, team_id, known, actor)
        cancelled = replace(known, state=OnboardingState.CANCELLED, decided_at=now, decided_by=actor.user_id)
        onboardings.update(tx, cancelled, was=OnboardingState.PENDING)
        timers.cancel_onboarding_expiry(tx, cancelled.public_id)
        card.close_card(tx, now, cancelled, NoticeOutcome.CANCELLED, actor.user_id)
        card.tell(tx, now, cancelled, OnboardingNews.CANCELLED)
        trail.append_event(
            tx, now, AuditEvent.ONBOARDING_CANCELLED, onboarding=cancelled.public_id, by_slack=actor.user_id
        )
    return cancelled


def cancellable_onboarding(ledger: Ledger, team_id: str, subject: SlackUserId, actor: Person) -> Onboarding:
    """The onboarding of a person that `cancel_onboarding` would withdraw.

    Raises:
        Refusal: there is none, it is not theirs, or it is decided already.
    """
    with ledger.read() as tx:
        rules.check_full_member(actor, team_id)
        known = onboardings.open_of(tx, team_id, subject)
        if known is None:
            raise NoOnboarding(subject=subject)
        _check(tx, team_id, known, actor)
    return known


def _check(tx: Tx, team_id: str, known: Onboarding, actor: Person) -> None:
    rules.check_full_member(actor, team_id)
    link = people.link_of_person(tx, team_id, actor)
    asked = link is not None and link.principal.user_id == known.requester_ram_id
    if known.team_id != team_id or not (asked or actor.ids & set(concerned(known.requester, known.subject))):
        raise NotYourOnboarding(subject=known.subject)
    if known.state is not OnboardingState.PENDING:
        raise OnboardingDecided(subject=known.subject)
