"""HTTP mode and everybody who is not Slack: nothing comes of it, nothing is said, and no traceback is written."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.slack import tally
from bot.slack.signed_requests import MAX_BODY_BYTES
from tests.harness.app import ENGINE, AppHarness
from tests.harness.slack_calls import FORM, JSON, Caller, command, interaction
from tests.scenario.test_slack_misbehaves import logged

HTTP = {"PAIREC_SLACK_MODE": "http"}
ASKING = f"request {ENGINE} 8h rolling out"
MEGABYTE = 1024 * 1024
Forger = Callable[[Caller], dict[str, str]]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppHarness]:
    """One for all of them: what they send leaves no trace."""
    with AppHarness(tmp_path_factory.mktemp("app"), HTTP) as opened:
        yield opened


@pytest.fixture
def slack(app: AppHarness) -> Caller:
    assert app.program and app.program.listening
    return Caller(app.program.listening, app.sandbox.env()["SLACK_SIGNING_SECRET"])


@pytest.fixture(autouse=True)
def nothing_comes_of_it(
    app: AppHarness, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    # Each has its line here, although they are more than strangers get in a minute.
    monkeypatch.setattr(tally, "LINES_PER_WINDOW", 1_000)
    app.until(app.has_looked, "the bot to have looked at everything")
    before = recorded(app)
    with caplog.at_level(logging.INFO):
        yield
    assert recorded(app) == before
    log = logged(caplog.get_records("call"))
    assert "Traceback" not in log
    for name in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        assert app.sandbox.env()[name] not in log


def recorded(app: AppHarness) -> dict[str, Any]:
    with app.ledger.read() as tx:
        # What the program looks at by itself, now and then, is called by its kind alone.
        counted = ("requests", "audit", "jobs WHERE id <> kind")
        return {name: tx.rows(f"SELECT COUNT(*) AS number FROM {name}") for name in counted}


def warned(caplog: pytest.LogCaptureFixture, why: str) -> None:
    lines = [vars(record) for record in caplog.records if record.name == "bot.slack.signed_requests"]
    assert [line["why"] for line in lines] == [why], lines
    assert lines[0]["levelname"] == "WARNING"


NOT_HTTP = {
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 300,
    "a greeting": b"hello there\r\n\r\n",
    "a length that is no number": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: hello\r\n\r\n",
    "two lengths": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a huge header": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX: " + b"hello" * 4_000 + b"\r\n\r\n",
    "another version": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("what", NOT_HTTP)
def test_whoever_does_not_speak_http_is_told_no_and_nothing_more(slack: Caller, what: str) -> None:
    answer = slack.sends(NOT_HTTP[what])
    headers, _, body = answer.partition(b"\r\n\r\n")
    assert headers.split()[1] == b"400" and body == b""
    assert b"\r\nServer: pairec-access" in headers and b"aiohttp" not in answer and b"hello" not in answer


BODY = command(ASKING)
FORGED: dict[str, tuple[str, Forger]] = {
    "none": ("it is not signed", lambda _: {}),
    "no time": ("it is not signed", lambda slack: only(slack, "X-Slack-Signature")),
    "no signature": ("it is not signed", lambda slack: only(slack, "X-Slack-Request-Timestamp")),
    "another secret": ("its signature is wrong", lambda slack: Caller(slack.address, "f" * 32).signed(BODY)),
    "of another body": ("its signature is wrong", lambda slack: slack.signed(command("list"))),
    "of five minutes ago": ("its signature is old", lambda slack: slack.signed(BODY, age=302)),
    "of the time to come": ("its signature is old", lambda slack: slack.signed(BODY, age=-310)),
    "a time that was put forward": (
        "its signature is wrong",
        lambda slack: {**slack.signed(BODY, age=400), **only(slack, "X-Slack-Request-Timestamp")},
    ),
    "another version": ("it is not signed", lambda slack: altered(slack, "X-Slack-Signature", "v1=" + "0" * 64)),
    "no number": ("it is not signed", lambda slack: altered(slack, "X-Slack-Request-Timestamp", "yesterday")),
    "a long number": ("it is not signed", lambda slack: altered(slack, "X-Slack-Request-Timestamp", "9" * 5_000)),
    "not ASCII": ("it is not signed", lambda slack: altered(slack, "X-Slack-Signature", "v0=é" + "0" * 62)),
}


def only(slack: Caller, name: str) -> dict[str, str]:
    return {name: slack.signed(BODY)[name]}


def altered(slack: Caller, name: str, value: str) -> dict[str, str]:
    return {**slack.signed(BODY), name: value}


@pytest.mark.parametrize("forged", FORGED)
def test_a_request_that_is_not_signed_by_slack_now_is_refused(
    slack: Caller, forged: str, caplog: pytest.LogCaptureFixture
) -> None:
    why, sign = FORGED[forged]
    headers = {name: value.encode("latin-1") for name, value in {**FORM, **sign(slack)}.items()}
    answer = slack.posts(BODY, headers)
    assert (answer.status_code, answer.content) == (401, b"")
    warned(caplog, why)


def test_of_two_signatures_none_is_chosen(slack: Caller, caplog: pytest.LogCaptureFixture) -> None:
    signed = slack.signed(BODY)
    headers = [f"{name}: {value}" for name, value in signed.items()]
    lines = ["POST /slack/events HTTP/1.1", "Host: x", f"Content-Length: {len(BODY)}", *headers, headers[1]]
    assert slack.sends("\r\n".join([*lines, "", BODY]).encode()).startswith(b"HTTP/1.1 401 ")
    warned(caplog, "it is not signed")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("ssl_check=1&token=x", FORM),
        (json.dumps({"type": "url_verification", "challenge": "speak"}), JSON),
        (interaction({"type": "block_actions", "response_url": "http://127.0.0.1:1/", "user": {"id": "U0BOB"}}), FORM),
        ("{", JSON),
        ("[" * 100_000, JSON),
        ("payload=%7B", FORM),
    ],
    ids=["ssl_check", "url_verification", "a click", "no JSON", "deep JSON", "no payload"],
)
def test_nothing_unsigned_is_even_read(slack: Caller, body: str, headers: dict[str, str]) -> None:
    answer = slack.posts(body, headers)
    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize(
    ("body", "headers"),
    [("{", JSON), ("[]", JSON), ("7", JSON), ("[" * 100_000, JSON), ("payload=%7B", FORM), ("payload=[]", FORM)],
    ids=lambda value: value[:8] if isinstance(value, str) else "",
)
def test_a_body_that_makes_no_sense_is_refused_though_it_is_signed(
    slack: Caller, body: str, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert slack.posts(body, {**headers, **slack.signed(body)}).status_code == 400
    warned(caplog, "its body cannot be read")


@pytest.mark.parametrize("raw", [b"payload=\xff\xfe", b"\x00\xc3\x28"])
def test_a_body_that_is_no_text_is_refused(slack: Caller, raw: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert slack.posts(raw, {**FORM, **slack.signed(raw)}).status_code == 400
    warned(caplog, "its body is no text")


def test_a_signed_request_that_nobody_answers_to_is_not_found(slack: Caller) -> None:
    for body in ("", interaction({"type": "block_actions", "actions": [{"action_id": "nobody"}]})):
        assert slack.posts(body, {**FORM, **slack.signed(body)}).status_code == 404


def test_a_huge_body_is_refused_before_it_was_sent(slack: Caller, caplog: pytest.LogCaptureFixture) -> None:
    announced = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY_BYTES + 1}\r\n\r\n"
    assert slack.sends(announced.encode()).startswith(b"HTTP/1.1 413 ")
    warned(caplog, "its body is too large")


def head(slack: Caller, *lines: str) -> bytes:
    """The beginning of a request that may be Slack's, as far as its headers tell."""
    signed = [f"{name}: {value}" for name, value in slack.signed("").items()]
    return "\r\n".join(["POST /slack/events HTTP/1.1", "Host: x", *signed, *lines, "", ""]).encode()


