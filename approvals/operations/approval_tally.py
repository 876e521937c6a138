"""Which of the approvals that were given still count, and what those have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from approvals import rules
from approvals.evidence import DecisionEvidence
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Tx, decisions, people
from approvals.model import AccessRequest, Decision, Verdict
from approvals.operations.terms import ApprovalTerms, agreed_on
from approvals.queries.actor import may_decide
from approvals.refusals.service import SlackSilent


@dataclass(frozen=True, slots=True)
class ApprovalTally:
    """The approvals of a request, as they stand now."""

    counting: list[Decision]
    lapsed: list[Decision]
    """Do not count any more; they may be given again."""
    agreed: ApprovalTerms
    """What those that count have in common."""

    @property
    def audit_fields(self) -> dict[str, Any]:
        """For the trail."""
        return {
            "count": len(self.counting),
            "no_longer_counting": [word.principal.name for word in self.lapsed] or None,
            "no_longer_counting_ids": [word.principal.user_id for word in self.lapsed] or None,
        }


def tally_approvals(
    tx: Tx, request: AccessRequest, evidence: DecisionEvidence, requester_ram_id: RamUserId | None
) -> ApprovalTally:
    """Count the approvals on what RAM and Slack say now; those that lapsed are discounted.

    Raises:
        Refusal: SlackSilent, it does not tell of somebody who approved before.
    """
    own = {request.principal.user_id, request.requester_ram_id, requester_ram_id}
    eligible = may_decide(tx, evidence.admins) - own
    counting, lapsed = rules.valid_approvals(
        decisions.of_request(tx, request.id), eligible, _accounts(tx, request, evidence)
    )
    for word in lapsed:
        decisions.discount(tx, request.id, word.principal.user_id)
    return ApprovalTally(counting, lapsed, agreed_on(request, counting))


def _accounts(tx: Tx, request: AccessRequest, evidence: DecisionEvidence) -> frozenset[tuple[RamUserId, SlackUserId]]:
    """(RAM UserId, Slack user id) of those who are linked so, and whose accounts may decide now.

    Raises:
        Refusal: SlackSilent, it does not tell of somebody who approved before.
    """
    given = [word for word in decisions.of_request(tx, request.id) if word.verdict is Verdict.APPROVE and word.counted]
    known = {evidence.actor.user_id: evidence.actor, **evidence.approvers}
    if any(word.slack_user_id not in known for word in given):
        raise SlackSilent()
    return frozenset(
        (link.principal.user_id, slack_id)
        for slack_id, person in known.items()
        if rules.is_full_member(person, request.team_id)
        and (link := people.link_of_person(tx, request.team_id, person))
    )
