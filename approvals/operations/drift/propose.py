"""An approver asks that something is adopted or revoked that no request accounts for; another one decides."""

from __future__ import annotations

from typing import Any

from approvals import text_input
from approvals.audit_events import AuditEvent
from approvals.catalog.model import Catalog
from approvals.drift import DriftAction, DriftRow
from approvals.evidence import Holders
from approvals.kinds import NoticeKind
from approvals.ledger import Ledger, Tx, open_grants, trail
from approvals.millis import DomainMillis
from approvals.operations.drift.accept import judged_row
from approvals.outbox.notices import raise_notice
from approvals.people import Person
from approvals.queries.drift import longest_times
from approvals.refusals.drift import DriftBarred, DriftPending, DriftUnlinked, GrantedMeanwhile
from approvals.refusals.request import TooLong


def propose(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    row_id: str,
    action: DriftAction,
    duration: int | None,
    reason: str,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> None:
    """Have approvers asked. `duration`: milliseconds for which what is adopted runs on from its approval.

    Raises:
        Refusal: the actor may not approve, or it is about themselves; nothing can be done about it from here; it is not
            so any more; somebody asked already.
    """
    with ledger.write() as tx:
        propose_in(tx, catalog, team_id, row_id, action, duration, reason, actor, admins, now)


def propose_in(
    tx: Tx,
    catalog: Catalog,
    team_id: str,
    row_id: str,
    action: DriftAction,
    duration: int | None,
    reason: str,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> None:
    """The same as part of something else.

    Raises:
        Refusal: as `propose` does.
    """
    approver, kept = judged_row(tx, team_id, row_id, actor, admins)
    check_proposal(catalog, kept.row, action, duration, reason)
    key = kept.row.key
    if key is not None and open_grants.on_key(tx, key):
        raise GrantedMeanwhile()
    by: dict[str, Any] = {
        "by_slack": actor.user_id,
        "by_ram_user": approver.name,
        "by_ram_user_id": approver.user_id,
    }
    said: dict[str, Any] = {"action": action.value, "duration": duration, "reason": text_input.checked(reason)}
    details = {"row": kept.row.as_details(), "row_id": kept.id, **said, **by}
    if raise_notice(tx, now, NoticeKind.DRIFT_REQUEST, kept.row.about, details) is None:
        raise DriftPending()
    trail.append_event(tx, now, AuditEvent.DRIFT_ASKED, row=kept.id, about=kept.row.about, **said, **by)


def check_proposal(catalog: Catalog, row: DriftRow, action: DriftAction, duration: int | None, reason: str) -> None:
    """What can be said against it while the form is open.

    Raises:
        Refusal: DriftBarred, DriftUnlinked, TooLong, ReasonMissing or UnfitCharacter.
    """
    if row.key is None:
        raise DriftBarred()
    if action is DriftAction.ADOPT:
        if row.account is None:
            raise DriftUnlinked()
        most = longest_adoption(catalog, row)
        if duration is None or duration > most:
            raise TooLong(item=row.key.entitlement.short_name, longest=most)
    for refusal in text_input.against_reason(reason):
        raise refusal


def longest_adoption(catalog: Catalog, row: DriftRow) -> int:
    """Milliseconds for which it may be adopted; 0 where the catalogue does not have it any more."""
    return longest_times(catalog).get(row.entitlement, 0) if row.entitlement else 0
