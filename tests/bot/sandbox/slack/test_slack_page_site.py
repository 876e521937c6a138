"""The page site: who may talk to it, the clock, the stream of changes, the people API's manners."""

from __future__ import annotations

import http.client
import json
import threading
import time

import pytest
import requests

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.slack.raw_app import RawApp
from tests.harness.timeouts import workshop_at


@pytest.fixture
def web() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused(sandbox: Sandbox, web: requests.Session, host: str) -> None:
    assert web.get(sandbox.page_url + "people", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_web_page_cannot_act(sandbox: Sandbox, web: requests.Session, headers: dict[str, str]) -> None:
    body = {"as": "U0CAROL", "channel": "C0GENERAL", "text": "not me"}
    assert web.post(sandbox.page_url + "say", json=body, headers=headers).status_code == 403
    assert "not me" not in workshop_at(sandbox.page_url).person("carol").screen_text()


def test_the_page_itself_may_act_and_may_not_be_framed(sandbox: Sandbox, web: requests.Session) -> None:
    body = {"as": "U0CAROL", "channel": "C0GENERAL", "text": "it is me"}
    origin = sandbox.page_url.rstrip("/")
    assert web.post(sandbox.page_url + "say", json=body, headers={"Origin": origin}).json() == {"ok": True}
    assert "frame-ancestors 'none'" in web.get(sandbox.page_url + "people").headers["Content-Security-Policy"]


def test_the_clock_only_moves_forward(sandbox: Sandbox, web: requests.Session) -> None:
    before = web.get(sandbox.page_url + "clock").json()
    after = web.post(sandbox.page_url + "clock", json={"advance_seconds": 3600}).json()
    assert after["version"] == before["version"] + 1
    assert after["offset_seconds"] == before["offset_seconds"] + 3600
    assert abs(after["now"] - after["offset_seconds"] - time.time()) < 5
    for bad in (-1, 401 * 86400, "1", None, True):
        answer = web.post(sandbox.page_url + "clock", json={"advance_seconds": bad})
        assert answer.status_code == 400
    assert web.get(sandbox.page_url + "clock").json()["version"] == after["version"]


def test_a_wait_for_the_clock_ends_when_it_moves(sandbox: Sandbox, web: requests.Session) -> None:
    version = web.get(sandbox.page_url + "clock").json()["version"]
    found: list[dict[str, float]] = []

    def wait() -> None:
        found.append(requests.get(f"{sandbox.page_url}clock?after={version}", timeout=10).json())

    waiting = threading.Thread(target=wait)
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    workshop_at(sandbox.page_url).advance(60)
    waiting.join(5)
    assert found[0]["version"] == version + 1


def test_the_stream_tells_of_a_change(sandbox: Sandbox, web: requests.Session, workshop: SandboxClient) -> None:
    with web.get(sandbox.page_url + "events?as=U0BOB", stream=True, timeout=5) as stream:
        lines = stream.iter_lines()
        next(lines)
        workshop.person("carol").type("news")
        told = json.loads(next(line for line in lines if line.startswith(b"data: "))[6:])
    assert told["what"] == "slack" and told["version"] > 0


def test_nobody_reads_or_writes_where_they_are_not_a_member(workshop: SandboxClient) -> None:
    carol = workshop.person("carol")
    assert "C0APPROVALS" not in carol.screen()["messages"]
    with pytest.raises(AssertionError, match="no such conversation"):
        carol.type("let me in", channel="C0APPROVALS")


def test_a_deactivated_person_can_do_nothing(workshop: SandboxClient) -> None:
    frank = workshop.person("frank")
    workshop.inject_slack_fault({"person": "U0FRANK", "set": {"deleted": True}})
    with pytest.raises(AssertionError, match="deactivated"):
        frank.type("hello?")
    workshop.inject_slack_fault({"person": "U0FRANK", "set": {"deleted": False}})


def test_messages_carry_domain_time(sandbox: Sandbox, workshop: SandboxClient) -> None:
    workshop.advance(86400)
    carol = workshop.person("carol")
    carol.type("tomorrow")
    assert abs(carol.message_with("tomorrow").body["at"] - workshop.now()) < 5


def test_unread_messages_are_counted_until_they_are_read(sandbox: Sandbox, web: requests.Session) -> None:
    def unread() -> int:
        screen = web.get(sandbox.page_url + "screen?as=U0ERIN").json()
        return int(next(c["unread"] for c in screen["conversations"] if c["id"] == "C0RANKING"))

    workshop = workshop_at(sandbox.page_url)
    workshop.person("dave").type("look at this", channel="C0RANKING")
    assert unread() == 1
    web.post(sandbox.page_url + "read", json={"as": "U0ERIN", "channel": "C0RANKING"})
    assert unread() == 0


def test_a_body_that_makes_no_sense_is_answered_with_a_sentence(sandbox: Sandbox, web: requests.Session) -> None:
    for path, body in (("say", "[]"), ("say", "{"), ("act", '{"as": "U0CAROL"}'), ("say", '{"as": "U0NOBODY"}')):
        answer = web.post(sandbox.page_url + path, data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400 and answer.json()["error"]


def test_it_stops_at_once_whoever_is_still_listening() -> None:
    sandbox = Sandbox().start()
    host, port = sandbox.page_url.removeprefix("http://").strip("/").split(":")
    waiting = http.client.HTTPConnection(host, int(port), timeout=5)
    waiting.request("GET", "/clock?after=0")
    app = RawApp(sandbox.env())
    with requests.get(sandbox.page_url + "events?as=U0BOB", stream=True, timeout=5) as stream:
        next(stream.iter_lines())
        begun = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - begun < 5.0
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        waiting.getresponse()
    app.close()


def test_a_taken_port_is_an_error_and_nothing_stays_open() -> None:
    with Sandbox() as first:
        taken = int(first.page_url.rsplit(":", 1)[1].strip("/"))
        second = Sandbox(page_port=taken)
        with pytest.raises(OSError, match="address already in use"):
            second.start()
        with pytest.raises(RuntimeError):
            second.call(lambda: None)
