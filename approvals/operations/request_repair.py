"""Ask for what an Authorize button offers: access of one of the account's own roles, by the same approval as any other.

Nobody gets it in person: the requester stands for the team that noticed, the principal is the role.
"""

from __future__ import annotations

from approvals import rules, text_input
from approvals.catalog.model import Catalog, Item
from approvals.evidence import RepairEvidence
from approvals.grant import Grant, GrantState
from approvals.ledger import Ledger, Tx, open_grants, open_requests, requests
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.ask import Ask
from approvals.operations.check_needed import check_open
from approvals.operations.create_request import Parties, create_request
from approvals.operations.deciders import eligible_approvers
from approvals.queries.actor import standing
from approvals.refusals.links import RequesterNotLinked
from approvals.refusals.status import Repaired, RepairPending, RoleGone, RoleUnfit, UnknownRepair
from approvals.rules import Act


def check_repair(catalog: Catalog, ask: Ask) -> Item:
    """The repair that is asked for, by what the catalogue and the text alone say.

    Raises:
        Refusal: no such repair, or it says no reason, or one that cannot be kept.
    """
    item = catalog.repairs.get(ask.item)
    if item is None:
        raise UnknownRepair()
    for refusal in text_input.against_reason(ask.reason):
        raise refusal
    return item


def request_repair(
    ledger: Ledger,
    catalog: Catalog,
    ask: Ask,
    evidence: RepairEvidence,
    now: DomainMillis,
    most_open: int | None = None,
) -> AccessRequest:
    """Record the request; the same `asked_key` again answers with the request that it made.
    `most_open`: how many may wait at a time that one person asked for.

    Raises:
        Refusal: nothing was recorded, and why.
    """
    item = check_repair(catalog, ask)
    with ledger.write() as tx:
        known = requests.by_asked_key(tx, ask.asked_key)
        if known:
            return known
        actor = standing(tx, ask.team_id, evidence.requester, evidence.admins)
        requester = rules.authorise(Act.ASK, evidence.requester, actor)
        if requester is None:
            raise RequesterNotLinked()
        check_open(tx, ask, requester, most_open)
        if evidence.present:
            raise Repaired(item=item.title)
        if evidence.role is None:
            raise RoleGone(role=item.role or "")
        if not evidence.fits:
            raise RoleUnfit(role=evidence.role.name)
        raise_if_under_way(tx, item)
        approvers = eligible_approvers(tx, ask, item, evidence.role, requester, evidence)
        parties = Parties(evidence.role, requester, tuple(approvers), evidence.holdings)
        return create_request(tx, ask, item, parties, claimed=False, now=now)


def under_way(tx: Tx, item: Item) -> AccessRequest | None:
    """The request that waits, or is being carried out, for the same repair."""
    waiting = open_requests.waiting_for_item(tx, item.name, item.role or "")
    if waiting:
        return waiting
    for grant in _given(tx, item):
        request = requests.get(tx, grant.request_id)
        if request and grant.active_at is None and request.state is RequestState.APPROVED:
            return request
    return None


def given_by_us(tx: Tx, item: Item) -> AccessRequest | None:
    """The newest request through which the bot itself put it there, as far as it is still there."""
    found = [grant for grant in _given(tx, item) if grant.state is GrantState.ACTIVE]
    return requests.get(tx, found[-1].request_id) if found else None


def raise_if_under_way(tx: Tx, item: Item) -> None:
    """Refuse to ask for a repair that is under way already.

    Raises:
        Refusal: RepairPending.
    """
    waiting = under_way(tx, item)
    if waiting:
        raise RepairPending(request=waiting.ref)


def _given(tx: Tx, item: Item) -> list[Grant]:
    """What was given to the role that the settings name now; another one may have had it before."""
    return [
        grant
        for entitlement in item.entitlements
        for grant in open_grants.with_entitlement(tx, entitlement)
        if grant.principal.name == item.role
    ]
