"""Ask for access: checked against the catalogue at once, against RAM afterwards, and recorded in one transaction."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from approvals import rules, written
from approvals.catalog.model import Catalog, Item
from approvals.errors import Refusal, RefusalReason
from approvals.evidence import (
    AskEvidence,
    Holders,
    RamUser,
    RepairEvidence,
    address_of_another,
    email_matches,
    same_address,
)
from approvals.kinds import MessageKind
from approvals.ledger import Ledger, Tx, grants, jobs, people, requests, trail
from approvals.model import (
    ADMIN_POLICY,
    AccessRequest,
    Claim,
    Entitlement,
    Holding,
    Key,
    Link,
    Person,
    Principal,
    RequestState,
)
from approvals.operations.claims import ask_subject
from approvals.outbox import enqueue
from approvals.queries.actor import linked_approvers, may_decide, standing
from approvals.rules import Act

MAX_MENTIONED_APPROVERS = 10
"""Approvers who are mentioned on the card."""
_TICKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._#/-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person typed or chose. `asked_key` makes a form that arrives twice one request."""

    asked_key: str
    team_id: str
    requester: str
    subject: str
    item: str
    duration: int | None
    """Milliseconds; None is until revoked."""
    reason: str = ""
    ticket: str | None = None
    claim: Principal | None = None
    """The RAM user that the form was told the subject is."""


def check(catalog: Catalog, ask: Ask) -> list[Refusal]:
    """What the catalogue alone says against it: everything at once, so that a form can show it under its fields."""
    try:
        item = catalog.resolve(ask.item)
    except Refusal as refusal:
        return [refusal]
    found = []
    if ask.duration is None:
        if not item.until_revoked:
            found.append(Refusal(RefusalReason.UNTIL_REVOKED_NOT_OFFERED, item=item.name, longest=item.longest))
    elif ask.duration <= 0:
        found.append(Refusal(RefusalReason.BAD_DURATION, text=str(ask.duration)))
    elif ask.duration > item.longest:
        found.append(Refusal(RefusalReason.TOO_LONG, item=item.name, longest=item.longest))
    if item.reason and written.is_blank(ask.reason):
        found.append(Refusal(RefusalReason.REASON_MISSING, item=item.name))
    found += written.against(ask.reason)
    if item.ticket and not ask.ticket:
        found.append(Refusal(RefusalReason.TICKET_MISSING, item=item.name))
    if ask.ticket and not _TICKET.fullmatch(ask.ticket):
        found.append(Refusal(RefusalReason.BAD_TICKET))
    return found


def request_access(ledger: Ledger, catalog: Catalog, ask: Ask, evidence: AskEvidence, now: int) -> AccessRequest:
    """Record the request and what it causes; the same `asked_key` again answers with the request that it made.

    Raises:
        Refusal: nothing was recorded, and why.
    """
    for refusal in check(catalog, ask):
        raise refusal
    item = catalog.resolve(ask.item)
    with ledger.write() as tx:
        known = requests.by_asked_key(tx, ask.asked_key)
        if known:
            return known
        actor = standing(tx, ask.team_id, evidence.requester, evidence.admins)
        requester = rules.authorise(Act.ASK, evidence.requester, actor)
        rules.genuine(evidence.subject, ask.team_id, other=ask.subject != ask.requester)
        link = people.link_of_person(tx, ask.team_id, evidence.subject)
        if requester is None and ask.subject != ask.requester:
            raise Refusal(RefusalReason.REQUESTER_NOT_LINKED)
        principal = _who(ask, evidence, link, tx)
        _worth_asking(tx, ask, item, principal, evidence, now)
        approvers = who_decides(tx, ask, item, principal, requester, evidence)
        parties = Parties(principal, requester, tuple(approvers), evidence.holdings)
        return create_request(tx, ask, item, parties, claimed=link is None, now=now)


@dataclass(frozen=True, slots=True)
class Parties:
    """Who a new request is about, as RAM and the ledger have them."""

    principal: Principal
    requester: Principal | None
    approvers: tuple[str, ...]
    """Slack ids of those who may decide."""
    holdings: tuple[Holding, ...]


