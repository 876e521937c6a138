"""One direct message for each request shows how it stands; what happens is said in its thread, with a mention."""

from __future__ import annotations

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ENGINE, HOUR, AppHarness


def direct(person: SandboxPerson, ref: str) -> list[SeenMessage]:
    """All that the app told this person of a request."""
    return [m for m in person.messages() if m.channel.startswith("D") and not m.ephemeral and ref in m.plain]


def thread(person: SandboxPerson, ref: str) -> tuple[SeenMessage, list[str]]:
    """The one message about a request, and the replies to it."""
    first, *replies = direct(person, ref)
    assert {reply.body["thread_ts"] for reply in replies} <= {first.ts}
    for reply in replies:
        assert reply.mentions[:1] == [person.id], "Slack notifies of no other reply"
        assert reply.buttons == []
    return first, [reply.text.partition(f"*{ref}*: *Engine* (`{ENGINE}`) ")[2] for reply in replies]


def replied(app: AppHarness, person: SandboxPerson, ref: str, *wanted: str) -> SeenMessage:
    def look() -> SeenMessage | None:
        first, replies = thread(person, ref)
        return first if replies == list(wanted) else None

    return app.until(look, lambda: f"{wanted} in the thread, which has {thread(person, ref)[1]}")


def active(app: AppHarness, line: str = f"{ENGINE} 8h rollout") -> str:
    ref = app.asked(app.carol, line)
    app.approve(ref, app.bob)
    app.card(ref, "· active")
    app.carol.direct_message_with("is active until")
    return ref


def test_from_the_request_to_its_end_there_is_one_message_and_a_reply_for_what_happens(app: AppHarness) -> None:
    ref = active(app)
    first = replied(app, app.carol, ref, "is active.")
    assert first.buttons == ["Extend", "End access", "Details"]
    app.people.advance(7.5 * HOUR)
    ends = (app.record(ref).request.ends_at or 0) // 1_000
    app.carol.direct_message_with("`) expires <!date")
    _, (_, soon) = thread(app.carol, ref)
    assert soon.startswith(f"ends <!date^{ends}^")
    app.people.advance(HOUR)
    over = app.carol.direct_message_with("has expired")
    assert (over.ts, over.buttons) == (first.ts, ["Request again"])
    assert len(direct(app.carol, ref)) == 3, "of an end that was announced there is no further word"


def test_the_requester_and_the_subject_each_have_a_thread(app: AppHarness) -> None:
    ref = active(app, f"{ENGINE} @dave 8h rollout")
    app.dave.direct_message_with("is active until")
    for person, buttons in ((app.carol, ["Extend", "Details"]), (app.dave, ["Extend", "End access", "Details"])):
        assert replied(app, person, ref, "is active.").buttons == buttons


@pytest.mark.parametrize(("how", "reply"), [("denied", "is denied."), ("cancelled", "is cancelled."), ("expired", "")])
def test_a_request_that_comes_to_nothing_says_so_in_both(app: AppHarness, how: str, reply: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.carol.direct_message_with("you requested")
    if how == "denied":
        app.bob.click("Deny", app.card(ref))
        app.bob.modal(f"Deny {ref}")
        app.bob.submit({"Reason": "the release is frozen"})
    elif how == "cancelled":
        app.cancels(app.carol, ref)
    else:
        app.people.advance(24 * HOUR)
    first = replied(app, app.carol, ref, reply)
    assert how in first.plain and first.buttons == ["Request again"]


def test_an_end_before_its_time_is_said_in_both(app: AppHarness) -> None:
    ref = active(app)
    app.judy.click("Revoke", app.card(ref, "· active"))
    first = replied(app, app.carol, ref, "is active.", "is revoked.")
    assert "was revoked by <@U0JUDY>" in first.plain and first.buttons == ["Request again"]


def test_where_the_message_is_gone_another_one_takes_its_place(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    asked = app.carol.direct_message_with("you requested")
    gone = {"fault": "error", "method": "chat.update", "error": "message_not_found", "channel": asked.channel}
    app.people.inject_slack_fault({**gone, "times": 1})
    app.approve(ref, app.bob)
    told = app.carol.direct_message_with("is active until")
    assert told.ts != asked.ts and told.body["thread_ts"] is None
    assert told.buttons == ["Extend", "End access", "Details"]
    app.people.advance(HOUR)
    assert app.carol.direct_message_with("has expired").ts == told.ts


def test_a_comment_for_the_requester_is_a_reply_too(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    first = app.carol.direct_message_with("you requested")
    app.bob.click("Comment", app.card(ref))
    app.bob.modal("Comment on")
    assert app.bob.submit({"Comment": "which cluster?"}) == {}
    said = app.carol.direct_message_with("which cluster?")
    assert (said.body["thread_ts"], said.mentions[0]) == (first.ts, app.carol.id)


def test_two_requests_have_two_threads(app: AppHarness) -> None:
    first, second = active(app), active(app, f"{ENGINE} @dave 8h rollout")
    roots = {thread(app.carol, ref)[0].ts for ref in (first, second)}
    assert len(roots) == 2
