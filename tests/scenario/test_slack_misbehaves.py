"""Slack answering no, late, twice or not at all; and what nobody foresaw."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from bot.log import JsonLines
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import press, refused
from tests.harness.waiting import in_time


def logged(records: Iterable[logging.LogRecord]) -> str:
    """What was logged, as the program would write it, but with nothing blotted out."""

    class Unclean(JsonLines):
        def _clean(self, text: str) -> str:
            return text

    return "\n".join(Unclean().format(record) for record in records)


def test_a_card_that_slack_asks_to_wait_for_is_posted_once_after_the_pause(unhurried: AppHarness) -> None:
    app = unhurried
    app.people.inject_slack_fault(
        {"fault": "ratelimited", "method": "chat.postMessage", "channel": APPROVALS, "seconds": 1}
    )
    before = app.people.now()
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    assert app.people.now() - before >= 1.0
    assert len(app.cards()) == 1
    assert app.card(ref).buttons == ["Approve", "Approve with changes", "Deny", "Comment", "Details"]


def test_a_rate_limit_on_one_channel_does_not_hold_up_direct_messages(app: AppHarness) -> None:
    app.people.inject_slack_fault(
        {"fault": "ratelimited", "method": "chat.postMessage", "channel": APPROVALS, "seconds": 30}
    )
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.carol.direct_message_with("needs 1 approval")
    assert app.cards() == []


@pytest.mark.parametrize("fault", ["http_500", "error"])
def test_a_card_that_slack_fails_to_take_is_posted_a_little_later(app: AppHarness, fault: str) -> None:
    app.people.inject_slack_fault({"fault": fault, "method": "chat.postMessage", "channel": APPROVALS, "times": 2})
    app.asked(app.carol, f"{ENGINE} 8h rollout")
    assert len(app.cards()) == 1


@pytest.mark.parametrize("fault", ["http_500", "ratelimited"])
def test_a_card_that_could_not_be_redrawn_is_redrawn_later(app: AppHarness, fault: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_slack_fault({"fault": fault, "method": "chat.update", "seconds": 1})
    app.approve(ref, app.bob)
    assert app.card(ref, "active").buttons == ["Revoke", "Details"]


def test_a_card_that_somebody_deleted_does_not_stop_the_rest(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    card = app.card(ref)
    order = {"fault": "error", "method": "chat.update", "error": "message_not_found", "times": None}
    app.people.inject_slack_fault(order)
    app.bob.click("Approve", card)
    app.comes_to_hold("carol", ENGINE)
    app.carol.direct_message_with("is active until")
    assert app.card(ref).buttons == card.buttons


@pytest.mark.parametrize("error", ["user_not_found", "channel_not_found", "messages_tab_disabled"])
def test_somebody_who_cannot_be_told_does_not_stop_the_rest(app: AppHarness, error: str) -> None:
    order = {"fault": "error", "method": "chat.postMessage", "channel": "U0CAROL", "error": error, "times": None}
    app.people.inject_slack_fault(order)
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.people.advance(HOUR)
    app.comes_to_lose("carol", ENGINE)
    assert "not told" in app.events(ref)


HELD = f"RAM user `dave` has `{MONITOR}` already"


def asks_in_vain(app: AppHarness) -> None:
    """Dave's form closes, and then RAM shows that he has what he asked for: he is told by direct message."""
    app.dave.type("/pairec-access request")
    app.dave.modal("Request access")
    assert app.dave.submit({"What": MONITOR, "Reason": "watching"}) == {}


def jobs_put_off(app: AppHarness) -> list[str]:
    with app.ledger.read() as tx:
        return [row["kind"] for row in tx.rows("SELECT kind FROM jobs WHERE last_trouble = 'ratelimited'")]


@pytest.mark.parametrize("fault", ["ratelimited", "http_500", "error"])
def test_a_private_answer_that_slack_does_not_take_comes_a_little_later(app: AppHarness, fault: str) -> None:
    app.people.inject_slack_fault({"fault": fault, "method": "chat.postMessage", "channel": "U0DAVE", "times": 2})
    asks_in_vain(app)
    in_time(app, lambda: any(HELD in message.plain for message in app.dave.messages()), "dave to be answered")
    assert len([message for message in app.dave.messages() if HELD in message.plain]) == 1


def test_a_private_answer_that_slack_puts_off_outlives_a_restart(app: AppHarness) -> None:
    app.people.inject_slack_fault(
        {"fault": "ratelimited", "method": "chat.postMessage", "channel": "U0DAVE", "seconds": 60}
    )
    asks_in_vain(app)
    app.until(lambda: jobs_put_off(app) == ["answer"], "slack to put the answer off")
    app.restart_bot()
    in_time(app, lambda: any(HELD in message.plain for message in app.dave.messages()), "dave to be answered")
    in_time(app, lambda: jobs_put_off(app) == [], "nothing to be left")