def create_request(tx: Tx, ask: Ask, item: Item, parties: Parties, *, claimed: bool, now: int) -> AccessRequest:
    """The new request and what it causes: its card, its expiry, a word to those whom it is about."""
    request = _new(tx, ask, item, parties, now)
    requests.insert(tx, request, ask.asked_key)
    if claimed:
        requests.add_claim(tx, Claim(request.id, request.team_id, request.subject, request.principal, "pending"))
    enqueue.post_card(tx, now, request.id)
    enqueue.expire_at(tx, request.id, request.expires_at)
    if claimed and request.subject != request.requester:
        # The question tells the subject of the request as well.
        ask_subject(tx, request, now)
        enqueue.tell(tx, now, request.requester, MessageKind.ASKED, request.id)
    else:
        enqueue.tell_both(tx, now, request, MessageKind.ASKED)
    enqueue.redraw(tx, now, request)
    trail.append_event(
        tx,
        now,
        "asked",
        request_id=request.id,
        public_id=request.public_id,
        team=request.team_id,
        by_slack=request.requester,
        by_ram_user_id=request.requester_ram_id,
        subject_slack=request.subject,
        ram_user=request.principal.name,
        ram_user_id=request.principal.user_id,
        item=request.item,
        entitlements=[str(entitlement) for entitlement in request.entitlements],
        duration_ms=request.duration,
        needed=request.approvals_needed,
        expires_at=request.expires_at,
        reason=request.reason,
        ticket=request.ticket,
        claimed=claimed or None,
    )
    return request


def _new(tx: Tx, ask: Ask, item: Item, parties: Parties, now: int) -> AccessRequest:
    return AccessRequest(
        id=jobs.next_number(tx, "request"),
        public_id=secrets.token_hex(16),
        team_id=ask.team_id,
        requester=ask.requester,
        requester_ram_id=parties.requester.user_id if parties.requester else None,
        subject=ask.subject,
        principal=parties.principal,
        item=item.name,
        entitlements=item.entitlements,
        duration=ask.duration,
        reason=written.kept(ask.reason),
        ticket=ask.ticket,
        approvals_needed=item.approvals,
        state=RequestState.PENDING,
        created_at=now,
        expires_at=now + item.expires_after,
        closed_at=None,
        closed_by=None,
        close_reason=None,
        ends_at=None,
        asked_approvers=parties.approvers[:MAX_MENTIONED_APPROVERS],
        already_holds=parties.holdings,
        version=1,
    )


def _who(ask: Ask, evidence: AskEvidence, link: Link | None, tx: Tx) -> Principal:
    """The RAM user that the subject is: by their link, or by a claim that is fit to be confirmed with a click."""
    if link is not None:
        if evidence.user is None or evidence.user.user_id != link.principal.user_id:
            raise Refusal(RefusalReason.USER_GONE, ram_user=link.principal.name, subject=ask.subject)
        return evidence.user
    claimed = judge_claim(tx, ask, evidence)
    if evidence.user is None or evidence.user.user_id != claimed.user_id:
        raise Refusal(RefusalReason.USER_GONE, ram_user=claimed.name, subject=ask.subject)
    return evidence.user


def judge_claim(tx: Tx, ask: Ask, evidence: AskEvidence) -> Principal:
    """
    Raises:
        Refusal: no RAM user can be claimed, or this one only on the command line.
    """
    subject, alike = evidence.subject, same_address(evidence.subject, evidence.roster)
    if len(alike) > 1:
        raise Refusal(RefusalReason.EMAIL_AMBIGUOUS, subject=ask.subject, count=len(alike))
    matches = email_matches(subject, evidence.roster)
    claimed = ask.claim or (matches[0].principal if matches else None)
    if claimed is None:
        unconfirmed = subject.email is not None and not subject.email_confirmed
        raise Refusal(
            RefusalReason.EMAIL_UNCONFIRMED if unconfirmed else RefusalReason.CLAIM_MISSING, subject=ask.subject
        )
    for refusal in against_claim(tx, ask, claimed, evidence.roster, alike, evidence.admins):
        raise refusal
    if address_of_another(subject, claimed, evidence.roster):
        raise Refusal(RefusalReason.CLAIM_OF_ANOTHER, ram_user=claimed.name, subject=ask.subject)
    return claimed


def against_claim(
    tx: Tx,
    ask: Ask,
    claimed: Principal,
    roster: tuple[RamUser, ...] | None,
    alike: tuple[RamUser, ...],
    admins: Holders | None = None,
) -> list[Refusal]:
    """What speaks against the subject being this RAM user, worst first. `alike` has their e-mail address. Without a
    list of RAM users, or without knowing who holds the admin policy, nothing is said about these.
    """
    found = []
    if roster is not None and not any(user.principal == claimed for user in roster):
        found.append(Refusal(RefusalReason.CLAIM_UNKNOWN, ram_user=claimed.name))
    other = people.link_of_principal(tx, claimed.user_id)
    if other:
        found.append(rules.taken(other, claimed, ask.team_id, ask.subject))
    if admins and admins.ways(claimed.user_id):
        found.append(Refusal(RefusalReason.CLAIM_ADMIN, ram_user=claimed.name, subject=ask.subject))
    if alike and alike[0].principal.user_id != claimed.user_id:
        match = alike[0].principal.name
        found.append(Refusal(RefusalReason.CLAIM_DIFFERS, ram_user=claimed.name, match=match, subject=ask.subject))
    return found


