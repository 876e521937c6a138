"""Request URLs: signed requests, an answer each within the deadline, retries that say why, several in turn."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.slack.page_client import NotDone
from tests.bot.sandbox.slack.called_app import Answer, CalledApp, in_json
from tests.bot.sandbox.slack.raw_app import DEADLINE_SECONDS, RawApp, api

pytestmark = pytest.mark.slow


@pytest.fixture
def workshop(workshop: SandboxClient) -> Iterator[SandboxClient]:
    yield workshop
    workshop.inject_slack_fault({"request_urls": []})


@pytest.fixture
def app(env: dict[str, str]) -> Iterator[CalledApp]:
    listening = CalledApp(env["SLACK_SIGNING_SECRET"])
    yield listening
    listening.close()


@pytest.fixture
def other(env: dict[str, str]) -> Iterator[CalledApp]:
    listening = CalledApp(env["SLACK_SIGNING_SECRET"])
    yield listening
    listening.close()


def called(workshop: SandboxClient, *apps: CalledApp) -> None:
    workshop.inject_slack_fault({"request_urls": [app.url for app in apps]})


def test_a_command_comes_as_a_signed_form(workshop: SandboxClient, app: CalledApp) -> None:
    called(workshop, app)
    assert workshop.person("carol").type("/pairec-access help & <more>")["ok"]
    call = app.call()
    assert call.signature_holds
    assert call.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert (call.fields["command"], call.fields["text"]) == ("/pairec-access", "help &amp; &lt;more&gt;")
    assert call.fields["user_id"] == "U0CAROL" and call.fields["trigger_id"] and call.fields["response_url"]


def test_an_interaction_comes_as_json_in_a_field_of_a_signed_form(workshop: SandboxClient, app: CalledApp) -> None:
    called(workshop, app)
    workshop.person("carol").shortcut("request_access")
    call = app.call()
    assert call.signature_holds and list(call.fields) == ["payload"]
    assert (call.payload["type"], call.payload["callback_id"]) == ("shortcut", "request_access")


def test_an_event_comes_as_signed_json(workshop: SandboxClient, app: CalledApp) -> None:
    called(workshop, app)
    workshop.person("bob").open_home()
    call = app.call()
    assert call.signature_holds and call.headers["Content-Type"] == "application/json"
    assert json.loads(call.body)["event"]["type"] == "app_home_opened"
    assert "X-Slack-Retry-Num" not in call.headers


@pytest.mark.parametrize("answer", [Answer("hello"), in_json(text="hello")], ids=["text", "JSON"])
def test_what_answers_a_command_is_shown_to_the_one_who_typed_it(
    workshop: SandboxClient, app: CalledApp, answer: Answer
) -> None:
    app.answer = lambda _: answer
    called(workshop, app)
    carol = workshop.person("carol")
    before = len(carol.messages("C0GENERAL"))
    carol.type("/pairec-access help")
    shown = carol.messages("C0GENERAL")[before:]
    assert [(message.text, message.ephemeral) for message in shown] == [("hello", True)]


def test_an_address_is_taken_only_once_it_answered_a_signed_challenge(workshop: SandboxClient, app: CalledApp) -> None:
    app.honest = False
    with pytest.raises(NotDone, match="does not answer the challenge"):
        called(workshop, app)
    assert app.challenges.get(timeout=DEADLINE_SECONDS).signature_holds
    assert workshop.person("carol").type("/pairec-access help")["error"] == "dispatch_failed"
    assert app.calls.empty()


@pytest.mark.parametrize("url", ["http://192.0.2.1/slack/events", "ftp://127.0.0.1/", "", 7])
def test_what_is_no_address_on_loopback_is_refused(workshop: SandboxClient, url: object) -> None:
    with pytest.raises(NotDone):
        workshop.inject_slack_fault({"request_urls": [url]})


def test_each_delivery_goes_to_one_of_two_addresses(workshop: SandboxClient, app: CalledApp, other: CalledApp) -> None:
    called(workshop, app, other)
    for _ in range(6):
        assert workshop.person("carol").type("/pairec-access help")["ok"]
    assert (app.calls.qsize(), other.calls.qsize()) == (3, 3)


def test_an_address_at_which_nobody_listens_is_passed_over(
    workshop: SandboxClient, app: CalledApp, other: CalledApp
) -> None:
    called(workshop, app, other)
    app.close()
    for _ in range(3):
        assert workshop.person("carol").type("/pairec-access help")["ok"]
    assert other.calls.qsize() == 3


def test_a_command_that_fails_at_one_address_is_not_sent_to_the_other(
    workshop: SandboxClient, app: CalledApp, other: CalledApp
) -> None:
    app.answer = other.answer = lambda _: Answer(status=500)
    called(workshop, app, other)
    carol = workshop.person("carol")
    assert carol.type("/pairec-access help") == {"ok": False, "error": "dispatch_failed"}
    assert app.calls.qsize() + other.calls.qsize() == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(after=1.5), "operation_timeout"),
        (Answer(status=404), "dispatch_failed"),
        (Answer("ok"), "dispatch_failed"),
    ],
    ids=["late", "not found", "no JSON"],
)
def test_an_interaction_without_a_proper_answer_in_time_fails(
    workshop: SandboxClient, app: CalledApp, answer: Answer, error: str
) -> None:
    app.answer = lambda _: answer
    called(workshop, app)
    assert workshop.person("carol").shortcut("request_access")["error"] == error


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(Answer(status=500), "http_error"), (Answer(after=1.0), "http_timeout")],
    ids=["an error", "too late"],
)
def test_an_event_that_was_not_taken_comes_three_times_more_and_says_why(
    workshop: SandboxClient, app: CalledApp, answer: Answer, reason: str
) -> None:
    app.answer = lambda _: answer
    called(workshop, app)
    workshop.person("bob").open_home()
    calls = [app.call() for _ in range(4)]
    assert [call.headers.get("X-Slack-Retry-Num") for call in calls] == [None, "1", "2", "3"]
    assert {call.headers.get("X-Slack-Retry-Reason") for call in calls[1:]} == {reason}
    assert len({json.loads(call.body)["event_id"] for call in calls}) == 1
    assert all(call.signature_holds for call in calls)


def test_a_redelivered_interaction_comes_to_both_addresses(
    workshop: SandboxClient, app: CalledApp, other: CalledApp
) -> None:
    called(workshop, app, other)
    workshop.inject_slack_fault({"fault": "redeliver"})
    workshop.person("carol").shortcut("request_access")
    assert app.call().payload == other.call().payload


def test_a_redelivered_event_says_that_it_is_a_retry(workshop: SandboxClient, app: CalledApp) -> None:
    called(workshop, app)
    workshop.inject_slack_fault({"fault": "redeliver"})
    workshop.person("bob").open_home()
    assert [app.call().headers.get("X-Slack-Retry-Num") for _ in range(2)] == [None, "1"]


def test_a_lost_acknowledgement_looks_like_none(workshop: SandboxClient, app: CalledApp) -> None:
    called(workshop, app)
    workshop.inject_slack_fault({"fault": "lose_ack"})
    assert workshop.person("carol").type("/pairec-access help")["error"] == "operation_timeout"
    assert app.calls.qsize() == 1


def test_a_delivery_whose_connection_is_cut_fails_at_once(workshop: SandboxClient, app: CalledApp) -> None:
    def cut(_: object) -> Answer:
        workshop.inject_slack_fault({"fault": "disconnect", "drop": True})
        return Answer()

    app.answer = cut
    called(workshop, app)
    assert workshop.person("carol").type("/pairec-access help")["error"] == "dispatch_failed"


def test_an_app_that_is_called_has_no_sockets_any_more(
    workshop: SandboxClient, env: dict[str, str], app: CalledApp
) -> None:
    socket = RawApp(env)
    called(workshop, app)
    assert socket.notes.get(timeout=DEADLINE_SECONDS)["reason"] == "link_disabled"
    assert api(env, "apps.connections.open", env["SLACK_APP_TOKEN"]).json()["ok"] is False
    workshop.inject_slack_fault({"request_urls": []})
    assert api(env, "apps.connections.open", env["SLACK_APP_TOKEN"]).json()["ok"] is True
    socket.close()
