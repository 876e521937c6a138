"""Cards that were deleted, a channel that the bot was taken out of, and approvers who do not read it.

What matters comes to them all the same, and counts as said only then.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, AppHarness
from tests.harness.newer_version import raise_unknown_notice
from tests.harness.refusals import audit_trail
from tests.harness.waiting import carol_has, in_time

DETACH = "DetachPolicyFromUser"
ADMINISTRATORS = ["U0ALICE", "U0BOB", "U0JUDY"]
BOT = "U0PAIRECBOT"
UNCONFIRMED = "access is not revoked yet"


def bot_out(app: AppHarness) -> None:
    app.people.inject_slack_fault({"channel": APPROVALS, "members": ADMINISTRATORS})


def copies(app: AppHarness, ref: str) -> list[SeenMessage]:
    found = []
    for person in (app.alice, app.bob, app.judy):
        found += [m for m in person.messages() if m.channel != APPROVALS and m.plain.startswith(f"{ref} ·")]
    return found


def said(app: AppHarness, text: str) -> list[SeenMessage]:
    return [message for message in app.bob.messages(APPROVALS) if text in message.plain]


def in_person(app: AppHarness, text: str) -> list[str]:
    """Who was told in person."""
    everybody = (app.alice, app.bob, app.judy, app.carol)
    return [p.name for p in everybody if any(text in m.plain for m in p.messages() if m.channel != APPROVALS)]


def overdue(app: AppHarness) -> str:
    """A revoke that RAM refuses, at the moment of its alarm."""
    ref = carol_has(app)
    app.people.inject_ram_fault({"action": DETACH, "fault": "no_permission"})
    app.people.advance(HOUR + 1)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "no_permission", "RAM to refuse")
    return ref


def test_a_card_that_was_deleted_is_posted_anew_when_something_of_it_changes(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    card = app.card(ref)
    app.bob.delete_message(card)
    assert app.cards() == []
    # She had it on her screen before it went.
    app.judy.forge(
        {
            "type": "block_actions",
            "container": {"type": "message", "channel_id": APPROVALS, "message_ts": card.ts},
            "channel": {"id": APPROVALS},
            "message": {"ts": card.ts},
            "actions": [_approve(card)],
        }
    )
    app.comes_to_hold("carol", ENGINE)
    anew = app.card(ref, "active")
    assert anew.ts != card.ts and len(app.cards()) == 1
    app.people.advance(8 * HOUR + 1)
    app.card(ref, "ended")
    assert "card gone" in app.events(ref)


def _approve(card: SeenMessage) -> dict[str, object]:
    spot = next(s for s in card.spots() if s.element.get("text", {}).get("text") == "Approve")
    return {**spot.element, "block_id": spot.block["block_id"], "action_ts": "1.1"}


def test_the_deleted_card_of_a_request_that_is_over_is_forgotten(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.bob.delete_message(app.card(ref))
    app.cancels(app.carol, ref)
    app.until(lambda: not app.record(ref).pending, "the request to be cancelled")
    app.until(lambda: not jobs_of(app, "redraw"), "the card to be given up")
    assert app.cards() == [] and not jobs_of(app, "post")


def jobs_of(app: AppHarness, kind: str) -> int:
    with app.ledger.read() as tx:
        return len(tx.rows("SELECT id FROM jobs WHERE kind = :kind", kind=kind))


@pytest.mark.parametrize("error", ["cant_update_message", "edit_window_closed", "message_not_found"])
def test_a_card_that_cannot_be_redrawn_any_more_is_posted_anew(app: AppHarness, error: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    card = app.card(ref)
    app.people.inject_slack_fault({"fault": "error", "method": "chat.update", "error": error, "times": 2})
    app.bob.click("Approve", card)
    app.until(lambda: any("active" in c.plain for c in app.cards() if c.ts != card.ts), "another card")


def test_a_bot_that_is_taken_out_and_invited_again_shows_how_it_stands(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    card = app.card(ref)
    bot_out(app)
    app.bob.click("Approve", card)
    app.comes_to_hold("carol", ENGINE)
    app.until(lambda: len(copies(app, ref)) == 3, "each approver to get a copy")
    app.until(
        lambda: all("active" in m.plain and "Approve" not in m.buttons for m in copies(app, ref)), "all to be right"
    )
    app.bob.type("/invite @pairec-access", APPROVALS)
    in_time(app, lambda: all("active" in c.plain and "Approve" not in c.buttons for c in app.cards()), "the old card")
    in_time(app, lambda: len(app.cards()) == 2, "the card to be posted anew")


def test_a_request_without_anybody_to_show_it_to_is_shown_as_soon_as_there_is(app: AppHarness) -> None:
    assert app.program is not None
    bot_out(app)
    for admin in ADMINISTRATORS:
        error = {"fault": "error", "method": "chat.postMessage", "channel": admin, "error": "messages_tab_disabled"}
        app.people.inject_slack_fault({**error, "times": None})
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    conditions = app.program.conditions
    app.until(lambda: "approvers" in conditions.current(), "the condition that nobody can be told")
    app.people.clear_faults()
    app.people.inject_slack_fault({"channel": APPROVALS, "members": [*ADMINISTRATORS, BOT]})
    app.people.advance(16 * 60)
    in_time(app, lambda: app.cards() or copies(app, "R-1001"), "a card")
    app.until(lambda: "approvers" not in conditions.current(), "the condition to be over")


def test_an_alarm_in_a_channel_without_an_approver_goes_to_each_in_person_and_counts_then(app: AppHarness) -> None:
    ref = overdue(app)
    app.people.inject_slack_fault({"channel": APPROVALS, "members": ["U0FRANK", BOT]})
    app.people.advance(5 * 60)
    in_time(app, lambda: len(in_person(app, UNCONFIRMED)) == 3, "each approver to be told")
    assert in_person(app, UNCONFIRMED) == ["alice", "bob", "judy"]
    assert [m.plain for m in app.frank.messages(APPROVALS) if UNCONFIRMED in m.plain] != []
    in_time(app, lambda: "alarm" in app.events(ref), "it to count")
    app.people.clear_faults()
    in_time(app, lambda: len(in_person(app, "access is revoked now")) == 3, "each to be told that it is over")


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}], ids=["deactivated", "a guest"])
def test_an_alarm_in_a_channel_of_approvers_who_are_none_any_more_goes_to_the_others(
    app: AppHarness, change: dict[str, Any]
) -> None:
    """Slack may go on listing them among a channel's members (irslackd #67)."""
    ref = overdue(app)
    app.people.inject_slack_fault({"channel": APPROVALS, "members": ["U0BOB", "U0JUDY", BOT]})
    for user in ("U0BOB", "U0JUDY"):
        app.people.inject_slack_fault({"person": user, "set": change})
    app.people.advance(5 * 60)
    in_time(app, lambda: UNCONFIRMED in app.alice.screen_text(), "the approver who is left to be told")
    in_time(app, lambda: "alarm" in app.events(ref), "it to count")