def test_a_private_answer_is_given_at_once_where_the_ledger_takes_no_work(app: AppHarness) -> None:
    with app.ledger.write() as tx:
        tx.run("ALTER TABLE jobs RENAME TO lost")
    asks_in_vain(app)
    app.dave.direct_message_with(HELD)


@pytest.mark.parametrize("error", ["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"])
def test_a_form_that_slack_no_longer_lets_open_is_told_so(app: AppHarness, error: str) -> None:
    app.people.inject_slack_fault({"fault": "error", "method": "views.open", "error": error})
    app.carol.type("/pairec-access request")
    app.carol.ephemeral_with("That took too long. Type it again.")
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")


def test_a_shortcut_that_took_too_long_is_told_so_by_direct_message(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "error", "method": "views.open", "error": "expired_trigger_id"})
    app.carol.shortcut("request_access")
    app.carol.direct_message_with("That took too long")


@pytest.mark.parametrize("button", ["Deny", "Details"])
def test_a_window_that_slack_no_longer_lets_open_is_told_so(app: AppHarness, button: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_slack_fault({"fault": "error", "method": "views.open", "error": "expired_trigger_id"})
    app.bob.click(button, app.card(ref))
    app.bob.ephemeral_with("That took too long. Click again.")
    assert app.record(ref).pending


TOO_BUSY = "Slack is busy and did not take this. Nothing was changed."


@pytest.mark.parametrize("fault", ["ratelimited", "http_500", "error", "drop_answer"])
def test_a_form_that_slack_is_too_busy_to_open_is_told_so(app: AppHarness, fault: str) -> None:
    app.people.inject_slack_fault({"fault": fault, "method": "views.open"})
    app.carol.type("/pairec-access request")
    assert "Something went wrong" not in app.carol.ephemeral_with(f"{TOO_BUSY} Try again in a minute.").plain
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")


@pytest.mark.parametrize("button", ["Deny", "Details"])
@pytest.mark.parametrize("fault", ["ratelimited", "http_500"])
def test_a_window_that_slack_is_too_busy_to_open_is_told_so(app: AppHarness, fault: str, button: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_slack_fault({"fault": fault, "method": "views.open"})
    app.bob.click(button, app.card(ref))
    app.bob.ephemeral_with(TOO_BUSY)
    assert app.record(ref).pending
    app.bob.click(button, app.card(ref))
    app.bob.modal(ref)


@pytest.mark.parametrize("fault", ["ratelimited", "http_500"])
def test_a_form_that_slack_is_too_busy_to_redraw_can_be_sent_all_the_same(app: AppHarness, fault: str) -> None:
    app.carol.type("/pairec-access request")
    app.carol.modal("Request access")
    app.people.inject_slack_fault({"fault": fault, "method": "views.update"})
    app.carol.fill({"What": ENGINE})
    app.carol.direct_message_with(TOO_BUSY)
    assert app.carol.submit({"Reason": "on call"}) == {}
    app.card("R-1001", "needs approval")


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "fatal_error", "cut_answer"])
def test_without_knowing_who_somebody_is_nothing_is_decided(app: AppHarness, error: str) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    fault = error if error in ("ratelimited", "cut_answer") else "error"
    app.people.inject_slack_fault({"fault": fault, "method": "users.info", "error": error, "times": None})
    app.bob.click("Approve", app.card(ref))
    app.bob.ephemeral_with("Slack did not say who you are, so nothing was changed.")
    app.dave.type(f"/pairec-access request {DATA} 8h features")
    app.dave.ephemeral_with("Slack did not say who you are, so nothing was changed.")
    assert app.record(ref).pending
    assert app.requests() == 1