def test_a_body_of_which_nobody_says_how_long_it_is_is_not_read(
    slack: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with slack.connection() as line:
        line.sendall(head(slack, "Transfer-Encoding: chunked"))
        assert line.recv(100).startswith(b"HTTP/1.1 411 ")
    warned(caplog, "it does not say how long its body is")


def test_whoever_asks_whether_to_go_on_is_told_to_only_where_it_may_be_slacks(slack: Caller) -> None:
    waits = ("Content-Length: 4", "Expect: 100-continue")
    with slack.connection() as line:
        line.sendall(head(slack, *waits))
        assert line.recv(100).startswith(b"HTTP/1.1 100 ")
        line.sendall(b"list")
        assert line.recv(100).startswith(b"HTTP/1.1 401 ")
    unsigned = "\r\n".join(["POST /slack/events HTTP/1.1", "Host: x", *waits, "", ""])
    assert slack.sends(unsigned.encode()).startswith(b"HTTP/1.1 401 ")


def test_a_client_that_does_not_go_on_is_cut_off_and_holds_nobody_up(
    slack: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    slow = [slack.connection() for _ in range(40)]
    for line in slow:
        line.sendall(head(slack, "Content-Length: 100") + b"pay")
    assert slack.asks("GET", "/healthz").status_code == 200, "forty slow clients are in its way"
    for line in slow:
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")
        line.close()
    assert {vars(record)["why"] for record in caplog.records if "why" in vars(record)} == {"its body took too long"}


@pytest.mark.parametrize(
    "raw",
    [
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: -4\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\npay\r\nzz\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["words", "TLS", "long address", "long header", "length", "chunk", "second chunk", "two lengths"],
)
def test_what_is_not_http_is_refused_in_a_line(slack: Caller, raw: bytes) -> None:
    assert slack.sends(raw).split()[1] == b"400"


def test_a_client_that_leaves_in_the_middle_is_no_error(slack: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with slack.connection() as line:
        line.sendall(head(slack, "Content-Length: 100") + b"pay")
    AppHarness.until(lambda: any("why" in vars(record) for record in caplog.records), "it to be noticed")
    warned(caplog, "its body broke off")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("GET", "/slack/install", 404),
        ("POST", "/slack/events/", 404),
        ("POST", "/slack/../etc", 404),
    ],
)
def test_only_two_addresses_answer(slack: Caller, method: str, path: str, status: int) -> None:
    assert slack.asks(method, path).status_code == status


def test_health_is_told_in_a_word_and_nothing_else(slack: Caller) -> None:
    answer = slack.asks("GET", "/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Server"] == "pairec-access"


def test_a_signed_challenge_is_answered(slack: Caller) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "speak"})
    answer = slack.posts(body, {**JSON, **slack.signed(body)})
    assert (answer.status_code, answer.json()) == (200, {"challenge": "speak"})


def test_a_header_that_is_not_slacks_does_not_make_bolt_skip_anything(app: AppHarness, slack: Caller) -> None:
    before = recorded(app)
    body = command("help")
    answer = slack.posts(body, {**FORM, "X-Slack-Bolt-Lazy-Only": "1", **slack.signed(body)})
    assert (answer.status_code, answer.content) == (200, b"")
    app.carol.direct_message_with("/pairec-access request")
    app.until(lambda: recorded(app) == before, "the help to be delivered")
