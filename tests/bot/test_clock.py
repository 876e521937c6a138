"""The sandbox's clock as the bot follows it, and what answers in its place."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.clock import ClockError, FollowingClock
from tests.harness.program import pairec_access, says_plainly

NO_CLOCKS = [
    (200, "<html>It works!</html>"),
    (200, "[]"),
    (200, "{}"),
    (200, '{"offset_seconds": 0}'),
    (200, '{"offset_seconds": null, "version": 1}'),
    (200, '{"offset_seconds": 1e999, "version": 1}'),
    (200, '{"offset_seconds": NaN, "version": 1}'),
    (200, '{"offset_seconds": 0, "version": "the first"}'),
    (404, "there is no such page"),
]


class Someone:
    """Somebody who answers every question with the same words, until told other ones."""

    def __init__(self) -> None:
        self.says(200, told(0, 0))
        someone = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, words, asked = someone._answer
                self.send_response(status)
                self.end_headers()
                self.wfile.write(words.encode())
                asked.release()

            def log_message(self, *_: object) -> None:
                """Nobody wants to read it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/clock"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def says(self, status: int, words: str) -> None:
        self._answer = (status, words, threading.Semaphore(0))

    def is_asked(self, times: int) -> None:
        """Wait until it has said its present words so many times."""
        for _ in range(times):
            assert self._answer[2].acquire(timeout=10), "nobody asks any more"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def someone() -> Iterator[Someone]:
    opened = Someone()
    yield opened
    opened.close()


def told(offset: float, version: int) -> str:
    return json.dumps({"offset_seconds": offset, "version": version})


def run_by(url: str, folder: Path) -> None:
    done = pairec_access(
        "run",
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        PAIREC_SLACK_API_URL="http://127.0.0.1:1/api/",
        PAIREC_RAM_ENDPOINT="http://127.0.0.1:1",
        PAIREC_IMS_ENDPOINT="http://127.0.0.1:1",
        PAIREC_DATABASE_URL=f"sqlite:///{folder}/ledger.db",
        PAIREC_CLOCK_URL=url,
    )
    says_plainly(done, "PAIREC_CLOCK_URL: ")


@pytest.mark.parametrize(("status", "words"), NO_CLOCKS)
def test_what_is_not_the_clock_is_not_taken_for_it(someone: Someone, status: int, words: str) -> None:
    someone.says(status, words)
    with pytest.raises(ClockError, match="what answers there is not the sandbox's clock"):
        FollowingClock(someone.url)


def test_a_clock_that_nobody_answers_for_is_none(someone: Someone) -> None:
    someone.close()
    with pytest.raises(ClockError, match="nobody answers there"):
        FollowingClock(someone.url)


@pytest.mark.slow
def test_a_start_by_something_else_than_the_clock_ends_with_one_line(someone: Someone, tmp_path: Path) -> None:
    someone.says(200, "{}")
    run_by(someone.url, tmp_path)


@pytest.mark.slow
def test_a_start_without_anybody_at_the_clock_ends_with_one_line(tmp_path: Path) -> None:
    run_by("http://127.0.0.1:1/clock", tmp_path)


@pytest.mark.slow
def test_a_clock_that_answers_nonsense_for_a_while_is_followed_again_afterwards(someone: Someone) -> None:
    clock = FollowingClock(someone.url)
    moved = threading.Event()
    clock.start(moved.set)
    for status, words in NO_CLOCKS[:3]:
        someone.says(status, words)
        someone.is_asked(2)
    assert abs(clock.now() - clock.real()) < 1_000, "nonsense moves nothing"
    someone.says(200, told(3600, 1))
    assert moved.wait(10)
    assert abs(clock.now() - clock.real() - 3_600_000) < 1_000
    clock.stop()
