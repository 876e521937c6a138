"""Ask for more time on the same terms: a request of its own, which begins where the one that it extends ends."""

from __future__ import annotations

from dataclasses import dataclass, replace

from approvals import rules
from approvals.catalog.model import Catalog, Item
from approvals.entitlements import Entitlement
from approvals.errors import Refusal
from approvals.evidence import AskEvidence
from approvals.grant import GrantState
from approvals.ledger import Ledger, Tx, emergencies, extensions, grants, people, requests
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.ask import Ask, catalog_refusals
from approvals.operations.check_needed import check_open, check_there
from approvals.operations.create_request import Parties, create_request
from approvals.operations.deciders import eligible_approvers
from approvals.operations.standing_rules import under_rules
from approvals.queries.actor import standing
from approvals.refusals.break_glass import ExtendedEmergency
from approvals.refusals.extend import (
    ExtendedAlready,
    ExtendedHeld,
    ExtendedOver,
    ExtendedRevoked,
    ExtensionPending,
    NoEnd,
    NotActiveYet,
    SpanTooLong,
    SpanUsedUp,
)
from approvals.refusals.links import LinkStale, RequesterNotLinked, UserGone
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act


@dataclass(frozen=True, slots=True)
class Extendable:
    """What can be extended."""

    request: AccessRequest
    first: AccessRequest
    """The request that it began with; itself, where it extends none."""
    ends_at: DomainMillis
    parts: tuple[Entitlement, ...]
    """What of it is active."""


def extend_access(
    ledger: Ledger,
    catalog: Catalog,
    ask: Ask,
    evidence: AskEvidence,
    now: DomainMillis,
    most_open: int | None = None,
) -> AccessRequest:
    """Record a request that extends the one which `ask` names; the same `asked_key` again answers with what it made.

    Raises:
        Refusal: nothing was recorded, and why.
    """
    with ledger.write() as tx:
        known = requests.by_asked_key(tx, ask.asked_key)
        if known:
            return known
        extended = requests.get(tx, ask.extends or 0)
        actor = standing(tx, ask.team_id, evidence.requester, evidence.admins, extended)
        requester = rules.authorise(Act.EXTEND, evidence.requester, actor, extended)
        if extended is None:
            raise UnknownRequest()
        if requester is None and ask.subject != ask.requester:
            raise RequesterNotLinked()
        found = extendable(tx, extended, now)
        for refusal in extension_refusals(catalog, found, ask):
            raise refusal
        _check_subject(tx, ask, extended, evidence)
        item = extension_item(catalog, found, now)
        check_there(tx, evidence)
        check_open(tx, ask, requester, most_open)
        whole = replace(ask, duration=extensions.in_all(found.first, found.ends_at, ask.duration))
        item, rule, _ = under_rules(tx, catalog, whole, item, extended.principal, requester, evidence, now)
        approvers = eligible_approvers(tx, ask, item, extended.principal, requester, evidence)
        parties = Parties(extended.principal, requester, tuple(approvers), evidence.holdings)
        return create_request(tx, ask, item, parties, claimed=False, now=now, rule=rule)


def extendable(tx: Tx, request: AccessRequest, now: DomainMillis) -> Extendable:
    """What of a request can be extended now.

    Raises:
        Refusal: nothing, and why.
    """
    if request.state in (RequestState.PENDING, RequestState.SCHEDULED):
        raise NotActiveYet(request=request.ref)
    if request.state is not RequestState.APPROVED:
        raise ExtendedOver(request=request.ref)
    if emergencies.of_request(tx, request.id) is not None:
        raise ExtendedEmergency(request=request.ref)
    ends_at = request.ends_at
    if request.of_account or ends_at is None:
        raise NoEnd(request=request.ref)
    given = grants.of_request(tx, request.id)
    active = {grant.entitlement for grant in given if grant.state is GrantState.ACTIVE}
    if ends_at <= now or not active:
        raise _nothing(request, {grant.state for grant in given}, ended=ends_at <= now)
    for following in extensions.of_request(tx, request.id):
        if following.state is RequestState.PENDING:
            raise ExtensionPending(request=request.ref, extension=following.ref)
        if following.state is RequestState.APPROVED:
            raise ExtendedAlready(request=request.ref, extension=following.ref)
    parts = tuple(part for part in request.entitlements if part in active)
    return Extendable(request, extensions.first_of(tx, request), ends_at, parts)


