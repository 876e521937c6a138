"""Somebody leaves: an approver sees what they have through this program and what else hangs on their RAM user, and
takes back all that was granted here. Their Slack account is linked to it no more, so that they do not ask anew by
mistake. The RAM user itself is never deleted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from approvals import rules
from approvals.catalog.model import Catalog
from approvals.evidence import Holders
from approvals.grant import Grant
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, notices, open_grants, open_requests, people
from approvals.leftovers import Leftovers
from approvals.millis import DomainMillis
from approvals.model import AccessRequest
from approvals.notice import Notice
from approvals.operations.judge_click import judge_click
from approvals.operations.leaving_notice import runs_of, taken_back_in
from approvals.operations.link_identity import unlink_in
from approvals.operations.revoke import Leaving
from approvals.outbox import enqueue
from approvals.outbox.notices import close_notice, raise_notice
from approvals.people import Person, Principal
from approvals.queries.actor import standing
from approvals.refusals.decision import OwnOffboarding
from approvals.rules import Act


@dataclass(frozen=True, slots=True)
class Offboarding:
    """Whom it is about, and what was found."""

    subject: SlackUserId
    linked: SlackUserId | None
    """The same account, by the id with which it is linked, if it still is."""
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
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    found: Offboarding,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> None:
    """Have approvers asked whether all of it is taken back; what they were asked before is said again, as it is now.

    Raises:
        Refusal: the actor may not approve, or it is about themselves.
    """
    with ledger.write() as tx:
        approver = rules.authorise(Act.REVOKE_ALL, actor, standing(tx, team_id, actor, admins))
        accounts = {found.subject, *([found.linked] if found.linked else [])}
        _check_other(actor, approver, accounts, found.principal.user_id)
        given = open_grants.of_principal(tx, found.principal.user_id)
        waiting = open_requests.waiting_for_user(tx, found.principal.user_id)
        about = f"{found.subject}|{found.principal.user_id}"
        before = notices.open_about(tx, NoticeKind.OFFBOARDING, about)
        if before:
            close_notice(tx, now, before.id, NoticeOutcome.SAID_AGAIN)
        raise_notice(tx, now, NoticeKind.OFFBOARDING, about, _details(found, catalog, actor, given, waiting))


def end_offboarded(
    ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> Leaving:
    """An approver ends all that was granted here to the RAM user of the notice, what is still asked for them, and the
    link; not one that they got to another RAM user meanwhile, or that somebody else got to this one.

    Raises:
        Refusal: the actor may not approve, or it is about themselves; the notice is unknown or resolved.
    """
    with ledger.write() as tx:
        approver, notice = _judged(tx, team_id, notice_id, actor, admins)
        link = people.link_of_principal(tx, RamUserId(notice.details["ram_user_id"]))
        ends = link if link and link.team_id == team_id and link.slack_user_id in _accounts(notice) else None
        notices.add_details(tx, notice, unlinked=ends is not None)
        done = taken_back_in(tx, notice, approver, actor, now)
        if ends:
            unlink_in(tx, ends, f"offboarded by {approver.name}", now)
            enqueue.draw_homes(tx, now, team_id, [ends.slack_user_id])
        return done


def keep_offboarded(
    ledger: Ledger, team_id: str, notice_id: str, actor: Person, admins: Holders, now: DomainMillis
) -> None:
    """An approver says that everything stays as it is.

    Raises:
        Refusal: as end_offboarded.
    """
    with ledger.write() as tx:
        _, notice = _judged(tx, team_id, notice_id, actor, admins)
        close_notice(tx, now, notice.id, NoticeOutcome.KEPT, actor.user_id)


def user_of_unlinked(ledger: Ledger, team_id: str, subject: SlackUserId) -> Principal | None:
    """The RAM user for which somebody has things that runs on after their link ended; None where there is none, or
    several.
    """
    with ledger.read() as tx:
        found = open_grants.of_unlinked(tx, team_id, subject)
    return found[0] if len(found) == 1 else None


def _judged(tx: Tx, team_id: str, notice_id: str, actor: Person, admins: Holders) -> tuple[Principal, Notice]:
    approver, notice = judge_click(tx, Act.REVOKE_ALL, NoticeKind.OFFBOARDING, notice_id, team_id, actor, admins)
    _check_other(actor, approver, _accounts(notice), RamUserId(notice.details["ram_user_id"]))
    return approver, notice


def _accounts(notice: Notice) -> set[SlackUserId]:
    return {SlackUserId(notice.details[name]) for name in ("slack", "linked") if notice.details.get(name)}


def _check_other(
    actor: Person, approver: Principal | None, accounts: Collection[SlackUserId], ram_user_id: RamUserId
) -> None:
    """Nobody is left without whoever may let them in again."""
    if actor.ids & set(accounts) or (approver and approver.user_id == ram_user_id):
        raise OwnOffboarding()


def _details(
    found: Offboarding, catalog: Catalog, actor: Person, given: list[Grant], waiting: list[AccessRequest]
) -> dict[str, Any]:
    ours = {each.entitlement.name for each in given}
    ending = {each.entitlement for each in given}
    # What a product gives along with a role goes with it.
    along = {each for each, implying in catalog.implied_by.items() if implying in ending}
    ends = {str(each) for each in ending | along}
    left = asdict(found.left)
    left["policies"] = [name for name in found.left.policies if name not in ours]
    return {
        "by": actor.user_id,
        "slack": found.subject,
        "linked": found.linked,
        "ram_user": found.principal.name,
        "ram_user_id": found.principal.user_id,
        "runs": runs_of(given),
        "waiting": [each.id for each in waiting],
        "left": left,
        "roles": [each for each in found.roles if each not in ends],
        "unread_products": found.unread_products,
    }
