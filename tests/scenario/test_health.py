"""How the program is, said at the start, told at an address of its own, and asked again until it is well."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.monitor import heartbeat, probes
from bot.sandbox.server import Sandbox
from bot.worker import loop
from tests.harness.app import ENGINE, AppHarness
from tests.harness.program import pairec_access, running, says_plainly
from tests.harness.slack_calls import Caller

STARTS_WITHIN = 60.0
DEAD = "LTAI0000NOBODYSKEY"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture
def told(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    return {**sandbox.env(), "PAIREC_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db"}


def asked(app: AppHarness, path: str) -> tuple[int, Any]:
    assert app.program
    answer = requests.get(f"http://{app.program.admin}{path}", timeout=10)
    return answer.status_code, answer.json() if path == "/readyz" else answer.text


def held(app: AppHarness) -> set[str]:
    return {each["name"] for each in asked(app, "/readyz")[1]["conditions"]}


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a_program_whose_keys_are_dead_says_so_at_the_start_in_every_mode_and_lives(
    sandbox: Sandbox, told: dict[str, str], tmp_path: Path, mode: str
) -> None:
    dead = {**told, "ALIBABA_CLOUD_ACCESS_KEY_ID": DEAD, "PAIREC_SLACK_MODE": mode, "PAIREC_HTTP_LISTEN": "127.0.0.1:0"}
    log = tmp_path / "bot.log"
    with running("run", log=log, **dead) as bot:
        AppHarness.until(
            lambda: '"started"' in log.read_text("utf-8") or bot.poll() is not None,
            lambda: log.read_text("utf-8"),
            STARTS_WITHIN,
        )
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        [said] = [line for line in lines if line.get("condition") == "ram"]
        assert (said["level"], said["event"]) == ("warning", "condition")
        assert said["why"].startswith("RAM ") and "InvalidAccessKeyId.NotFound" in said["why"]
        assert lines.index(said) < [line["event"] for line in lines].index("started")
        assert [line["conditions"] for line in lines if line["event"] == "started"] == [["ram", "sts", "users"]]
        [admin] = [line["address"] for line in lines if line["event"] == "health is served"]
        assert requests.get(f"http://{admin}/healthz", timeout=10).text == "ok\n"
        answer = requests.get(f"http://{admin}/readyz", timeout=10)
        assert answer.status_code == 503
        assert {each["name"] for each in answer.json()["conditions"]} == {"ram", "sts", "users"}
        assert DEAD not in answer.text and told["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] not in answer.text


def test_what_does_not_answer_is_asked_until_it_does_and_only_what_decides_or_revokes_makes_it_unready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "RETRY_SECONDS", 0.2)
    monkeypatch.setattr(probes, "PROBE_INTERVAL_SECONDS", 0.2)
    with AppHarness(tmp_path, members=True) as app:
        assert asked(app, "/readyz") == (200, {"ready": True, "conditions": []})
        app.people.inject_slack_fault(
            {"fault": "error", "method": "auth.test", "error": "token_revoked", "times": None}
        )
        AppHarness.until(lambda: held(app) == {"slack"}, lambda: str(held(app)))
        status, told = asked(app, "/readyz")
        assert status == 503 and told["conditions"][0]["message"] == "Slack refuses the bot token (token_revoked)"
        app.people.clear_faults()
        AppHarness.until(lambda: asked(app, "/readyz")[0] == 200, lambda: str(held(app)))


def test_a_product_that_does_not_answer_is_named_and_keeps_nobody_from_deciding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "RETRY_SECONDS", 0.2)
    monkeypatch.setattr(probes, "PROBE_INTERVAL_SECONDS", 0.2)
    with AppHarness(tmp_path, members=True) as app:
        app.people.inject_ram_fault({"action": "ListWorkspaces", "fault": "error"})
        AppHarness.until(lambda: "product pai" in held(app), lambda: str(held(app)))
        status, told = asked(app, "/readyz")
        assert status == 200 and told["ready"] is True
        assert [each["blocks"] for each in told["conditions"]] == [False]
        ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
        app.approve(ref, app.bob)
        app.comes_to_hold("carol", ENGINE)


def test_a_bot_whose_connection_to_slack_is_down_is_not_ready_until_it_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "MAX_SLEEP_SECONDS", 0.1)
    with AppHarness(tmp_path) as app:
        no_more = {"fault": "error", "method": "apps.connections.open", "error": "internal_error", "times": None}
        app.people.inject_slack_fault(no_more)
        app.people.inject_slack_fault({"fault": "disconnect", "drop": True})
        AppHarness.until(lambda: held(app) == {"connection"}, lambda: str(held(app)))
        status, told = asked(app, "/readyz")
        [condition] = told["conditions"]
        assert status == 503 and condition["blocks"] is True and condition["since"].startswith("20")
        assert condition["message"] == "the connection to Slack is down, and is tried again and again"
        app.people.clear_faults()
        AppHarness.until(lambda: asked(app, "/readyz")[0] == 200, lambda: str(held(app)), STARTS_WITHIN)


def test_a_ledger_that_cannot_be_read_makes_it_unready_and_not_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AppHarness(tmp_path) as app:
        assert app.program

        def gone() -> None:
            raise app.ledger.engine_errors[0]("gone")

        monkeypatch.setattr(app._bots_ledger, "read", gone)
        status, told = asked(app, "/readyz")
        assert status == 503 and [each["name"] for each in told["conditions"]] == ["ledger"]
        assert asked(app, "/healthz") == (200, "ok\n")
        monkeypatch.undo()
        assert asked(app, "/readyz")[0] == 200


def test_a_loop_that_goes_round_no_more_is_said_by_the_health_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AppHarness(tmp_path) as app:
        assert asked(app, "/healthz") == (200, "ok\n")
        monkeypatch.setattr(loop, "STUCK_AFTER_SECONDS", -1.0)
        assert asked(app, "/healthz") == (503, "no\n")


def test_the_public_port_says_ok_or_no_and_nothing_more(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_SLACK_MODE": "http"}) as app:
        assert app.program and app.program.listening
        slack = Caller(app.program.listening, "")
        assert slack.asks("GET", "/healthz").content == b"ok\n"
        assert slack.asks("GET", "/readyz").status_code == 404


def test_an_admin_port_that_is_taken_ends_the_start_in_a_line(told: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        done = pairec_access("run", **{**told, "PAIREC_ADMIN_LISTEN": place})
    says_plainly(done, f"PAIREC_ADMIN_LISTEN: nothing can listen at {place}: Address already in use")
