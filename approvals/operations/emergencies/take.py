"""Take access at once in an emergency: nobody approves it, everybody who could is told, and one of them reviews it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from approvals import rules, text_input
from approvals.audit_events import AuditEvent
from approvals.catalog.break_glass import BreakGlass
from approvals.catalog.model import Catalog, Item
from approvals.emergency import Emergency
from approvals.evidence import AskEvidence
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, emergencies, requests, trail
from approvals.millis import DAY, SECOND, DomainMillis
from approvals.model import AccessRequest
from approvals.on_call import OnCall
from approvals.operations.ask import Ask
from approvals.operations.check_needed import check_not_held, check_there
from approvals.operations.create_request import Parties, audited, insert_request
from approvals.operations.deciders import eligible_approvers
from approvals.operations.grant_agreed import grant_agreed
from approvals.operations.policy_reviews.compare import check_reviewed
from approvals.operations.standing_rules import under_rules
from approvals.operations.terms import ApprovalTerms
from approvals.outbox import enqueue, reminders
from approvals.people import Principal
from approvals.policies.reviewed import PoliciesNow
from approvals.queries.actor import linked_approvers, may_decide, standing
from approvals.refusals.break_glass import (
    BarredFromBreakGlass,
    EmergencyOpen,
    NoBreakGlass,
    NotForEmergencies,
    NotInGroup,
    TakerUnknown,
    TakesMoreByRule,
)
from approvals.refusals.links import UserGone
from approvals.refusals.people import NotLinked
from approvals.rules import Act
from approvals.time_zones import time_zone
from approvals.working_hours import SATURDAY

REVIEW_WITHIN_MS = DAY
"""Milliseconds, but for weekends."""


@dataclass(frozen=True, slots=True)
class Takeable:
    """What may be taken now."""

    item: Item
    parties: Parties
    told: tuple[SlackUserId, ...]
    """Slack ids of all who could have approved it."""


def what_is_offered(catalog: Catalog, name: str) -> tuple[BreakGlass, Item]:
    """The item of that name, which is given at once.

    Raises:
        Refusal: it is not, or the catalogue has none.
    """
    terms = catalog.break_glass
    if terms is None:
        raise NoBreakGlass()
    item = catalog.resolve(name)
    if not terms.has(item.name):
        raise NotForEmergencies(item=item.name, items=tuple(sorted(terms.items)))
    return terms, item


def longest(terms: BreakGlass, item: Item) -> int:
    """Milliseconds for which it is given."""
    return min(terms.longest, item.longest)


def take_in_emergency(
    ledger: Ledger,
    catalog: Catalog,
    ask: Ask,
    evidence: AskEvidence,
    policies: PoliciesNow,
    now: DomainMillis,
    *,
    review_required: bool = False,
) -> AccessRequest:
    """Give it to whoever asks, for as long as the catalogue says. The same `asked_key` again answers with what it made.

    Raises:
        Refusal: nothing was given, and why.
    """
    terms, item = what_is_offered(catalog, ask.item)
    for refusal in text_input.against_reason(ask.reason):
        raise refusal
    ask = replace(ask, duration=longest(terms, item))
    with ledger.write() as tx:
        known = requests.by_asked_key(tx, ask.asked_key)
        if known:
            return known
        found = takeable(tx, catalog, ask, evidence, now)
        check_reviewed(tx, item.entitlements, policies, required=review_required)
        return _give(tx, ask, found, evidence, now)


def takeable(tx: Tx, catalog: Catalog, ask: Ask, evidence: AskEvidence, now: DomainMillis) -> Takeable:
    """What whoever asks may take now.

    Raises:
        Refusal: nothing, and why.
    """
    terms, item = what_is_offered(catalog, ask.item)
    actor = standing(tx, ask.team_id, evidence.requester, evidence.admins)
    principal = rules.authorise(Act.BREAK_GLASS, evidence.requester, actor)
    if principal is None:
        raise NotLinked()
    user = evidence.user
    if user is None or user.user_id != principal.user_id:
        raise UserGone(ram_user=principal.name, subject=ask.subject)
    _check_taker(terms, user, evidence)
    until = emergencies.barred_until(tx, user.user_id)
    if until is not None and until > now:
        raise BarredFromBreakGlass(until=until)
    before = emergencies.open_of(tx, user.user_id)
    if before is not None:
        raise EmergencyOpen(request=before.ref)
    check_there(tx, evidence)
    check_not_held(tx, ask, item, user, evidence, now)
    item, rule, _ = under_rules(tx, catalog, ask, item, user, user, evidence, now, break_glass=True)
    if item.approvals > 1:
        raise TakesMoreByRule(rule=rule or item.name)
    approvers = eligible_approvers(tx, ask, item, user, user, evidence)
    everybody = linked_approvers(tx, ask.team_id, may_decide(tx, evidence.admins), (user.user_id,))
    told = tuple(slack_id for _, slack_id in everybody if slack_id not in evidence.requester.ids)
    return Takeable(item, Parties(user, user, tuple(approvers), evidence.holdings), told)


def _check_taker(terms: BreakGlass, user: Principal, evidence: AskEvidence) -> None:
    on_call = evidence.requester_on_call or OnCall(unread=terms.on_call)
    if {*evidence.requester_groups} & {*terms.groups} or {*on_call.names} & {*terms.on_call}:
        return
    if {*on_call.unread} & {*terms.on_call}:
        raise TakerUnknown()
    raise NotInGroup(ram_user=user.name, groups=terms.groups, on_call=terms.on_call)


def _give(tx: Tx, ask: Ask, found: Takeable, evidence: AskEvidence, now: DomainMillis) -> AccessRequest:
    item, duration = found.item, ask.duration
    request = insert_request(
        tx,
        ask,
        found.parties,
        now,
        item=item.name,
        entitlements=item.entitlements,
        approvals=item.approvals,
        expires_after=item.expires_after,
    )
    given = grant_agreed(tx, request, ask.requester, now, ApprovalTerms(item.entitlements, duration))
    review_by = next_working_day(now, evidence.requester.time_zone)
    emergencies.insert(tx, Emergency(request.id, found.parties.principal.user_id, now, review_by))
    enqueue.post_card(tx, now, request.id)
    for person in found.told:
        enqueue.post_copy(tx, now, request.id, person)
    reminders.schedule_review(tx, request, now)
    said = audited(request) | given | {"review_by": review_by, "told": list(found.told)}
    trail.append_event(tx, now, AuditEvent.BREAK_GLASS, request_id=request.id, **said)
    return requests.get(tx, request.id) or request


def next_working_day(now: DomainMillis, zone: str | None) -> DomainMillis:
    """A day later, or as soon after that as it is Monday to Friday in that time zone."""
    where = time_zone(zone)
    moment = DomainMillis(now + REVIEW_WITHIN_MS)
    while datetime.fromtimestamp(moment / SECOND, where).weekday() >= SATURDAY:
        moment = DomainMillis(moment + DAY)
    return moment
