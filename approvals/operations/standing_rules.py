"""What the standing rules of the catalogue say of a request: when it is asked for, and when it is approved."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from approvals.catalog.conditions import request_facts
from approvals.catalog.model import Catalog, Item
from approvals.catalog.standing_rules import PEOPLE_DECIDE, ApprovingRule
from approvals.entitlements import Key
from approvals.evidence import AskEvidence
from approvals.ledger import Tx, extensions, grants
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.on_call import OnCall
from approvals.operations.ask import Ask
from approvals.people import Principal


class RuledItem(NamedTuple):
    """What the rules make of what is asked for."""

    item: Item
    """With as many approvals as they want for this request."""
    rule: str | None = None
    """The one that wants more than the item's own terms."""
    approving: ApprovingRule = PEOPLE_DECIDE
    """Which of them approves it, so that nobody has to, where it may be approved so."""


def under_rules(
    tx: Tx,
    catalog: Catalog,
    ask: Ask,
    item: Item,
    principal: Principal,
    requester: Principal | None,
    evidence: AskEvidence,
    now: DomainMillis,
    *,
    break_glass: bool = False,
) -> RuledItem:
    """The item under the rules, for this request. `break_glass`: it is to be given at once.

    Raises:
        Refusal: DeniedByRule, or RuleUnanswered.
    """
    if not catalog.rules.rules:
        return RuledItem(item)
    facts = request_facts(
        item.name,
        item.entitlements,
        duration=ask.duration,
        now=now,
        for_self=ask.requester == ask.subject,
        subject=principal.name,
        requester=requester.name if requester else "",
        had_before=all(grants.was_active(tx, Key(principal.user_id, each)) for each in item.entitlements),
        requester_groups=evidence.requester_groups,
        subject_groups=evidence.subject_groups,
        requester_on_call=_names(evidence.requester_on_call),
        subject_on_call=_names(evidence.subject_on_call),
        break_glass=break_glass,
    )
    needed, by = catalog.rules.approvals(facts, item.approvals)
    later = ask.starts_at is not None and ask.starts_at > now
    approving = PEOPLE_DECIDE if requester is None else catalog.rules.approving(facts, needed, later=later)
    return RuledItem(replace(item, approvals=needed), by.name if by else None, approving)


def _names(on_call: OnCall | None) -> tuple[str, ...] | None:
    return on_call.all_names if on_call else None


def check_rules(tx: Tx, catalog: Catalog, request: AccessRequest, now: DomainMillis) -> None:
    """Whether a rule refuses now what was asked for before. One about who asks, or what somebody had, was judged then.

    Raises:
        Refusal: DeniedByRule, or RuleUnanswered.
    """
    if request.of_account or not catalog.rules.rules:
        return
    facts = request_facts(
        request.item,
        request.entitlements,
        duration=_whole(tx, request),
        now=now,
        for_self=request.requester == request.subject,
        subject=request.principal.name,
    )
    catalog.rules.check(facts, asked_now=False)


def _whole(tx: Tx, request: AccessRequest) -> int | None:
    """Milliseconds for which it is asked for, with what it extends."""
    extended = extensions.extended(tx, request)
    if extended is None or extended.ends_at is None:
        return request.duration
    return extensions.in_all(extensions.first_of(tx, extended), extended.ends_at, request.duration)
