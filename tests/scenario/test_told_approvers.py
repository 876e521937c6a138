"""Notices reach the approvals channel, or else each approver, and show when they are settled."""

from __future__ import annotations

from approvals.outbox.notices import close_notice, raise_notice
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, AppHarness

RAISED = "needs an administrator's attention: `from-tomorrow`"


def raised(office: AppHarness, to: str | None = None) -> str:
    """A notice of a kind that this program has no text of its own for."""
    with office.ledger.write() as tx:
        notice = raise_notice(tx, 0, "from-tomorrow", "U0DAVE", {}, to)
    assert notice is not None
    return notice.id


def shown_to(person: SandboxPerson) -> list[SeenMessage]:
    return [message for message in person.messages() if RAISED in message.plain]


def test_a_notice_is_posted_in_the_approvals_channel_once(office: AppHarness) -> None:
    raised(office)
    office.until(lambda: shown_to(office.bob), "the notice")
    assert [message.channel for message in shown_to(office.bob)] == [APPROVALS]


def test_a_notice_for_one_person_is_a_direct_message_to_nobody_else(office: AppHarness) -> None:
    raised(office, office.dave.id)
    office.dave.direct_message_with(RAISED)
    assert shown_to(office.bob) == []


def test_where_the_channel_takes_no_notice_each_approver_gets_it_in_person(office: AppHarness) -> None:
    office.people.order_slack(
        {"fault": "error", "method": "chat.postMessage", "channel": APPROVALS, "error": "is_archived"}
    )
    raised(office)
    for person in (office.alice, office.bob, office.judy):
        person.direct_message_with(RAISED)
    assert shown_to(office.carol) == []


def test_a_notice_that_was_settled_before_it_could_be_posted_is_not_posted(office: AppHarness) -> None:
    office.stop_bot()
    notice = raised(office)
    with office.ledger.write() as tx:
        close_notice(tx, 0, notice, "kept")
    office.start_bot()
    ref = office.asked(office.carol, "PaiRecEngineAccess 8h rollout")
    office.card(ref)
    assert shown_to(office.bob) == []
