"""`pairec-access run` in HTTP mode: how it starts, and how it stops."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.harness.app import AppHarness
from tests.harness.program import pairec_access, says_plainly
from tests.harness.replicas import replicas
from tests.harness.slack_calls import FORM, Caller, command
from tests.harness.timeouts import workshop_at

pytestmark = pytest.mark.slow

ENDS_WITHIN = 10.0
"""Seconds from SIGTERM to the end of the process, on a machine that is busy."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture
def told(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """Settings with which a start in HTTP mode succeeds: there is no app token among them."""
    lines = {**sandbox.env(), "PAIREC_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db", "PAIREC_SLACK_MODE": "http"}
    del lines["SLACK_APP_TOKEN"]
    return lines


def test_a_port_that_is_taken_ends_the_start_in_a_line(told: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = pairec_access("run", **told, PAIREC_HTTP_LISTEN=f"127.0.0.1:{port}")
    says_plainly(done, f"PAIREC_HTTP_LISTEN: nothing can listen at 127.0.0.1:{port}: Address already in use")


def test_an_address_that_is_not_this_machines_ends_the_start_in_a_line(told: dict[str, str]) -> None:
    done = pairec_access("run", **told, PAIREC_HTTP_LISTEN="192.0.2.1:3000")
    says_plainly(done, "PAIREC_HTTP_LISTEN: nothing can listen at 192.0.2.1:3000: Cannot assign requested address")


def test_a_missing_signing_secret_ends_the_start_in_a_line(told: dict[str, str]) -> None:
    del told["SLACK_SIGNING_SECRET"]
    says_plainly(pairec_access("run", **told), "SLACK_SIGNING_SECRET is not set; ")


def test_told_to_stop_it_hears_nothing_new_finishes_what_it_has_and_ends_well(
    sandbox: Sandbox, told: dict[str, str], tmp_path: Path
) -> None:
    with replicas(1, tmp_path, **told) as (bot,):
        slack = Caller(bot.address, told["SLACK_SIGNING_SECRET"])
        # What the next command asks of Slack takes a while, and holds up its answer.
        people = workshop_at(sandbox.page_url)
        people.inject_slack_fault({"fault": "hang", "method": "users.info", "seconds": 1})
        people.inject_slack_fault({"request_urls": [bot.url]})
        carol = people.person("carol")
        assert carol.type("/pairec-access list")["ok"]
        with slack.connection() as idle:
            idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert idle.recv(1_000).startswith(b"HTTP/1.1 200 ")
            began = time.monotonic()
            bot.process.send_signal(signal.SIGTERM)
            assert idle.recv(100) == b"", "a connection that a load balancer keeps is closed"
        assert bot.process.wait(30) == 0
        assert time.monotonic() - began < ENDS_WITHIN
        assert carol.type("/pairec-access help") == {"ok": False, "error": "dispatch_failed"}
        assert any("Nothing granted here" in message.plain for message in carol.messages()), carol.screen_text()


def test_a_signal_that_the_kernel_gives_to_another_thread_is_heard_as_well(
    told: dict[str, str], tmp_path: Path
) -> None:
    with replicas(1, tmp_path, **told) as (bot,):
        assert bot.address
        threads = [int(each.name) for each in Path(f"/proc/{bot.process.pid}/task").iterdir()]
        os.kill(max(threads), signal.SIGTERM)
        assert bot.process.wait(30) == 0


def test_a_client_that_is_in_the_middle_of_its_request_does_not_hold_up_the_end(
    told: dict[str, str], tmp_path: Path
) -> None:
    with replicas(1, tmp_path, **told) as (bot,), Caller(bot.address, "").connection() as slow:
        slow.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\npay")
        began = time.monotonic()
        bot.process.send_signal(signal.SIGTERM)
        assert bot.process.wait(30) == 0
        assert time.monotonic() - began < ENDS_WITHIN


def test_neither_the_signing_secret_nor_what_is_signed_with_it_is_in_the_log(
    told: dict[str, str], tmp_path: Path
) -> None:
    secret = told["SLACK_SIGNING_SECRET"]
    with replicas(1, tmp_path, **told, PAIREC_LOG_LEVEL="DEBUG") as (bot,):
        slack = Caller(bot.address, secret)
        body = command(f"help {secret}", user=f"U0{secret}")
        signed = slack.signed(body)
        assert slack.posts(body, {**FORM, **signed}).status_code == 200
        assert slack.posts(body + "x", {**FORM, **signed}).status_code == 401
        AppHarness.until(lambda: any("refused" in line["event"] for line in bot.lines()), "the refusal to be logged")
    log = bot.log.read_text("utf-8")
    assert secret not in log and signed["X-Slack-Signature"] not in log and "Traceback" not in log
