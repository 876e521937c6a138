"""Ask for a RAM user for somebody who has none."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from approvals import rules, user_names
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.evidence import Holders
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, onboardings, trail
from approvals.millis import DAY, DomainMillis
from approvals.onboarding import Onboarding, OnboardingEvidence, OnboardingNews, OnboardingState
from approvals.operations.deciders import approvers_but
from approvals.operations.onboarding import card
from approvals.operations.onboarding.bundle import bundle_named
from approvals.operations.onboarding.check import check_subject, check_user, concerned
from approvals.outbox import timers
from approvals.people import Principal
from approvals.queries.actor import standing
from approvals.refusals.links import RequesterNotLinked
from approvals.refusals.onboarding import OnboardingPending
from approvals.rules import Act

EXPIRES_AFTER_MS = 7 * DAY
NEEDED_APPROVALS = 1


@dataclass(frozen=True, slots=True)
class OnboardingAsk:
    """What a person typed. `asked_key` makes a command or a form that arrives twice one onboarding."""

    asked_key: str
    team_id: str
    requester: SlackUserId
    subject: SlackUserId
    name: str = ""
    """What the RAM user is to be called; empty is after the e-mail address."""
    item: str = ""
    """The bundle that is asked for next; empty is the usual one."""


def ask_onboarding(
    ledger: Ledger, catalog: Catalog, ask: OnboardingAsk, evidence: OnboardingEvidence, now: DomainMillis
) -> Onboarding:
    """Record it and what it causes; the same `asked_key` again answers with the onboarding that it made.

    Raises:
        Refusal: nothing was recorded, and why.
    """
    with ledger.write() as tx:
        known = onboardings.by_asked_key(tx, ask.asked_key)
        if known:
            return known
        actor = standing(tx, ask.team_id, evidence.actor, evidence.admins)
        requester = rules.authorise(Act.ASK, evidence.actor, actor)
        other = ask.subject != ask.requester
        check_subject(tx, ask.team_id, evidence, other=other)
        if requester is None and other:
            raise RequesterNotLinked()
        if onboardings.open_of(tx, ask.team_id, ask.subject):
            raise OnboardingPending(subject=ask.subject)
        user = user_names.new_user(evidence.subject, ask.name)
        check_user(evidence, user, onboardings.open_names(tx))
        _check_approvers(tx, ask, requester, evidence.admins, evidence)
        onboarding = Onboarding(
            public_id=secrets.token_hex(16),
            team_id=ask.team_id,
            requester=ask.requester,
            requester_ram_id=requester.user_id if requester else None,
            subject=ask.subject,
            user=user,
            domain=evidence.domain,
            sso=evidence.sso,
            item=bundle_named(catalog, ask.item),
            state=OnboardingState.PENDING,
            created_at=now,
            expires_at=now + EXPIRES_AFTER_MS,
        )
        onboardings.insert(tx, onboarding, ask.asked_key)
        card.post_card(tx, now, onboarding)
        timers.schedule_onboarding_expiry(tx, onboarding.public_id, onboarding.expires_at)
        card.tell(tx, now, onboarding, OnboardingNews.ASKED)
        trail.append_event(
            tx,
            now,
            AuditEvent.ONBOARDING_ASKED,
            onboarding=onboarding.public_id,
            team=ask.team_id,
            by_slack=ask.requester,
            by_ram_user_id=onboarding.requester_ram_id,
            subject_slack=ask.subject,
            ram_user=user.name,
            display_name=user.display_name,
            email=user.email,
            item=onboarding.item,
            expires_at=onboarding.expires_at,
        )
        return onboarding


def _check_approvers(
    tx: Tx, ask: OnboardingAsk, requester: Principal | None, admins: Holders, evidence: OnboardingEvidence
) -> None:
    own = (requester.user_id if requester else None,)
    people = concerned(ask.requester, ask.subject)
    approvers_but(tx, ask.team_id, NEEDED_APPROVALS, own, people, admins, evidence.accounts)
