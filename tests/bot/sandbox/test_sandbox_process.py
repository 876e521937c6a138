"""The sandbox on the command line, and a bot of one's own that is run against it."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.slack.page_client import PageClient
from tests.harness.app import APPROVALS, ENGINE, HOUR, AppHarness
from tests.harness.program import lines_of, pairec_access, running, says_plainly
from tests.harness.timeouts import workshop_at

pytestmark = pytest.mark.slow

DOCUMENTED = {
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "PAIREC_SLACK_API_URL",
    "PAIREC_RAM_ENDPOINT",
    "PAIREC_IMS_ENDPOINT",
    "PAIREC_ACTIONTRAIL_ENDPOINT",
    "PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT",
    "PAIREC_OSS_ENDPOINT",
    "PAIREC_APPROVALS_CHANNEL",
    "PAIREC_DATABASE_URL",
    "PAIREC_CLOCK_URL",
    "PAIREC_RESOURCES",
    "PAIREC_INSTANCES",
    "PAIREC_SERVICE_ENDPOINT",
    "PAIREC_TRAINING_PROJECT",
    "PAIREC_TUNNEL_GROUP",
    "PAIREC_MAXCOMPUTE_ENDPOINT",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "PAIREC_ADMIN_LISTEN",
    "SANDBOX_PAGE_URL",
}
ENDS_WITHIN = 5.0
"""Seconds from SIGTERM to the end of the process, whatever it waits for."""


class Empty(NamedTuple):
    """A sandbox without a bot: what its env file says, and the people in it."""

    lines: dict[str, str]
    people: SandboxClient


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Empty]:
    env_file, log = tmp_path / "sandbox.env", tmp_path / "sandbox.log"
    with running("sandbox", "--headless", "--no-bot", "--env-file", str(env_file), log=log) as process:
        lines = lines_of(env_file, process, log)
        yield Empty(lines, workshop_at(lines["SANDBOX_PAGE_URL"]))


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def answers(people: SandboxClient) -> bool:
    """Whether there is a bot to answer a command."""
    return bool(people.person("carol").type("/pairec-access help")["ok"])


def given(people: SandboxClient) -> None:
    """Carol asks, Bob approves, and RAM shows it."""
    bob, carol = people.person("bob"), people.person("carol")
    carol.type(f"/pairec-access request {ENGINE} 1h rolling out")
    bob.click("Approve", bob.message_with("needs approval", channel=APPROVALS))
    AppHarness.until(lambda: "carol" in people.holders(ENGINE), "carol to hold it")


def test_a_port_that_is_taken_is_told_in_one_line(taken: int) -> None:
    done = pairec_access("sandbox", "--headless", "--no-bot", "--port", str(taken))
    says_plainly(done, f"--port: nothing can listen at 127.0.0.1:{taken}: Address already in use")


def test_a_file_that_cannot_be_written_is_told_before_anything_opens(tmp_path: Path, taken: int) -> None:
    nowhere = tmp_path / "nowhere" / "sandbox.env"
    done = pairec_access("sandbox", "--headless", "--env-file", str(nowhere), "--port", str(taken))
    says_plainly(done, f"--env-file: {nowhere} cannot be written: No such file or directory")


def test_a_bot_that_does_not_start_is_told_with_its_last_words() -> None:
    done = pairec_access("sandbox", "--headless", PAIREC_REGION="Hangzhou!")
    says_plainly(done, "the bot did not start: PAIREC_REGION: must be the id of a region")


def test_what_is_no_file_is_left_alone_and_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    says_plainly(pairec_access("sandbox", "--headless", "--env-file", str(pipe)), f"--env-file: {pipe} is there, and")
    assert pipe.is_fifo()


def test_the_file_of_an_earlier_sandbox_is_gone_before_the_next_one_is_open(tmp_path: Path, taken: int) -> None:
    env_file = tmp_path / "sandbox.env"
    env_file.write_text("SANDBOX_PAGE_URL=http://127.0.0.1:1/\n", "utf-8")
    done = pairec_access("sandbox", "--headless", "--env-file", str(env_file), "--port", str(taken))
    says_plainly(done, "--port")
    assert list(tmp_path.iterdir()) == []


def test_the_env_file_has_the_documented_names_and_is_its_owners_alone(empty: Empty, tmp_path: Path) -> None:
    assert set(empty.lines) == DOCUMENTED
    assert all(empty.lines.values())
    assert stat.S_IMODE((tmp_path / "sandbox.env").stat().st_mode) == 0o600
    page = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text("utf-8")
    told = page.partition("FILE has")[2].partition("\n\n")[0]
    assert [name for name in sorted(DOCUMENTED) if f"`{name}`" not in told] == []


def test_a_sandbox_without_a_bot_gets_one_by_the_lines_of_its_env_file(empty: Empty, tmp_path: Path) -> None:
    assert not answers(empty.people)
    with running("run", log=tmp_path / "bot.log", **empty.lines):
        AppHarness.until(lambda: answers(empty.people), "the bot to connect", timeout=30)
        given(empty.people)
    assert not answers(empty.people)


def test_the_bot_of_a_sandbox_uses_socket_mode_whatever_another_one_is_told(tmp_path: Path) -> None:
    env_file, log = tmp_path / "sandbox.env", tmp_path / "sandbox.log"
    words = ("sandbox", "--headless", "--env-file", str(env_file))
    with running(*words, log=log, PAIREC_SLACK_MODE="http") as process:
        assert answers(workshop_at(lines_of(env_file, process, log)["SANDBOX_PAGE_URL"]))


def test_what_is_given_by_hand_can_be_tried_in_a_sandbox(tmp_path: Path) -> None:
    env_file, log = tmp_path / "sandbox.env", tmp_path / "sandbox.log"
    with running("sandbox", "--headless", "--env-file", str(env_file), log=log) as process:
        people = workshop_at(lines_of(env_file, process, log)["SANDBOX_PAGE_URL"])
        bob, carol, erin = map(people.person, ("bob", "carol", "erin"))
        carol.type("/pairec-access request grafana-admin 1h rolling out")
        bob.click("Approve", bob.message_with("needs approval", channel=APPROVALS))
        erin.click("Done", erin.direct_message_with("Grant by hand"))
        carol.direct_message_with(f"by hand, confirmed by <@{erin.id}>")


def test_a_sandbox_calls_the_bots_at_its_request_urls_once_they_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
    urls = [f"--request-url=http://127.0.0.1:{port}/slack/events" for port in ports]
    env_file, log = tmp_path / "sandbox.env", tmp_path / "sandbox.log"
    with running("sandbox", "--headless", "--no-bot", "--env-file", str(env_file), *urls, log=log) as process:
        lines = {**lines_of(env_file, process, log), "PAIREC_SLACK_MODE": "http"}
        people = workshop_at(lines["SANDBOX_PAGE_URL"])
        assert not answers(people)
        listen = f"127.0.0.1:{ports[1]}"
        with running("run", log=tmp_path / "bot.log", **{**lines, "PAIREC_HTTP_LISTEN": listen}):
            AppHarness.until(lambda: answers(people), "the bot to be called", timeout=30)
            given(people)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--no-bot", "--request-url", "http://192.0.2.1/"), "--request-url: a request URL must be"),
        (("--no-bot", "--request-url", "127.0.0.1:3000"), "--request-url: a request URL must be"),
        (("--request-url", "http://127.0.0.1:3000/slack/events"), "--request-url: the bot of the sandbox uses Socket"),
    ],
)
def test_a_request_url_that_cannot_be_is_told_in_one_line(words: tuple[str, ...], says: str) -> None:
    says_plainly(pairec_access("sandbox", "--headless", *words), says)


def test_a_bot_that_is_told_to_stop_ends_in_time_and_well_while_ram_hangs(empty: Empty, tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    with running("run", log=log, **empty.lines) as process:
        # It hears people before it has begun everything.
        AppHarness.until(lambda: '"started"' in log.read_text("utf-8"), "the bot to start", timeout=30)
        given(empty.people)
        empty.people.inject_ram_fault({"action": "*", "fault": "hang", "seconds": 60})
        empty.people.advance(HOUR)
        page = PageClient(empty.lines["SANDBOX_PAGE_URL"])
        AppHarness.until(lambda: page.get("control/ram")["orders"][0]["matched"], "the bot to wait for RAM")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert time.monotonic() - began < ENDS_WITHIN
