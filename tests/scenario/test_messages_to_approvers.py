"""Notices reach the approvals channel, or else each approver, and show when they are settled."""

from __future__ import annotations

from approvals.kinds import NoticeOutcome
from approvals.millis import DomainMillis
from approvals.outbox.notices import close_notice
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.newer_version import raise_unknown_notice

RAISED = "needs an administrator's attention: `from-tomorrow`"


def shown_to(person: SandboxPerson) -> list[SeenMessage]:
    return [message for message in person.messages() if RAISED in message.plain]


def test_a_notice_is_posted_in_the_approvals_channel_once(app: AppHarness) -> None:
    raise_unknown_notice(app.ledger)
    app.until(lambda: shown_to(app.bob), "the notice")
    assert [message.channel for message in shown_to(app.bob)] == [APPROVALS]


def test_a_notice_for_one_person_is_a_direct_message_to_nobody_else(app: AppHarness) -> None:
    raise_unknown_notice(app.ledger, app.dave.id)
    app.dave.direct_message_with(RAISED)
    assert shown_to(app.bob) == []


def test_where_the_channel_takes_no_notice_each_approver_gets_it_in_person(app: AppHarness) -> None:
    app.people.inject_slack_fault(
        {"fault": "error", "method": "chat.postMessage", "channel": APPROVALS, "error": "is_archived"}
    )
    raise_unknown_notice(app.ledger)
    for person in (app.alice, app.bob, app.judy):
        person.direct_message_with(RAISED)
    assert shown_to(app.carol) == []


def test_a_notice_that_was_settled_before_it_could_be_posted_is_not_posted(app: AppHarness) -> None:
    app.stop_bot()
    notice = raise_unknown_notice(app.ledger)
    with app.ledger.write() as tx:
        close_notice(tx, DomainMillis(0), notice, NoticeOutcome.KEPT)
    app.start_bot()
    ref = app.asked(app.carol, "PaiRecEngineAccess 8h rollout")
    app.card(ref)
    assert shown_to(app.bob) == []
