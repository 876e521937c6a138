"""An approver says that something may stay as it is for a while."""

from __future__ import annotations

from approvals import rules, text_input
from approvals.audit_events import AuditEvent
from approvals.drift import Acceptance, KeptRow
from approvals.evidence import Holders
from approvals.ledger import Ledger, Tx, drift_rows, trail
from approvals.millis import DAY, DomainMillis
from approvals.people import Person, Principal
from approvals.queries.actor import standing
from approvals.refusals.drift import AcceptedTooLong, DriftGone, OwnDrift
from approvals.refusals.people import NotLinked
from approvals.rules import Act

LONGEST_ACCEPTANCE_MS = 365 * DAY


def accept_drift(
    ledger: Ledger,
    team_id: str,
    row_id: str,
    until: DomainMillis,
    reason: str,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> Acceptance:
    """Nobody is told of it until then, as long as it stays as it is.

    Raises:
        Refusal: the actor may not approve, or it is about themselves; it is not so any more; too long, or no reason.
    """
    check_acceptance(until - now, reason)
    with ledger.write() as tx:
        approver, kept = judged_row(tx, team_id, row_id, actor, admins)
        row = kept.row
        said = Acceptance(until, actor.user_id, text_input.checked(reason))
        if kept.acceptance == said:
            # The same form once more.
            return said
        drift_rows.accept(tx, kept, said)
        trail.append_event(
            tx,
            now,
            AuditEvent.DRIFT_ACCEPTED,
            row=kept.id,
            kind=row.kind.value,
            about=row.about,
            until=said.until,
            reason=said.reason,
            by_slack=actor.user_id,
            by_ram_user=approver.name,
            by_ram_user_id=approver.user_id,
        )
        return said


def check_acceptance(duration: int, reason: str) -> None:
    """What can be said against it while the form is open. `duration` is in milliseconds.

    Raises:
        Refusal: AcceptedTooLong, ReasonMissing or UnfitCharacter.
    """
    if duration > LONGEST_ACCEPTANCE_MS:
        raise AcceptedTooLong(longest=LONGEST_ACCEPTANCE_MS)
    for refusal in text_input.against_reason(reason):
        raise refusal


def judged_row(tx: Tx, team_id: str, row_id: str, actor: Person, admins: Holders) -> tuple[Principal, KeptRow]:
    """The RAM user as whom somebody decides on a row, and the row.

    Raises:
        Refusal: the actor may not approve, or it is about themselves; it is not so any more.
    """
    approver = rules.authorise(Act.DRIFT, actor, standing(tx, team_id, actor, admins))
    if approver is None:
        raise NotLinked()
    kept = drift_rows.get(tx, row_id)
    if kept is None:
        raise DriftGone()
    if approver.user_id == kept.row.principal.user_id or kept.row.account in actor.ids:
        raise OwnDrift()
    return approver, kept