def test_an_alarm_that_nobody_can_hear_does_not_count_and_is_tried_until_somebody_does(app: AppHarness) -> None:
    ref = overdue(app)
    bot_out(app)
    for admin in ADMINISTRATORS:
        error = {"fault": "error", "method": "chat.postMessage", "channel": admin, "error": "user_disabled"}
        app.people.inject_slack_fault({**error, "times": None})
    app.people.advance(5 * 60)
    in_time(app, lambda: len(not_told_of_it(app)) == 3, "nobody to be told")
    assert "alarm" not in app.events(ref)
    app.people.inject_slack_fault({"channel": APPROVALS, "members": [*ADMINISTRATORS, BOT]})
    app.people.advance(5 * 60 + 1)
    in_time(app, lambda: said(app, UNCONFIRMED), "the alarm in the channel")
    in_time(app, lambda: "alarm" in app.events(ref), "it to count")


def not_told_of_it(app: AppHarness) -> set[str]:
    entries = [entry for entry in audit_trail(app) if entry["event"] == "not told"]
    return {entry["to"] for entry in entries if entry["job"].startswith("tell:alarm")}


def test_an_alarm_finds_approvers_although_ram_does_not_say_who_they_are(app: AppHarness) -> None:
    overdue(app)
    app.people.inject_ram_fault({"action": "reads", "fault": "no_permission"})
    bot_out(app)
    app.restart_bot()
    app.people.advance(5 * 60)
    in_time(app, lambda: "bob" in in_person(app, UNCONFIRMED), "whoever decided to be told")


def test_an_alarm_mentions_the_administrators_and_not_whoever_holds_it(app: AppHarness) -> None:
    ref = overdue(app)
    app.people.advance(5 * 60)
    alarm = in_time(app, lambda: said(app, UNCONFIRMED), "an alarm")[0]
    assert sorted(alarm.mentions) == ADMINISTRATORS
    shown = alarm.plain
    assert f"*Still held:* `{ENGINE}` by RAM user `carol`, since <!date^" in shown and "should have ended" in shown
    assert "*Cause:* RAM says that the app lacks the permission (NoPermission)." in shown
    ram_id = app.record(ref).request.principal.user_id
    assert f"<https://ram.console.aliyun.com/users/detail?userId={ram_id}&amp;activeTab=PermissionList|" in shown


def test_a_notice_in_a_channel_without_an_approver_goes_to_each_in_person(app: AppHarness) -> None:
    app.people.inject_slack_fault({"channel": APPROVALS, "members": ["U0FRANK", BOT]})
    raise_unknown_notice(app.ledger)
    in_time(app, lambda: len(in_person(app, "needs an administrator's attention")) == 3, "each approver")


def test_a_card_whose_layout_slack_does_not_take_is_said_in_words(app: AppHarness) -> None:
    order = {"fault": "error", "method": "chat.postMessage", "channel": APPROVALS, "error": "invalid_blocks"}
    app.people.inject_slack_fault(order)
    app.carol.type(f"/pairec-access request {DATA} 8h rollout")
    card = in_time(app, lambda: app.cards(), "the words of a card")[0]
    assert DATA in card.plain and card.buttons == []
