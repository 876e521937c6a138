"""What approvers and the people concerned are shown of an onboarding as it moves on."""

from __future__ import annotations

from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Tx, notices, people
from approvals.millis import DomainMillis
from approvals.onboarding import Onboarding, OnboardingNews, as_details
from approvals.outbox import enqueue
from approvals.outbox.notices import change_notice, close_notice, raise_notice


def post_card(tx: Tx, now: DomainMillis, onboarding: Onboarding) -> None:
    """Have approvers asked."""
    raise_notice(tx, now, NoticeKind.ONBOARDING, onboarding.public_id, as_details(onboarding))
    _draw_homes(tx, now, onboarding)


def redraw_card(tx: Tx, now: DomainMillis, onboarding: Onboarding) -> None:
    """The newest card shows how it stands now."""
    notice = notices.last_about(tx, NoticeKind.ONBOARDING, onboarding.public_id)
    if notice:
        change_notice(tx, now, notice.id, as_details(onboarding))
    _draw_homes(tx, now, onboarding)


def close_card(
    tx: Tx, now: DomainMillis, onboarding: Onboarding, outcome: NoticeOutcome, by: SlackUserId | None = None
) -> None:
    """Nobody has to decide any more; it shows what became of it."""
    notice = notices.open_about(tx, NoticeKind.ONBOARDING, onboarding.public_id)
    if notice:
        notices.change_details(tx, notice.id, as_details(onboarding))
        close_notice(tx, now, notice.id, outcome, by)
    _draw_homes(tx, now, onboarding)


def _draw_homes(tx: Tx, now: DomainMillis, onboarding: Onboarding) -> None:
    """Of those whom it is about, and of those who decide on things."""
    deciding = people.deciders(tx, onboarding.team_id)
    enqueue.draw_homes(tx, now, onboarding.team_id, [onboarding.requester, onboarding.subject, *deciding])


def tell(tx: Tx, now: DomainMillis, onboarding: Onboarding, kind: OnboardingNews) -> None:
    """Tell whoever asked for it, and the person that it is for; of one that failed, whoever approved it too."""
    told = [onboarding.requester, onboarding.subject]
    if kind is OnboardingNews.FAILED and onboarding.decided_by:
        told.append(onboarding.decided_by)
    for person in dict.fromkeys(told):
        enqueue.onboarding_message(tx, now, person, kind, onboarding.public_id)