def _worth_asking(tx: Tx, ask: Ask, item: Item, principal: Principal, evidence: AskEvidence, now: int) -> None:
    if evidence.unclear:
        raise Refusal(RefusalReason.AMBIGUOUS_TYPE, policies=evidence.unclear)
    if evidence.missing:
        raise Refusal(RefusalReason.NOT_INITIALISED, policies=evidence.missing)
    for product in evidence.not_installed:
        raise Refusal(RefusalReason.NOT_INSTALLED, product=product)
    for gone in evidence.gone:
        raise Refusal(RefusalReason.PLACE_GONE, product=gone.kind, place=gone.place)
    for refusal in already_pending(tx, ask, item, principal):
        raise refusal
    direct = {holding.name for holding in evidence.holdings if holding.via_group is None and not holding.unread}
    until: list[int | None] = []
    for entitlement in item.entitlements:
        has, ends_at = _held(tx, principal, entitlement, direct, now, ask.duration)
        if not has:
            return
        until.append(ends_at)
    latest = None if None in until else min(moment for moment in until if moment is not None)
    raise Refusal(RefusalReason.ALREADY_HELD, item=item.name, ram_user=principal.name, until=latest)


def already_pending(tx: Tx, ask: Ask, item: Item, principal: Principal) -> list[Refusal]:
    """Requests for the same subject, as the same RAM user, that ask for all of this and still wait."""
    wanted = set(item.entitlements)
    return [
        Refusal(RefusalReason.ALREADY_PENDING, request=pending.ref, item=pending.item, wanted=item.name)
        for pending in requests.pending_for(tx, principal.user_id)
        # Somebody else's claim to the same RAM user does not keep its owner from asking.
        if pending.subject == ask.subject and wanted <= set(pending.entitlements)
    ]


def _held(
    tx: Tx, principal: Principal, entitlement: Entitlement, direct: set[str], now: int, duration: int | None
) -> tuple[bool, int | None]:
    """Whether the principal has this for at least as long as is asked, and until when."""
    ours = grants.open_on_key(tx, Key(principal.user_id, entitlement))
    if not ours:
        return (str(entitlement) if entitlement.is_member_role else entitlement.name) in direct, None
    ends = [grant.ends_at for grant in ours if grant.state != "ending"]
    if None in ends:
        return True, None
    latest = max((moment for moment in ends if moment is not None), default=0)
    return duration is not None and latest >= now + duration, latest


def who_decides(
    tx: Tx,
    ask: Ask,
    item: Item,
    principal: Principal,
    requester: Principal | None,
    evidence: AskEvidence | RepairEvidence,
) -> list[str]:
    """Slack ids of those who may decide on it.

    Raises:
        Refusal: TOO_FEW_APPROVERS, with how many there are and how many hold the policy at all.
    """
    own = (principal.user_id, requester.user_id if requester else None)
    eligible = may_decide(tx, evidence.admins)
    found = linked_approvers(tx, ask.team_id, eligible, own)
    linked = [slack_id for _, slack_id in found if slack_id not in (ask.requester, ask.subject)]
    usable = _members(linked, ask.team_id, evidence.accounts, item.approvals)
    if len(usable) < item.approvals:
        others = eligible - set(own)
        raise Refusal(
            RefusalReason.TOO_FEW_APPROVERS,
            needed=item.approvals,
            found=len(usable),
            unlinked=len(others) - len(linked),
            barred=len(linked) - len(usable),
            policy=ADMIN_POLICY,
        )
    return usable


def _members(linked: list[str], team_id: str, accounts: Mapping[str, Person | None], needed: int) -> list[str]:
    """Those of the linked whose Slack accounts may decide. One of which Slack did not tell counts only where there are
    too few otherwise: it was a full member's when it was linked.
    """
    told = {slack_id: person for slack_id, person in accounts.items() if person}
    members = [slack_id for slack_id in linked if slack_id in told and rules.is_genuine(told[slack_id], team_id)]
    if len(members) >= needed:
        return members
    return members + [slack_id for slack_id in linked if slack_id not in told]


def holdings_of_interest(holdings: tuple[Holding, ...], catalog: Catalog) -> tuple[Holding, ...]:
    """Of all that a RAM user holds, what the catalogue is about."""
    names = {item.name for item in catalog.policies}
    return tuple(holding for holding in holdings if holding.name in names)
