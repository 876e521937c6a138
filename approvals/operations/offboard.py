"""Somebody leaves: an approver sees what they have through this program and what else hangs on their RAM user, and
takes back all that was granted here. The RAM user itself is never deleted.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from approvals import rules
from approvals.evidence import Holders
from approvals.grant import Grant
from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, notices, open_grants, open_requests
from approvals.leftovers import Leftovers
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.operations.leaving_notice import runs_of
from approvals.outbox.notices import close_notice, raise_notice
from approvals.people import Person, Principal
from approvals.queries.actor import standing
from approvals.rules import Act


@dataclass(frozen=True, slots=True)
class Offboarding:
    """Whom it is about, and what was found."""

    subject: SlackUserId
    principal: Principal
    left: Leftovers
    roles: tuple[str, ...] = ()
    """Member roles that were not granted here."""
    unread_products: tuple[str, ...] = ()


def check_may_offboard(ledger: Ledger, team_id: str, actor: Person, admins: Holders) -> None:
    """Before anything is read of anybody.

    Raises:
        Refusal: the actor may not approve.
    """
    with ledger.read() as tx:
        rules.authorise(Act.REVOKE_ALL, actor, standing(tx, team_id, actor, admins))


def offboard(
    ledger: Ledger, team_id: str, found: Offboarding, actor: Person, admins: Holders, now: DomainMillis
) -> None:
    """Have approvers asked whether all of it is taken back; what they were asked before is said again, as it is now.

    Raises:
        Refusal: the actor may not approve.
    """
    with ledger.write() as tx:
        rules.authorise(Act.REVOKE_ALL, actor, standing(tx, team_id, actor, admins))
        given = open_grants.of_principal(tx, found.principal.user_id)
        waiting = open_requests.waiting_for_user(tx, found.principal.user_id)
        about = f"{found.subject}|{found.principal.user_id}"
        before = notices.open_about(tx, NoticeKind.OFFBOARDING, about)
        if before:
            close_notice(tx, now, before.id, NoticeOutcome.SAID_AGAIN)
        raise_notice(tx, now, NoticeKind.OFFBOARDING, about, _details(found, actor, given, waiting))


def _details(found: Offboarding, actor: Person, given: list[Grant], waiting: list[AccessRequest]) -> dict[str, Any]:
    ours = {each.entitlement.name for each in given}
    left = asdict(found.left)
    left["policies"] = [name for name in found.left.policies if name not in ours]
    return {
        "by": actor.user_id,
        "slack": found.subject,
        "ram_user": found.principal.name,
        "ram_user_id": found.principal.user_id,
        "runs": runs_of(given),
        "waiting": [each.id for each in waiting],
        "left": left,
        "roles": [each for each in found.roles if each not in {str(grant.entitlement) for grant in given}],
        "unread_products": found.unread_products,
    }
