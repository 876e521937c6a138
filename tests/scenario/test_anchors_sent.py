"""The head of the trail leaves the house: a webhook has it every day, whatever happens to either side meanwhile."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.anchor import read_line
from approvals.audit import Entry
from approvals.ledger import trail
from tests.harness.app import APPROVALS, ENGINE, HOUR, AppHarness
from tests.harness.received import SECRET, Receiver, fits
from tests.scenario.bot_process import process_of

DAY = 24 * HOUR


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as opened:
        yield opened


@pytest.fixture
def app(tmp_path: Path, receiver: Receiver) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, receiver.settings(), pace=10.0) as opened:
        yield opened


def received(app: AppHarness, receiver: Receiver, number: int) -> str:
    """The line of that number, once it came."""
    app.until(lambda: len(receiver.lines) >= number, f"anchor {number} to come")
    return receiver.lines[number - 1]


def entry(app: AppHarness, seq: int) -> Entry:
    with app.ledger.read() as tx:
        return next(trail.entries(tx, seq - 1))


def trouble(app: AppHarness) -> str:
    """What `/readyz` says of the webhook."""
    found = app.program.conditions.current().get("anchor_webhook") if app.program else None
    return found.message if found else ""


def test_a_webhook_has_the_trails_head_signed_every_day(app: AppHarness, receiver: Receiver) -> None:
    first = received(app, receiver, 1)
    app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.advance(DAY)
    second = received(app, receiver, 2)
    for header, line in zip(receiver.signatures, (first, second), strict=True):
        anchor = read_line(line).anchor
        kept = entry(app, anchor.seq)
        assert fits(header, line) and read_line(line).is_signed_with(SECRET)
        assert (anchor.hash, anchor.at) == (kept.hash, kept.at)
    assert read_line(second).anchor.number == 2 and read_line(second).anchor.seq > read_line(first).anchor.seq
    assert app.chain_holds()


@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_webhook_that_is_down_for_a_week_loses_nothing(
    app: AppHarness, receiver: Receiver, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    received(app, receiver, 1)
    receiver.status = status
    app.people.advance(DAY)
    app.until(lambda: receiver.refused, "the webhook to refuse one")
    app.until(lambda: f"it answers {status}" in trouble(app), "the condition to say so")
    app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.advance(6 * DAY)
    receiver.status = 204
    app.real_passes(600)
    received(app, receiver, 3)
    waited, newest = (read_line(line).anchor for line in receiver.lines[1:3])
    assert set(receiver.refused) == {receiver.lines[1]}, "what was not taken is sent again as it was"
    assert [waited.number, newest.number] == [2, 3] and newest.seq > waited.seq
    app.until(lambda: not trouble(app), "the condition to be over")
    assert SECRET not in caplog.text and "jabberwocky" not in caplog.text


def test_a_bot_that_was_killed_between_sending_and_recording_sends_the_same_again(
    app: AppHarness, receiver: Receiver, tmp_path: Path
) -> None:
    received(app, receiver, 1)
    receiver.may_answer.clear()
    debug = {"PAIREC_LOG_LEVEL": "DEBUG"}
    with process_of(app, tmp_path / "killed.log", **debug) as process:
        app.people.advance(DAY)
        sent = received(app, receiver, 2)
        process.kill()
        process.wait()
    receiver.may_answer.set()
    with process_of(app, tmp_path / "next.log", **debug):
        assert received(app, receiver, 3) == sent
        app.people.advance(DAY)
        assert read_line(received(app, receiver, 4)).anchor.number == read_line(sent).anchor.number + 1
    for logged in (tmp_path / name for name in ("killed.log", "next.log")):
        text = logged.read_text("utf-8")
        assert '"debug"' in text and SECRET not in text and "jabberwocky" not in text


def test_a_channel_has_it_as_a_line_to_be_copied(app: AppHarness, receiver: Receiver) -> None:
    app.restart_bot({"PAIREC_ANCHOR_CHANNEL": APPROVALS})
    posted = app.bob.message_with("The audit trail has", APPROVALS)
    line = next(line for line in posted.plain.replace("```", "\n").splitlines() if line.startswith("{"))
    signed = read_line(line)
    assert signed.is_signed_with(SECRET) and signed.anchor.hash == entry(app, signed.anchor.seq).hash
    assert json.loads(line)["to"] == "channel"


def test_the_trail_says_that_somebody_wants_no_anchors_any_more(app: AppHarness, receiver: Receiver) -> None:
    received(app, receiver, 1)
    app.stop_bot()
    for name in receiver.settings():
        app._settings.pop(name)
    app.start_bot()
    with app.ledger.read() as tx:
        said = [each.fields for each in trail.entries(tx) if each.fields["event"] == "setup changed"]
    assert said[-1]["changed"] == ["PAIREC_ANCHOR_SECRET", "PAIREC_ANCHOR_URL"]
    app.people.advance(DAY)
    app.asked(app.carol, f"{ENGINE} 1h rollout")
    assert len(receiver.lines) == 1
