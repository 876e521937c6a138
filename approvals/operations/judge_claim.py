"""Whether a Slack account that nobody linked may be taken for a RAM user until somebody confirms it."""

from __future__ import annotations

from approvals import rules
from approvals.errors import Refusal
from approvals.evidence import (
    AskEvidence,
    Holders,
    RamUser,
    address_of_another,
    email_matches,
    same_address,
)
from approvals.ledger import Tx, people
from approvals.operations.ask import Ask
from approvals.people import Principal
from approvals.refusals.links import (
    ClaimAdmin,
    ClaimDiffers,
    ClaimMissing,
    ClaimOfAnother,
    ClaimUnknown,
    EmailAmbiguous,
    EmailUnconfirmed,
)


def judge_claim(tx: Tx, ask: Ask, evidence: AskEvidence) -> Principal:
    """The RAM user that the subject may be taken for: the one that was claimed, or else the one with their confirmed
    e-mail address.

    Raises:
        Refusal: no RAM user can be claimed, or this one only on the command line.
    """
    subject, alike = evidence.subject, same_address(evidence.subject, evidence.roster)
    if len(alike) > 1:
        raise EmailAmbiguous(subject=ask.subject, count=len(alike))
    matches = email_matches(subject, evidence.roster)
    claimed = ask.claim or (matches[0].principal if matches else None)
    if claimed is None:
        unconfirmed = subject.email is not None and not subject.email_confirmed
        raise EmailUnconfirmed(subject=ask.subject) if unconfirmed else ClaimMissing(subject=ask.subject)
    for refusal in claim_refusals(tx, ask, claimed, evidence.roster, alike, evidence.admins):
        raise refusal
    if address_of_another(subject, claimed, evidence.roster):
        raise ClaimOfAnother(ram_user=claimed.name, subject=ask.subject)
    return claimed


def claim_refusals(
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
    found: list[Refusal] = []
    if roster is not None and not any(user.principal == claimed for user in roster):
        found.append(ClaimUnknown(ram_user=claimed.name))
    other = people.link_of_principal(tx, claimed.user_id)
    if other:
        found.append(rules.claim_taken(other, claimed, ask.team_id, ask.subject))
    if admins and admins.ways(claimed.user_id):
        found.append(ClaimAdmin(ram_user=claimed.name, subject=ask.subject))
    if alike and alike[0].principal.user_id != claimed.user_id:
        match = alike[0].principal.name
        found.append(ClaimDiffers(ram_user=claimed.name, match=match, subject=ask.subject))
    return found
