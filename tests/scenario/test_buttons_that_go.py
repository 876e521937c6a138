"""A message about something that is decided or over has no button that would do nothing."""

from __future__ import annotations

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ENGINE, HOUR, AppHarness


def at(person: SandboxPerson, ts: str) -> SeenMessage:
    return next(message for message in person.messages() if message.ts == ts)


def comes_to_have(app: AppHarness, person: SandboxPerson, ts: str, buttons: list[str]) -> SeenMessage:
    app.until(lambda: at(person, ts).buttons == buttons, lambda: f"{buttons} there; it shows {at(person, ts).plain}")
    return at(person, ts)


def deny(app: AppHarness, ref: str) -> None:
    app.bob.click("Deny", app.card(ref))
    app.bob.modal(f"Deny {ref}")
    app.bob.submit({"Reason": "not now"})


@pytest.mark.parametrize("how", ["approved", "denied", "expired", "cancelled"])
def test_what_is_decided_can_neither_be_reminded_of_nor_cancelled(app: AppHarness, how: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    asked = app.carol.direct_message_with("you requested")
    assert asked.buttons == ["Remind", "Comment", "Details", "Cancel request"]
    if how == "approved":
        app.approve(ref, app.bob)
    elif how == "denied":
        deny(app, ref)
    elif how == "expired":
        app.people.advance(24 * HOUR)
    else:
        app.cancels(app.carol, ref)
    after = ["Extend", "End access", "Details"] if how == "approved" else ["Request again"]
    left = comes_to_have(app, app.carol, asked.ts, after)
    assert "needs" not in left.plain


def test_what_has_expired_is_shown_so_where_it_was_said_to_be_active(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 8h rolling out")
    app.approve(ref, app.bob)
    told = [person.direct_message_with("is active until") for person in (app.carol, app.dave)]
    app.people.advance(8 * HOUR)
    for person, message in zip((app.carol, app.dave), told, strict=True):
        left = comes_to_have(app, person, message.ts, ["Request again"])
        assert f"*{ref}*: *Engine* (`{ENGINE}`) has expired." in left.plain
        assert len([m for m in person.messages(message.channel) if ref in m.plain]) == 2, "it, and that it was active"


def test_the_reminder_of_the_end_loses_its_buttons_as_well(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.bob)
    active = app.carol.direct_message_with("is active until")
    app.people.advance(7.5 * HOUR)
    reminder = app.carol.direct_message_with("`) expires <!date")
    assert reminder.buttons == ["Extend", "End access", "Details"]
    app.people.advance(HOUR)
    comes_to_have(app, app.carol, active.ts, ["Request again"])
    assert "has expired" in comes_to_have(app, app.carol, reminder.ts, ["Request again"]).plain


def test_what_somebody_revokes_is_said_below_the_message_that_shows_it(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.approve(ref, app.bob)
    active = app.carol.direct_message_with("is active until")
    app.judy.click("Revoke", app.card(ref, "· active"))
    assert "was revoked by <@U0JUDY>" in comes_to_have(app, app.carol, active.ts, ["Request again"]).plain
    assert app.carol.direct_message_with("is revoked.").body["thread_ts"] == active.ts


def test_what_goes_on_by_an_extension_has_no_buttons_once_it_is_over_itself(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rolling out")
    app.approve(ref, app.bob)
    active = app.carol.direct_message_with("is active until")
    app.carol.click("Extend", active)
    app.carol.modal(f"Extend {ref}")
    app.carol.submit({"How much longer": "1h", "Reason": "not done"})
    app.approve("R-1002", app.bob)
    app.card("R-1002", "· active")
    comes_to_have(app, app.carol, active.ts, ["End access", "Details"])
    app.people.advance(HOUR)
    app.until(lambda: "End access" not in at(app.carol, active.ts).buttons, "the buttons to go")
    assert app.holds("carol", ENGINE)


def test_a_message_that_cannot_be_redrawn_keeps_nobody_from_being_told(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rolling out")
    app.approve(ref, app.bob)
    active = app.carol.direct_message_with("is active until")
    gone = {"fault": "error", "method": "chat.update", "error": "message_not_found", "channel": active.channel}
    app.people.inject_slack_fault(gone)
    app.people.advance(HOUR)
    told = app.carol.direct_message_with("has expired")
    assert float(told.ts) > float(active.ts)
