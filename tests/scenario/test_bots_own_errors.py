"""What is the matter with the bot itself, not with what is asked of it: each has a sentence and a line in the log of
its own, nothing fails for it, and everything goes on once the bot is well again.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.cloud.log_lines import BOT_ERRORS
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.harness.app import APPROVALS, ENGINE, AppHarness
from tests.harness.boards import row, status
from tests.harness.refusals import refused
from tests.harness.waiting import carol_has, comes_to, in_time, once_given_once_taken, time_is_up

ILL: dict[str, tuple[dict[str, Any], str]] = {
    "clock_wrong": (
        {"status": 400, "code": "InvalidTimeStamp.Expired"},
        "The clock of the machine that the app runs on is wrong, so the cloud rejects its calls.",
    ),
    "key_rejected": (
        {"status": 403, "code": "InvalidAccessKeyId.Inactive"},
        "The cloud rejects the app's access key.",
    ),
    "token_expired": (
        {"status": 400, "code": "InvalidSecurityToken.Expired"},
        "The app's temporary credentials have expired, or do not fit its key.",
    ),
}
NOT_SAID = ("RAM did not answer", "RAM does not answer", "grants the app the permission", "lacks the permission")
WRITES = ("AttachPolicyToUser", "DetachPolicyFromUser")


@pytest.mark.parametrize("ill", ILL)
def test_whoever_asks_or_decides_is_told_what_is_the_matter_with_the_bot(app: AppHarness, ill: str) -> None:
    order, sentence = ILL[ill]
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_ram_fault({"action": "reads", "fault": "error", **order})
    told = f"{sentence} Nothing was changed. An administrator"
    with refused(app, app.dave, ill, told, act="ask"):
        app.dave.type(f"/pairec-access request {ENGINE} 8h rollout")
    with refused(app, app.bob, ill, told, ref):
        app.bob.click("Approve", app.card(ref))
    assert not any(words in app.bob.screen_text() + app.dave.screen_text() for words in NOT_SAID)


@pytest.mark.parametrize("ill", ILL)
@pytest.mark.parametrize("action", ["*", *WRITES])
def test_a_grant_waits_until_the_bot_is_well_and_so_does_its_end(app: AppHarness, ill: str, action: str) -> None:
    order, sentence = ILL[ill]
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    app.people.inject_ram_fault({"action": action, "fault": "error", **order})
    time_is_up(app)
    if action != "AttachPolicyToUser":
        in_time(app, lambda: app.record(ref).grants[0].error_kind == ill, "RAM to refuse")
        app.people.advance(5 * 60)
        [alarm] = in_time(app, lambda: said(app, "not revoked yet"), "an alarm")
        assert sentence in alarm and "lacks the permission" not in alarm
        assert order["code"] in alarm
        app.people.clear_faults()
    comes_to(app, ref, "ended")
    assert once_given_once_taken(app)


@pytest.mark.parametrize("ill", ILL)
def test_a_grant_does_not_fail_because_the_bot_was_unwell_for_a_while(
    app: AppHarness, ill: str, caplog: pytest.LogCaptureFixture
) -> None:
    order, sentence = ILL[ill]
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "error", **order})
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    with caplog.at_level(logging.ERROR):
        app.approve(ref, app.bob)
        card = app.card(ref, sentence).plain
    assert "It is retried automatically." in card and not any(words in card for words in NOT_SAID)
    assert f"RAM answered `AttachPolicyToUser` with `{order['code']}`, request id `" in card
    [line] = {BOT_ERRORS[kind] for kind in BOT_ERRORS if kind.value == ill}
    assert line in caplog.messages
    for _ in range(12):
        app.real_passes(61)
    assert set(app.states(ref)) <= {"granting", "planned"}, "no number of attempts makes it fail"
    app.people.clear_faults()
    comes_to(app, ref, "active")


def test_a_key_that_is_deleted_and_made_again_is_all_that_is_said_and_all_goes_on(app: AppHarness) -> None:
    ref = carol_has(app)
    keys = app.sandbox.account.access_keys
    secret = keys.pop(ACCESS_KEY_ID)
    app.dave.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.dave.ephemeral_with("The cloud rejects the app's access key.")
    found = status(app, app.carol)
    assert "unknown. The cloud rejects the app's access key." in row(found, "The engine's role")
    time_is_up(app)
    in_time(app, lambda: app.record(ref).grants[0].error_kind == "key_rejected", "RAM to refuse")
    keys[ACCESS_KEY_ID] = secret
    comes_to(app, ref, "ended")
    assert not app.holds("carol", ENGINE)


def test_a_code_that_nobody_knows_in_answer_to_a_read_is_not_called_a_missing_permission(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "reads", "fault": "error", "status": 400, "code": "OutOfMood"})
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    shown = app.carol.ephemeral_with("RAM refused this read, so nothing was changed.").plain
    assert "with `OutOfMood`, request id `" in shown and "permission" not in shown


def said(app: AppHarness, text: str) -> list[str]:
    return [message.plain for message in app.bob.messages(APPROVALS) if text in message.plain]
