"""The audit trail leaves the house entry by entry, to a file and to a webhook, whatever happens to either meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import requests

from approvals.ledger import trail
from bot.metrics import page
from tests.harness.app import ENGINE, HOUR, AppHarness
from tests.harness.databases import Databases
from tests.harness.received import SECRET, Receiver, fits
from tests.harness.replicas import replicas

DAY = 24 * HOUR


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trail.jsonl"


@pytest.fixture
def app(tmp_path: Path, receiver: Receiver, file: Path) -> Iterator[AppHarness]:
    settings = {**receiver.export_settings(), "PAIREC_AUDIT_EXPORT_PATH": str(file)}
    with AppHarness(tmp_path, settings, pace=10.0) as opened:
        yield opened


def lines(app: AppHarness) -> list[str]:
    """As `pairec-access audit` prints them."""
    with app.ledger.read() as tx:
        return [entry.line for entry in trail.entries(tx)]


def has_all(app: AppHarness, taken: Iterable[str]) -> bool:
    return [*taken] == lines(app)


def written(file: Path) -> list[str]:
    return file.read_text("ascii").splitlines() if file.exists() else []


def sent(receiver: Receiver) -> list[str]:
    return [line for body in receiver.lines for line in body.splitlines()]


def test_whatever_happens_is_in_the_file_and_at_the_webhook_soon_after(
    app: AppHarness, receiver: Receiver, file: Path
) -> None:
    app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.advance(20)
    app.until(lambda: has_all(app, written(file)), "the file to have it")
    app.until(lambda: has_all(app, sent(receiver)), "the webhook to have it")
    assert any('"rollout"' in line for line in written(file))
    for header, body in zip(receiver.signatures, receiver.lines, strict=True):
        assert fits(header, body)


@pytest.mark.parametrize("status", [302, 413, 500])
def test_a_webhook_that_is_down_for_a_week_gets_all_of_it_in_order_afterwards(
    app: AppHarness, receiver: Receiver, status: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "HOLDS_SECONDS", 0.0)
    app.until(lambda: has_all(app, sent(receiver)), "the webhook to have what there is")
    receiver.status = status
    app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.advance(7 * DAY)
    app.until(lambda: receiver.refused, "the webhook to refuse it")
    app.until(lambda: f"it answers {status}" in condition(app), "the condition to say so")
    assert lag(app, "entries") >= 1 and lag(app, "seconds") > 6 * DAY
    app.restart_bot()
    receiver.status = 204
    app.real_passes(600)
    app.until(lambda: has_all(app, sent(receiver)), "the webhook to have all of it, each once")
    app.until(lambda: not condition(app) and lag(app, "entries") == 0, "all to be well again")
    assert SECRET not in caplog.text and "jabberwocky" not in caplog.text


def condition(app: AppHarness, to: str = "webhook") -> str:
    """What `/readyz` says of it."""
    found = app.program.conditions.current().get(f"audit_export_{to}") if app.program else None
    return found.message if found else ""


def lag(app: AppHarness, of: str) -> float:
    assert app.program
    told = requests.get(f"http://{app.program.admin}/metrics", timeout=10).text
    [line] = [
        line for line in told.splitlines() if line.startswith(f'pairec_access_audit_export_lag_{of}{{to="webhook"')
    ]
    return float(line.split()[-1])


def test_a_file_may_be_renamed_at_any_time_and_a_bot_that_starts_goes_on_after_its_last_line(
    app: AppHarness, file: Path
) -> None:
    app.until(lambda: has_all(app, written(file)), "the file to have what there is")
    older = file.rename(file.with_suffix(".1"))
    app.asked(app.carol, f"{ENGINE} 1h rollout")
    app.people.advance(20)
    app.until(lambda: has_all(app, written(older) + written(file)), "the new file to have the rest")
    app.restart_bot()
    app.people.advance(20)
    app.until(lambda: has_all(app, written(older) + written(file)), "it to have what the restart wrote, and no more")


def test_a_file_that_cannot_be_written_is_a_condition_that_says_why(app: AppHarness, file: Path) -> None:
    app.until(lambda: has_all(app, written(file)), "the file to have what there is")
    app.stop_bot()
    older = file.rename(file.with_suffix(".1"))
    file.mkdir()
    app.start_bot()
    app.until(lambda: "Is a directory" in condition(app, "file"), "the condition to say so")
    assert "PAIREC_AUDIT_EXPORT_PATH" in condition(app, "file")
    file.rmdir()
    app.real_passes(600)
    app.until(lambda: has_all(app, written(older) + written(file)), "the file to have the rest")
    app.until(lambda: not condition(app, "file"), "the condition to be over")


def test_two_bots_send_it_in_order(tmp_path: Path, databases: Databases, receiver: Receiver) -> None:
    with AppHarness(tmp_path, {"PAIREC_SLACK_MODE": "http"}, ledger_address=databases.new()) as app:
        app.stop_bot()
        told = {**app.sandbox.env(), "PAIREC_DATABASE_URL": app.ledger_address, "SLACK_APP_TOKEN": ""}
        with replicas(2, tmp_path, **told, **receiver.export_settings()) as both:
            app.people.inject_slack_fault({"request_urls": [each.url for each in both]})
            app.asked(app.carol, f"{ENGINE} 1h rollout")
            app.people.advance(20)
            app.until(lambda: has_all(app, sent(receiver)), "the webhook to have it, each once and in order")
            both[0].is_killed()
            app.asked(app.dave, f"{ENGINE} 1h rollout")
            app.people.advance(20)
            app.until(lambda: has_all(app, dict.fromkeys(sent(receiver))), "the other one to send the rest", timeout=90)
