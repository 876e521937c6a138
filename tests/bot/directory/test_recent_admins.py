"""Who holds the admin policy is shown by what RAM said within a minute, and decided by what it says now."""

from __future__ import annotations

from approvals.evidence import Holder, Holders
from approvals.ids import RamUserId
from approvals.people import Principal
from bot.directory.admin_holders import RECENT_MS, AdminHolders

BOB = Holders((Holder(Principal(RamUserId("u2"), "bob")),))
NOBODY = Holders()


class Account:
    """RAM, and a clock that nobody sets."""

    def __init__(self) -> None:
        self.said = BOB
        self.now = 5_000

    def holders(self) -> Holders:
        return self.said

    def steady(self) -> int:
        return self.now


def test_what_ram_said_is_shown_for_a_minute_and_then_asked_anew() -> None:
    account = Account()
    admins = AdminHolders(account.holders, account.steady)
    assert admins.recent() == BOB
    account.said = NOBODY
    account.now += RECENT_MS - 1
    assert admins.recent() == BOB
    account.now += 1
    assert admins.recent() == NOBODY


def test_what_is_decided_by_is_asked_now_and_shown_from_then_on() -> None:
    account = Account()
    admins = AdminHolders(account.holders, account.steady)
    admins.recent()
    account.said = NOBODY
    assert admins.read() == NOBODY and admins.recent() == NOBODY


def test_an_answer_that_was_asked_for_earlier_and_comes_later_replaces_none() -> None:
    account = Account()
    answers = [BOB, NOBODY]

    def holders() -> Holders:
        answer = answers.pop(0)
        if answers:
            account.now += 1
            admins.read()
        return answer

    admins = AdminHolders(holders, account.steady)
    assert admins.read() == BOB and admins.recent() == NOBODY