def _nothing(request: AccessRequest, states: set[GrantState], *, ended: bool) -> Refusal:
    if not ended and states & {GrantState.PLANNED, GrantState.GRANTING}:
        return NotActiveYet(request=request.ref)
    if not ended and GrantState.ENDING in states:
        return ExtendedRevoked(request=request.ref)
    if GrantState.HELD in states:
        return ExtendedHeld(request=request.ref)
    return ExtendedOver(request=request.ref)


def extension_refusals(catalog: Catalog, found: Extendable, ask: Ask) -> list[Refusal]:
    """What the catalogue says against so much more time, for this reason: everything at once, for a form."""
    refusals = catalog_refusals(catalog, ask)
    item = catalog.find(ask.item)
    if refusals or item is None or ask.duration is None:
        return refusals
    over = span_refusal(item, found.request, found.first, found.ends_at, ask.duration)
    return [over] if over else []


def span_refusal(
    item: Item, extended: AccessRequest, first: AccessRequest, ends_at: DomainMillis, duration: int
) -> Refusal | None:
    """Why so many milliseconds more are too many: all of it together is within the longest that may be asked for."""
    left = _left(item, first, ends_at)
    if left <= 0:
        return SpanUsedUp(request=extended.ref, longest=item.longest)
    if duration > left:
        return SpanTooLong(request=extended.ref, longest=item.longest, left=left)
    return None


def most_more(catalog: Catalog, found: Extendable) -> int:
    """How many milliseconds more the catalogue allows at most.

    Raises:
        Refusal: it is no longer in the catalogue, or may run no longer.
    """
    item = catalog.resolve(found.request.item)
    over = span_refusal(item, found.request, found.first, found.ends_at, 0)
    if over is not None:
        raise over
    return _left(item, found.first, found.ends_at)


def _left(item: Item, first: AccessRequest, ends_at: DomainMillis) -> int:
    """Milliseconds after `ends_at` until all of it is as long as may be."""
    return extensions.begun(first) + item.longest - ends_at


def extension_item(catalog: Catalog, found: Extendable, now: DomainMillis) -> Item:
    """What is asked for: what is active of it, decided before that ends."""
    item = catalog.resolve(found.request.item)
    return replace(item, entitlements=found.parts, expires_after=min(item.expires_after, found.ends_at - now))


def check_still_extends(
    tx: Tx, catalog: Catalog, request: AccessRequest, duration: int | None, now: DomainMillis
) -> None:
    """Check, for an approval of an extension, that what it extends still runs, and for no longer in all than may be.

    Raises:
        Refusal: it does not, or would.
    """
    extended = extensions.extended(tx, request)
    if extended is None:
        return
    running = any(grant.state is GrantState.ACTIVE for grant in grants.of_request(tx, extended.id))
    if extended.ends_at is None or extended.ends_at <= now or not running:
        raise ExtendedOver(request=extended.ref)
    item = catalog.named(request.item)
    if item is not None and duration is not None:
        over = span_refusal(item, extended, extensions.first_of(tx, extended), extended.ends_at, duration)
        if over is not None:
            raise over


def _check_subject(tx: Tx, ask: Ask, extended: AccessRequest, evidence: AskEvidence) -> None:
    rules.check_full_member(evidence.subject, ask.team_id, other=ask.subject != ask.requester)
    link = people.link_of_person(tx, ask.team_id, evidence.subject)
    if link is None or link.principal.user_id != extended.principal.user_id:
        raise LinkStale(ram_user=extended.principal.name, subject=ask.subject)
    if evidence.user is None or evidence.user.user_id != extended.principal.user_id:
        raise UserGone(ram_user=extended.principal.name, subject=ask.subject)
