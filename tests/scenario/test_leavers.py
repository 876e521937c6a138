"""Somebody's Slack account is deactivated while something runs for them: noticed, said, and not forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, AppHarness
from tests.harness.refusals import audit_trail, invite, link, newcomer, press, refused, unlink

GONE = "The Slack account of <@U0DAVE> is deactivated"
DAY = 24 * HOUR


def given(app: AppHarness, person: SandboxPerson, line: str = f"{DATA} until-revoked") -> str:
    ref = app.asked(person, f"{line} rolling out")
    app.approve(ref, app.bob)
    app.until(lambda: app.states(ref) == ["active"], f"{ref} to be active")
    return ref


def change(app: AppHarness, user: str = "U0DAVE", **values: Any) -> None:
    app.people.inject_slack_fault({"person": user, "set": values})


def looks(app: AppHarness) -> None:
    """The bot has looked once more."""
    with app.ledger.read() as tx:
        before = tx.rows("SELECT revision FROM jobs WHERE id = 'leavers'")[0]["revision"]
    app.look_at_leavers()

    def looked() -> bool:
        with app.ledger.read() as tx:
            [job] = tx.rows("SELECT * FROM jobs WHERE id = 'leavers'")
        return job["revision"] > before and job["lock_token"] is None and job["due_at"] > 0

    app.until(looked, "the bot to look who is still here")


def notices(app: AppHarness, text: str = GONE) -> list[SeenMessage]:
    return [message for message in app.bob.messages(APPROVALS) if text in message.plain]


def said(app: AppHarness, text: str = GONE) -> SeenMessage:
    """The one message that says it."""
    found = app.until(lambda: notices(app, text), lambda: f"{text!r}; bob sees:\n{app.bob.screen_text()}")
    assert len(found) == 1
    return found[0]


def test_a_deactivated_account_is_said_with_what_runs_and_all_is_taken_back_with_a_click(app: AppHarness) -> None:
    lasting, timed = given(app, app.dave), given(app, app.dave, f"{ENGINE} 8h")
    waiting = app.asked(app.dave, "PaiRecRamAdminAccess 1h incident 12")
    looks(app)
    assert notices(app) == [], "nobody has left yet"
    change(app, deleted=True)
    looks(app)
    notice = said(app)
    assert "RAM user `dave` has:" in notice.plain and notice.buttons == ["Revoke all", "Keep"]
    assert f"• `{DATA}` until revoked ({lasting})" in notice.plain and f"• `{ENGINE}` until " in notice.plain
    looks(app)
    assert len(notices(app)) == 1, "it is said once"
    app.bob.click("Revoke all", notice)
    for policy in (DATA, ENGINE):
        app.comes_to_lose("dave", policy)
    for ref in (lasting, timed):
        app.card(ref, "ended")
        assert "left" in app.events(ref)
    app.card(waiting, "cancelled")
    done = said(app, "✅ <@U0BOB> revokes all access of <@U0DAVE>, RAM user `dave`.")
    assert done.ts == notice.ts and done.buttons == []
    app.bob.ephemeral_with("Revoking 2 grants.")
    entry = [each for each in audit_trail(app) if each["event"] == "left"][-1]
    assert (entry["by_slack"], entry["by_ram_user"]) == ("U0BOB", "bob")
    looks(app)
    assert notices(app) == []
    assert app.chain_holds()
    assert app.holds("dave", "PaiRecMonitorAccess"), "what somebody gave him by hand is not ours to take"


def test_it_is_said_again_every_day_until_somebody_does_something(app: AppHarness) -> None:
    given(app, app.dave)
    change(app, deleted=True)
    looks(app)
    first = said(app)
    app.people.advance(DAY - HOUR)
    looks(app)
    assert said(app).ts == first.ts
    app.people.advance(2 * HOUR)
    again = app.until(
        lambda: next((m for m in notices(app) if m.ts != first.ts and m.buttons), None), "it to be said again"
    )
    old = said(app, "is still gone; it is said again further down")
    assert old.ts == first.ts and old.buttons == []
    app.bob.click("Revoke all", again)
    app.comes_to_lose("dave", DATA)


def test_what_an_approver_keeps_is_asked_again_after_a_while_or_when_there_is_more(app: AppHarness) -> None:
    given(app, app.dave)
    change(app, deleted=True)
    looks(app)
    app.bob.click("Keep", said(app))
    said(app, "📌 <@U0BOB>: <@U0DAVE>, RAM user `dave`, keeps their access.")
    assert app.holds("dave", DATA)
    app.people.advance(3 * DAY)
    looks(app)
    assert notices(app) == []
    app.people.advance(28 * DAY)
    app.bob.click("Keep", said(app))
    app.until(lambda: not notices(app), "it to be kept once more")
    change(app, deleted=False)
    given(app, app.dave, f"{ENGINE} 30d")
    change(app, deleted=True)
    looks(app)
    assert f"• `{ENGINE}`" in said(app).plain


def test_an_account_that_is_back_closes_it(app: AppHarness) -> None:
    given(app, app.dave)
    change(app, deleted=True)
    looks(app)
    said(app)
    change(app, deleted=False)
    looks(app)
    assert said(app, "✅ <@U0DAVE>, RAM user `dave`, is a member again.").buttons == []
    change(app, deleted=True)
    looks(app)
    said(app)


def test_it_is_closed_when_nothing_runs_any_more(app: AppHarness) -> None:
    given(app, app.dave, f"{ENGINE} 8h")
    change(app, deleted=True)
    looks(app)
    said(app)
    app.people.advance(8 * HOUR + 1)
    app.comes_to_lose("dave", ENGINE)
    looks(app)
    assert said(app, "✅ <@U0DAVE>, RAM user `dave`, has nothing left.").buttons == []


def test_it_is_closed_when_the_ram_user_has_another_account(app: AppHarness) -> None:
    given(app, app.dave)
    change(app, deleted=True)
    looks(app)
    said(app)
    again = newcomer(app, "dave2", id="U0DAVE2")
    unlink(app, app.dave)
    link(app, again, "dave")
    looks(app)
    said(app, "✅ <@U0DAVE>, RAM user `dave`, has nothing left")


@pytest.mark.parametrize("values", [{"is_restricted": True}, {"team_id": "T0OTHER"}], ids=["a guest", "elsewhere"])
def test_whoever_is_no_full_member_any_more_has_left_as_well(app: AppHarness, values: dict[str, Any]) -> None:
    given(app, app.dave)
    change(app, **values)
    looks(app)
    said(app, "<@U0DAVE> is no longer a full member")


def test_an_account_without_a_link_is_the_one_for_which_it_was_asked(app: AppHarness) -> None:
    given(app, app.dave)
    unlink(app, app.dave)
    change(app, deleted=True)
    looks(app)
    said(app)


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
def test_what_slack_does_not_say_plainly_says_nothing(app: AppHarness, fault: dict[str, Any]) -> None:
    given(app, app.dave)
    app.people.inject_slack_fault({**fault, "method": "users.info", "user": "U0DAVE", "times": None})
    looks(app)
    assert [each for each in audit_trail(app) if each["event"] == "notice raised"] == []
    app.people.clear_faults()
    change(app, deleted=True)
    looks(app)
    said(app)


def test_whoever_may_not_approve_takes_nothing_back_and_keeps_nothing(app: AppHarness) -> None:
    invite(app, app.carol)
    given(app, app.dave)
    change(app, deleted=True)
    looks(app)
    notice = said(app)
    for button in ("Revoke all", "Keep"):
        with refused(app, app.carol, "not_approver", "does not hold", act="revoke_all"):
            app.carol.click(button, notice)
    assert said(app).buttons == ["Revoke all", "Keep"]


def test_a_forged_or_settled_notice_changes_nothing(app: AppHarness) -> None:
    given(app, app.dave)
    change(app, deleted=True)
    looks(app)
    notice = said(app)
    with refused(app, app.bob, "outdated", "It is updated now", act="revoke_all"):
        press(app.bob, "leaver_take_back", "0" * 32, notice)
    app.bob.click("Keep", notice)
    app.until(lambda: not notices(app), "it to be settled")
    with refused(app, app.judy, "notice_settled", "handled already", act="revoke_all"):
        press(app.judy, "leaver_take_back", notice.blocks[-1]["elements"][0]["value"], notice)
    assert app.holds("dave", DATA)


def test_an_answer_of_no_use_about_one_does_not_hide_the_others(app: AppHarness) -> None:
    given(app, app.carol)
    given(app, app.dave)
    change(app, deleted=True)
    change(app, "U0CAROL", is_bot=True)
    looks(app)
    said(app)
