"""What has to be told once is told once, until it is resolved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from approvals.ids import SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Ledger, Tx, notices, open_ledger
from approvals.ledger.notices import NoticeMessage
from approvals.outbox.notices import close_notice, raise_notice
from tests.harness.builders import NOW


@pytest.fixture
def tx(ledger_address: str) -> Iterator[Tx]:
    ledger: Ledger = open_ledger(ledger_address)
    with ledger.write() as opened:
        yield opened
    ledger.close()


def kinds(tx: Tx) -> list[str]:
    return [row["kind"] for row in tx.rows("SELECT kind FROM jobs ORDER BY seq")]


def test_while_a_notice_is_open_another_about_the_same_is_not_raised(tx: Tx) -> None:
    first = raise_notice(tx, NOW, NoticeKind.LEAVER, "U0DAVE", {"ram_user": "dave"})
    assert first is not None and len(first.id) == 32
    assert raise_notice(tx, NOW + 1, NoticeKind.LEAVER, "U0DAVE", {}) is None
    assert raise_notice(tx, NOW + 1, NoticeKind.LEAVER, "U0ERIN", {}) is not None
    assert kinds(tx) == ["notice", "notice"]


def test_a_settled_notice_is_settled_once_and_may_be_raised_anew(tx: Tx) -> None:
    notice = raise_notice(tx, NOW, NoticeKind.LEAVER, "U0DAVE", {})
    assert notice is not None
    assert close_notice(tx, NOW + 1, notice.id, NoticeOutcome.TAKEN_BACK, SlackUserId("U0BOB"))
    assert not close_notice(tx, NOW + 2, notice.id, NoticeOutcome.KEPT, SlackUserId("U0ALICE"))
    resolved = notices.get(tx, notice.id)
    assert resolved is not None and (resolved.outcome, resolved.resolved_by) == ("taken back", "U0BOB")
    again = raise_notice(tx, NOW + 3, NoticeKind.LEAVER, "U0DAVE", {})
    assert again is not None and again.id != notice.id


def test_a_notice_that_nobody_raised_cannot_be_settled(tx: Tx) -> None:
    assert not close_notice(tx, NOW, "0" * 32, NoticeOutcome.KEPT, SlackUserId("U0BOB"))


def test_every_message_of_a_settled_notice_is_redrawn(tx: Tx) -> None:
    notice = raise_notice(tx, NOW, NoticeKind.LEAVER, "U0DAVE", {})
    assert notice is not None
    for channel in ("D1", "D2"):
        notices.add_message(tx, NoticeMessage(notice.id, channel, "1.1"))
    close_notice(tx, NOW, notice.id, NoticeOutcome.KEPT, SlackUserId("U0BOB"))
    assert kinds(tx).count("redraw_notice") == 2
