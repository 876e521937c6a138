"""HTTP mode while strangers come in numbers: Slack is heard, what is due is done, and neither log nor memory fills."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from approvals.ledger import open_ledger
from bot.sandbox.client import SandboxClient
from bot.sandbox.process import link_the_cast
from bot.sandbox.server import Sandbox
from bot.slack import connection_gate
from tests.harness.app import APPROVALS, ENGINE, AppHarness
from tests.harness.replicas import Replica, replicas
from tests.harness.slack_calls import FORM, Caller, command
from tests.harness.timeouts import workshop_at

HEARD_WITHIN = 3.0
"""Seconds, after which Slack gives up."""
ON_TIME = 3.0
LINES = 60
FILES = 1_024
GROWS_BY = 64
"""Megabytes."""
STRANGERS = """
import resource, socket, sys, threading
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
host, _, port = sys.argv[1].rpartition(":")
kept = []
def come(sent=b""):
    line = socket.create_connection((host, int(port)), timeout=10)
    line.sendall(sent)
    return line
def send(head):
    try:
        line = come(head)
        for _ in range(16):
            line.sendall(b"x" * 65536)
        line.recv(100)
        line.close()
    except OSError:
        pass
def send_many():
    for _ in range(100):
        send(b"POST /slack/events HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1048576\\r\\n\\r\\n")
def send_some():
    import time
    for _ in range(100):
        send(b"POST /slack/events HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 262144\\r\\nX-Slack-Request-Timestamp: "
             + str(int(time.time())).encode() + b"\\r\\nX-Slack-Signature: v0=" + b"0" * 64 + b"\\r\\n\\r\\n")
if "idle" in sys.argv:
    kept = [come(b"POST /sl" if number % 2 else b"") for number in range(1500)]
threads = []
if "bodies" in sys.argv:
    threads = [threading.Thread(target=each) for each in [send_many] * 7 + [send_some] * 3]
    for thread in threads:
        thread.start()
print("here", flush=True)
for thread in threads:
    thread.join()
sys.stdin.read()
"""


@contextmanager
def strangers(address: str, *what: str) -> Iterator[subprocess.Popen[str]]:
    """They stay until the block ends."""
    come = subprocess.Popen(
        [sys.executable, "-c", STRANGERS, address, *what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert come.stdin and come.stdout
    try:
        assert come.stdout.readline() == "here\n"
        yield come
    finally:
        come.stdin.close()
        come.wait(120)
        come.stdout.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture
def bot(sandbox: Sandbox, tmp_path: Path) -> Iterator[Replica]:
    """It may open as many files as on most machines, which is not what those have who develop on it."""
    ledger = f"sqlite:///{tmp_path}/ledger.db"
    link_the_cast(open_ledger(ledger), sandbox)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with replicas(1, tmp_path, **{**sandbox.env(), "PAIREC_DATABASE_URL": ledger}) as (started,):
        resource.prlimit(started.process.pid, resource.RLIMIT_NOFILE, (FILES, hard))
        workshop_at(sandbox.page_url).inject_slack_fault({"request_urls": [started.url]})
        yield started


def megabytes(bot: Replica) -> int:
    status = Path(f"/proc/{bot.process.pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) // 1024


def takes(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def is_served(sandbox: Sandbox, bot: Replica) -> None:
    """Slack's signed requests, a load balancer and whoever asks the admin address, each in time."""
    slack = Caller(bot.address, sandbox.env()["SLACK_SIGNING_SECRET"])
    [admin] = [line["address"] for line in bot.lines() if line["event"] == "health is served"]

    def asks() -> None:
        body = command("help")
        slack.posts(body, {**FORM, **slack.signed(body)}).raise_for_status()

    for _ in range(3):
        assert takes(asks) < HEARD_WITHIN
        assert takes(lambda: slack.asks("GET", "/healthz").raise_for_status()) < HEARD_WITHIN
        assert takes(lambda: requests.get(f"http://{admin}/healthz", timeout=10).raise_for_status()) < HEARD_WITHIN


def granted(sandbox: Sandbox) -> SandboxClient:
    """Carol has something for an hour."""
    people = workshop_at(sandbox.page_url)
    carol, bob = people.person("carol"), people.person("bob")
    assert carol.type(f"/pairec-access request {ENGINE} 1h rolling out")["ok"]
    card = AppHarness.until(lambda: [m for m in bob.messages(APPROVALS) if "needs appr" in m.plain], "a card", 30)[-1]
    bob.click("Approve", card)
    AppHarness.until(lambda: "carol" in people.holders(ENGINE), "carol to hold it", 30)
    return people


def comes_off(sandbox: Sandbox, people: SandboxClient) -> float:
    """Seconds that it takes from the moment at which her time is up."""
    people.advance(3600)
    return takes(lambda: AppHarness.until(lambda: "carol" not in people.holders(ENGINE), "carol to lose it", 60))


@pytest.mark.parametrize("what", [("idle",), ("bodies",), ("idle", "bodies")], ids="+".join)
def test_strangers_in_numbers_keep_nobody_out_and_fill_nothing(
    sandbox: Sandbox, bot: Replica, what: tuple[str, ...]
) -> None:
    assert bot.address
    people = granted(sandbox)
    before, lines = megabytes(bot), len(bot.lines())
    with strangers(bot.address, *what):
        is_served(sandbox, bot)
        assert comes_off(sandbox, people) < ON_TIME
        is_served(sandbox, bot)
    assert len(bot.lines()) - lines < LINES, bot.log.read_text("utf-8")[-3_000:]
    assert megabytes(bot) - before < GROWS_BY
    files = list(Path(f"/proc/{bot.process.pid}/fd").iterdir())
    assert len(files) < connection_gate.MAX_CONNECTIONS + 100