ANSWERS = {
    "about somebody else": {"id": "U0BOB", "team_id": "T0PAIREC", "is_bot": False, "deleted": False},
    "about nobody": {"team_id": "T0PAIREC", "is_bot": False, "deleted": False},
    "half of one": {"id": "U0ERIN", "team_id": "T0PAIREC", "is_bot": False},
    "of another shape": {"id": "U0ERIN", "team_id": "T0PAIREC", "is_bot": "no", "deleted": 0},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_does_not_describe_whoever_clicked_makes_them_nobody(
    app: AppHarness, answer: dict[str, Any]
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    order = {"fault": "answer", "method": "users.info", "user": "U0ERIN", "times": None}
    app.people.inject_slack_fault({**order, "body": json.dumps({"ok": True, "user": answer})})
    with refused(app, app.erin, "slack_silent", "Slack did not say who you are", ref):
        press(app.erin, "approve", app.name(ref), app.card(ref))


def test_a_click_that_slack_delivers_twice_counts_once(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_slack_fault({"fault": "redeliver"})
    app.bob.click("Approve", app.card(ref))
    app.card(ref, "active")
    assert app.events(ref).count("approved") == 1
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def test_a_command_that_slack_delivers_twice_is_one_request(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "redeliver"})
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.carol.ephemeral_with(f"Requested *{ref}*.")
    app.until(lambda: not app.program or not busy(app), "both deliveries to be done with")
    assert app.requests() == 1 and len(app.cards()) == 1


def busy(app: AppHarness) -> int:
    """Pieces of work for people that are under way."""
    assert app.program is not None
    return app.program.context.executor._running


def test_a_click_whose_acknowledgement_is_lost_with_the_socket_counts_once(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    card = app.card(ref)
    app.people.inject_slack_fault({"fault": "lose_ack"})
    with ThreadPoolExecutor(1) as hand:
        click = hand.submit(app.bob.click, "Approve", card)
        app.until(lambda: not app.record(ref).pending, "the click to count")
        app.people.inject_slack_fault({"fault": "disconnect", "drop": True})
        app.comes_to_hold("carol", ENGINE)
        assert click.result() == {"ok": False, "error": "operation_timeout"}
    # Slack's own client takes its time to notice.
    app.until(lambda: app.bob.click("Approve", card)["ok"], "a new connection", timeout=60)
    app.bob.ephemeral_with(f"{ref} was approved by")
    assert app.events(ref).count("approved") == 1
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1


@pytest.mark.parametrize("fault", ["ratelimited", "http_500", "drop_answer"])
def test_app_home_that_slack_does_not_take_is_drawn_a_little_later(app: AppHarness, fault: str) -> None:
    app.people.inject_slack_fault({"fault": fault, "method": "views.publish", "times": 2})
    app.people.inject_slack_fault({"fault": "redeliver"})
    app.carol.open_home()
    in_time(app, lambda: "Request access" in app.carol.screen_text(), "App Home to be drawn")


@pytest.mark.parametrize("fault", ["ratelimited", "http_500"])
def test_an_answer_that_cannot_be_given_in_place_comes_by_direct_message(app: AppHarness, fault: str) -> None:
    app.people.inject_slack_fault({"fault": fault, "method": "response_url"})
    app.dave.type(f"/pairec-access request {MONITOR} 8h watching")
    app.dave.direct_message_with(HELD)


def test_a_denial_that_slack_delivers_twice_counts_once(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.bob.click("Deny", app.card(ref))
    app.bob.modal("Reason")
    app.people.inject_slack_fault({"fault": "redeliver"})
    app.bob.submit({"Reason": "not today"})
    app.card(ref, "denied")
    assert app.events(ref).count("denied") == 1


def test_a_connection_that_slack_asks_to_be_made_anew_loses_nothing(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_slack_fault({"fault": "disconnect"})

    def approved() -> bool:
        """A person clicks once more where nothing came of it for a while, and no sooner."""
        app.bob.click("Approve", app.card(ref))
        with suppress(AssertionError):
            app.until(lambda: not app.record(ref).pending, "the click to count", timeout=5)
        return not app.record(ref).pending

    app.until(approved, "a click to arrive")
    app.comes_to_hold("carol", ENGINE)


def test_an_unexpected_fault_shows_a_reference_that_is_in_the_log(
    app: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    app.people.inject_slack_fault({"fault": "error", "method": "views.open", "error": "something_new"})
    app.carol.type("/pairec-access request")
    shown = app.carol.ephemeral_with("Something went wrong, and nothing was decided.").plain
    reference = re.search(r"reference `([0-9a-f]{8})`", shown)
    assert reference is not None
    assert "Traceback" not in shown and "something_new" not in shown
    line = next(line for line in logged(caplog.records).splitlines() if reference[1] in line)
    assert '"event": "unforeseen"' in line and "something_new" in line and "U0CAROL" in line


def test_no_secret_is_ever_logged(app: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("approvals", "bot", "handlers"):
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.set_level(logging.INFO)
    ref = app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.inject_slack_fault({"fault": "error", "method": "views.open", "error": "something_new"})
    app.people.inject_slack_fault({"fault": "http_500", "method": "chat.update"})
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "reset", "times": 1})
    app.carol.type("/pairec-access request")
    app.carol.ephemeral_with("Something went wrong")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.people.inject_ram_fault({"action": "reads", "fault": "no_permission"})
    app.dave.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.dave.ephemeral_with("RAM denied the app this read")
    app.people.clear_faults()
    app.people.inject_ram_fault(
        {"action": "DetachPolicyFromUser", "fault": "error", "code": "SignatureDoesNotMatch", "times": 1}
    )
    app.people.advance(HOUR)
    app.comes_to_lose("carol", ENGINE)
    app.stop_bot()
    text = logged(caplog.records)
    assert "unforeseen" in text and "the cloud did not do it" in text
    env = app.sandbox.env()
    secrets = [env[n] for n in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")]
    for secret in (*secrets, env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]):
        assert secret not in text
    assert not re.search(r"xox[a-z]-|xapp-|(?i:signature=)|(?i:authorization)|Bearer|ticket=", text)
