"""Ask for access: checked against the catalogue at once, against RAM afterwards, and recorded in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from approvals import rules
from approvals.catalog.model import Catalog, Item
from approvals.catalog.standing_rules import PEOPLE_DECIDE, ApprovingRule
from approvals.errors import Refusal
from approvals.evidence import (
    AskEvidence,
)
from approvals.ledger import Ledger, Tx, people, requests
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.operations.approve_at_once import approve_at_once
from approvals.operations.ask import Ask, catalog_refusals
from approvals.operations.check_needed import check_needed, check_open
from approvals.operations.create_request import Parties, create_request
from approvals.operations.deciders import eligible_approvers
from approvals.operations.emergencies.take import longest, takeable
from approvals.operations.judge_claim import judge_claim
from approvals.operations.standing_rules import under_rules
from approvals.people import Link, Principal
from approvals.queries.actor import standing
from approvals.queries.away import TooFewHere, too_few_here
from approvals.refusals.links import RequesterNotLinked, UserGone
from approvals.refusals.request import ReasonMissing, TicketMissing
from approvals.rules import Act


def request_access(
    ledger: Ledger, catalog: Catalog, ask: Ask, evidence: AskEvidence, now: DomainMillis, most_open: int | None = None
) -> AccessRequest:
    """Record the request and what it causes; the same `asked_key` again answers with the request that it made.
    `most_open`: how many may wait at a time that one person asked for.

    Raises:
        Refusal: nothing was recorded, and why.
    """
    for refusal in catalog_refusals(catalog, ask):
        raise refusal
    item = catalog.resolve(ask.item)
    with ledger.write() as tx:
        known = requests.by_asked_key(tx, ask.asked_key)
        if known:
            return known
        judged = _judge(tx, catalog, ask, item, evidence, now, most_open)
        request = create_request(
            tx, ask, judged.item, judged.parties, claimed=judged.claimed, now=now, rule=judged.rule
        )
        if judged.approving.rule is None:
            return request
        return approve_at_once(tx, request, judged.approving.rule, now)


@dataclass(frozen=True, slots=True)
class JudgedRequest:
    """A request as it may be made."""

    item: Item
    """With as many approvals as it takes."""
    rule: str | None
    """The standing rule that wants more than the item's own terms."""
    parties: Parties
    claimed: bool
    """Whether its approval also confirms who the subject is."""
    too_few: TooFewHere | None = None
    """Where fewer than that of those who may decide are here."""
    approving: ApprovingRule = PEOPLE_DECIDE
    """The standing rule by which nobody has to approve it."""
    at_once: int | None = None
    """Milliseconds for which whoever asks could take it now, without anybody's approval, in an emergency."""
    not_at_once: Refusal | None = None
    """Why they could not, where the catalogue gives it so to others."""


def explain_request(
    ledger: Ledger, catalog: Catalog, ask: Ask, evidence: AskEvidence, now: DomainMillis, most_open: int | None = None
) -> JudgedRequest:
    """What would become of a request, by the same rules; nothing is recorded, and neither reason nor ticket is wanted.

    Raises:
        Refusal: it would not be made, and why.
    """
    for refusal in catalog_refusals(catalog, ask):
        if not isinstance(refusal, ReasonMissing | TicketMissing):
            raise refusal
    item = catalog.resolve(ask.item)
    with ledger.read() as tx:
        judged = _judge(tx, catalog, ask, item, evidence, now, most_open)
        too_few = too_few_here(tx, ask.team_id, judged.item.approvals, judged.parties.approvers)
        judged = replace(judged, too_few=too_few)
        terms = catalog.break_glass
        if terms is None or not terms.has(item.name) or ask.requester != ask.subject:
            return judged
        duration = longest(terms, item)
        try:
            takeable(tx, catalog, replace(ask, duration=duration), evidence, now)
        except Refusal as refusal:
            return replace(judged, not_at_once=refusal)
        return replace(judged, at_once=duration)


def _judge(
    tx: Tx,
    catalog: Catalog,
    ask: Ask,
    item: Item,
    evidence: AskEvidence,
    now: DomainMillis,
    most_open: int | None,
) -> JudgedRequest:
    actor = standing(tx, ask.team_id, evidence.requester, evidence.admins)
    requester = rules.authorise(Act.ASK, evidence.requester, actor)
    rules.check_full_member(evidence.subject, ask.team_id, other=ask.subject != ask.requester)
    link = people.link_of_person(tx, ask.team_id, evidence.subject)
    if requester is None and ask.subject != ask.requester:
        raise RequesterNotLinked()
    principal = _who(ask, evidence, link, tx)
    check_needed(tx, ask, item, principal, evidence, now)
    check_open(tx, ask, requester, most_open)
    item, rule, approving = under_rules(tx, catalog, ask, item, principal, requester, evidence, now)
    approvers = eligible_approvers(tx, ask, item, principal, requester, evidence)
    # Who somebody is that nobody has linked, people alone say; and whoever made a workflow wrote who asks.
    by_rule = link is not None and ask.workflow_step is None
    return JudgedRequest(
        item,
        rule,
        Parties(principal, requester, tuple(approvers), evidence.holdings),
        claimed=link is None,
        approving=approving if by_rule else PEOPLE_DECIDE,
    )


def _who(ask: Ask, evidence: AskEvidence, link: Link | None, tx: Tx) -> Principal:
    """The RAM user that the subject is: by their link, or by a claim that is fit to be confirmed with a click."""
    if link is not None:
        if evidence.user is None or evidence.user.user_id != link.principal.user_id:
            raise UserGone(ram_user=link.principal.name, subject=ask.subject)
        return evidence.user
    claimed = judge_claim(tx, ask, evidence)
    if evidence.user is None or evidence.user.user_id != claimed.user_id:
        raise UserGone(ram_user=claimed.name, subject=ask.subject)
    return evidence.user
