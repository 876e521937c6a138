"""Somebody's Slack account is deactivated while something runs for them: noticed, said, and not forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, AppHarness
from tests.harness.refusals import audit_trail, invite, link, newcomer, press, refused, unlink

GONE = "The Slack account of <@U0DAVE> is deactivated"
DAY = 24 * HOUR


def given(office: AppHarness, person: SandboxPerson, line: str = f"{DATA} until-revoked") -> str:
    ref = office.asked(person, f"{line} rolling out")
    office.approve(ref, office.bob)
    office.until(lambda: office.states(ref) == ["active"], f"{ref} to be active")
    return ref


def change(office: AppHarness, user: str = "U0DAVE", **values: Any) -> None:
    office.people.order_slack({"person": user, "set": values})


def looks(office: AppHarness) -> None:
    """The bot has looked once more."""
    with office.ledger.read() as tx:
        before = tx.rows("SELECT revision FROM jobs WHERE id = 'leavers'")[0]["revision"]
    office.look_at_leavers()

    def looked() -> bool:
        with office.ledger.read() as tx:
            [job] = tx.rows("SELECT * FROM jobs WHERE id = 'leavers'")
        return job["revision"] > before and job["lock_token"] is None and job["due_at"] > 0

    office.until(looked, "the bot to look who is still here")


def notices(office: AppHarness, text: str = GONE) -> list[SeenMessage]:
    return [message for message in office.bob.messages(APPROVALS) if text in message.plain]


def said(office: AppHarness, text: str = GONE) -> SeenMessage:
    """The one message that says it."""
    found = office.until(lambda: notices(office, text), lambda: f"{text!r}; bob sees:\n{office.bob.sees()}")
    assert len(found) == 1
    return found[0]


def test_a_deactivated_account_is_said_with_what_runs_and_all_is_taken_back_with_a_click(office: AppHarness) -> None:
    lasting, timed = given(office, office.dave), given(office, office.dave, f"{ENGINE} 8h")
    waiting = office.asked(office.dave, "PaiRecRamAdminAccess 1h incident 12")
    looks(office)
    assert notices(office) == [], "nobody has left yet"
    change(office, deleted=True)
    looks(office)
    notice = said(office)
    assert "RAM user `dave` has:" in notice.plain and notice.buttons == ["Take everything back", "Keep it"]
    assert f"• `{DATA}` until revoked ({lasting})" in notice.plain and f"• `{ENGINE}` until " in notice.plain
    looks(office)
    assert len(notices(office)) == 1, "it is said once"
    office.bob.click("Take everything back", notice)
    for policy in (DATA, ENGINE):
        office.comes_to_lose("dave", policy)
    for ref in (lasting, timed):
        office.card(ref, "ended")
        assert "left" in office.events(ref)
    office.card(waiting, "cancelled")
    done = said(office, "✅ <@U0BOB> takes back all that <@U0DAVE> has, as RAM user `dave`.")
    assert done.ts == notice.ts and done.buttons == []
    office.bob.ephemeral_with("2 grants are being taken back.")
    entry = [each for each in audit_trail(office) if each["event"] == "left"][-1]
    assert (entry["by_slack"], entry["by_ram_user"]) == ("U0BOB", "bob")
    looks(office)
    assert notices(office) == []
    assert office.chain_holds()
    assert office.holds("dave", "PaiRecMonitorAccess"), "what somebody gave him by hand is not ours to take"


def test_it_is_said_again_every_day_until_somebody_does_something(office: AppHarness) -> None:
    given(office, office.dave)
    change(office, deleted=True)
    looks(office)
    first = said(office)
    office.people.advance(DAY - HOUR)
    looks(office)
    assert said(office).ts == first.ts
    office.people.advance(2 * HOUR)
    again = office.until(
        lambda: next((m for m in notices(office) if m.ts != first.ts and m.buttons), None), "it to be said again"
    )
    old = said(office, "is still gone, which is said again further down")
    assert old.ts == first.ts and old.buttons == []
    office.bob.click("Take everything back", again)
    office.comes_to_lose("dave", DATA)


def test_what_an_approver_keeps_is_asked_again_after_a_while_or_when_there_is_more(office: AppHarness) -> None:
    given(office, office.dave)
    change(office, deleted=True)
    looks(office)
    office.bob.click("Keep it", said(office))
    said(office, "📌 <@U0BOB> says that <@U0DAVE>, RAM user `dave`, keeps what they have.")
    assert office.holds("dave", DATA)
    office.people.advance(3 * DAY)
    looks(office)
    assert notices(office) == []
    office.people.advance(28 * DAY)
    office.bob.click("Keep it", said(office))
    office.until(lambda: not notices(office), "it to be kept once more")
    change(office, deleted=False)
    given(office, office.dave, f"{ENGINE} 30d")
    change(office, deleted=True)
    looks(office)
    assert f"• `{ENGINE}`" in said(office).plain


def test_an_account_that_is_back_closes_it(office: AppHarness) -> None:
    given(office, office.dave)
    change(office, deleted=True)
    looks(office)
    said(office)
    change(office, deleted=False)
    looks(office)
    assert said(office, "✅ <@U0DAVE>, RAM user `dave`, is a member here again.").buttons == []
    change(office, deleted=True)
    looks(office)
    said(office)


def test_it_is_closed_when_nothing_runs_any_more(office: AppHarness) -> None:
    given(office, office.dave, f"{ENGINE} 8h")
    change(office, deleted=True)
    looks(office)
    said(office)
    office.people.advance(8 * HOUR + 1)
    office.comes_to_lose("dave", ENGINE)
    looks(office)
    assert said(office, "✅ <@U0DAVE> has nothing any more, as RAM user `dave`.").buttons == []


def test_it_is_closed_when_the_ram_user_has_another_account(office: AppHarness) -> None:
    given(office, office.dave)
    change(office, deleted=True)
    looks(office)
    said(office)
    again = newcomer(office, "dave2", id="U0DAVE2")
    unlink(office, office.dave)
    link(office, again, "dave")
    looks(office)
    said(office, "✅ <@U0DAVE> has nothing any more")


@pytest.mark.parametrize("values", [{"is_restricted": True}, {"team_id": "T0OTHER"}], ids=["a guest", "elsewhere"])
def test_whoever_is_no_full_member_any_more_has_left_as_well(office: AppHarness, values: dict[str, Any]) -> None:
    given(office, office.dave)
    change(office, **values)
    looks(office)
    said(office, "<@U0DAVE> is no full member here any more")


def test_an_account_without_a_link_is_the_one_for_which_it_was_asked(office: AppHarness) -> None:
    given(office, office.dave)
    unlink(office, office.dave)
    change(office, deleted=True)
    looks(office)
    said(office)


FAULTS = {
    "a server error": {"fault": "error", "error": "internal_error"},
    "nobody": {"fault": "error", "error": "user_not_found"},
    "not to be seen": {"fault": "error", "error": "user_not_visible"},
    "the app is inactive": {"fault": "error", "error": "account_inactive"},
    "too many": {"fault": "ratelimited"},
    "half an answer": {"fault": "cut_answer"},
    "less than whether they are still here": {
        "fault": "answer",
        "body": '{"ok": true, "user": {"id": "U0DAVE", "team_id": "T0PAIREC", "is_bot": false}}',
    },
    "nothing of where they are": {
        "fault": "answer",
        "body": '{"ok": true, "user": {"id": "U0DAVE", "is_bot": false, "deleted": false}}',
    },
    "somebody else": {
        "fault": "answer",
        "body": '{"ok": true, "user": {"id": "U0ERIN", "team_id": "T0PAIREC", "is_bot": false, "deleted": true}}',
    },
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_slack_does_not_say_plainly_says_nothing(office: AppHarness, fault: dict[str, Any]) -> None:
    given(office, office.dave)
    office.people.order_slack({**fault, "method": "users.info", "user": "U0DAVE", "times": None})
    looks(office)
    assert [each for each in audit_trail(office) if each["event"] == "notice raised"] == []
    office.people.clear_orders()
    change(office, deleted=True)
    looks(office)
    said(office)


def test_whoever_may_not_approve_takes_nothing_back_and_keeps_nothing(office: AppHarness) -> None:
    invite(office, office.carol)
    given(office, office.dave)
    change(office, deleted=True)
    looks(office)
    notice = said(office)
    for button in ("Take everything back", "Keep it"):
        with refused(office, office.carol, "not_approver", "does not hold", act="revoke_all"):
            office.carol.click(button, notice)
    assert said(office).buttons == ["Take everything back", "Keep it"]


def test_a_forged_or_settled_notice_changes_nothing(office: AppHarness) -> None:
    given(office, office.dave)
    change(office, deleted=True)
    looks(office)
    notice = said(office)
    with refused(office, office.bob, "outdated", "It is drawn anew now", act="revoke_all"):
        press(office.bob, "leaver_take_back", "0" * 32, notice)
    office.bob.click("Keep it", notice)
    office.until(lambda: not notices(office), "it to be settled")
    with refused(office, office.judy, "notice_settled", "dealt with already", act="revoke_all"):
        press(office.judy, "leaver_take_back", notice.blocks[-1]["elements"][0]["value"], notice)
    assert office.holds("dave", DATA)


def test_an_answer_of_no_use_about_one_does_not_hide_the_others(office: AppHarness) -> None:
    given(office, office.carol)
    given(office, office.dave)
    change(office, deleted=True)
    change(office, "U0CAROL", is_bot=True)
    looks(office)
    said(office)
