"""Socket Mode: tickets, one envelope to one socket, acknowledgements, redelivery, reconnects."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import aiohttp
import pytest

from bot.sandbox.client import SandboxClient
from tests.bot.sandbox.slack.raw_app import DEADLINE_SECONDS, RawApp, api

pytestmark = pytest.mark.slow


@pytest.fixture
def pair(env: dict[str, str]) -> Iterator[tuple[RawApp, RawApp]]:
    apps = RawApp(env), RawApp(env)
    yield apps
    for app in apps:
        app.close()


def test_hello_says_whose_socket_it_is_and_how_many_there_are(pair: tuple[RawApp, RawApp]) -> None:
    first, second = pair
    assert first.hello["type"] == "hello" and first.hello["connection_info"] == {"app_id": "A0PAIREC"}
    assert second.hello["num_connections"] == 2


def test_a_ticket_opens_one_socket(pair: tuple[RawApp, RawApp]) -> None:
    async def again() -> int:
        async with aiohttp.ClientSession() as session:
            try:
                await session.ws_connect(pair[0].url)
            except aiohttp.WSServerHandshakeError as refused:
                return refused.status
        return 101

    assert asyncio.run(again()) == 403


def test_each_envelope_goes_to_exactly_one_of_two_sockets(workshop: SandboxClient, pair: tuple[RawApp, RawApp]) -> None:
    for _ in range(6):
        assert workshop.person("carol").type("/pairec-access help")["ok"]
    counts = [app.envelopes.qsize() for app in pair]
    assert sum(counts) == 6 and min(counts) > 0


def test_without_an_app_the_person_is_told_at_once(workshop: SandboxClient) -> None:
    carol = workshop.person("carol")
    assert carol.type("/pairec-access help") == {"ok": False, "error": "dispatch_failed"}
    assert carol.notice() == '/pairec-access failed with the error "dispatch_failed"'


def test_an_unacknowledged_command_times_out_and_is_not_sent_again(
    workshop: SandboxClient, pair: tuple[RawApp, RawApp]
) -> None:
    for app in pair:
        app.answer = lambda _: None
    carol = workshop.person("carol")
    assert carol.type("/pairec-access help")["error"] == "operation_timeout"
    assert "operation_timeout" in carol.notice()
    assert sum(app.envelopes.qsize() for app in pair) == 1


def test_an_unacknowledged_event_is_sent_three_times_more_and_says_so(
    workshop: SandboxClient, env: dict[str, str]
) -> None:
    app = RawApp(env, answer=lambda _: None)
    workshop.person("bob").open_home()
    sent = [app.envelope("events_api") for _ in range(4)]
    app.close()
    assert [one["retry_attempt"] for one in sent] == [0, 1, 2, 3]
    assert [one["retry_reason"] for one in sent] == ["", "timeout", "timeout", "timeout"]
    assert len({one["payload"]["event_id"] for one in sent}) == 1
    assert len({one["envelope_id"] for one in sent}) == 4


def test_an_event_that_nobody_heard_arrives_as_a_retry(workshop: SandboxClient, env: dict[str, str]) -> None:
    workshop.person("bob").open_home()
    app = RawApp(env)
    envelope = app.envelope("events_api")
    app.close()
    assert envelope["retry_attempt"] > 0


def test_a_lost_acknowledgement_looks_like_none(workshop: SandboxClient, pair: tuple[RawApp, RawApp]) -> None:
    workshop.inject_slack_fault({"fault": "lose_ack"})
    assert workshop.person("carol").type("/pairec-access help")["error"] == "operation_timeout"
    assert workshop.person("carol").type("/pairec-access help")["ok"]


def test_a_redelivered_interaction_arrives_twice_with_the_same_trigger(
    workshop: SandboxClient, pair: tuple[RawApp, RawApp]
) -> None:
    workshop.inject_slack_fault({"fault": "redeliver"})
    workshop.person("carol").shortcut("request_access")
    sent = [app.payload("interactive") for app in pair]
    assert sent[0] == sent[1] and sent[0]["callback_id"] == "request_access"


def test_a_redelivered_event_says_that_it_is_a_retry(workshop: SandboxClient, env: dict[str, str]) -> None:
    app = RawApp(env)
    workshop.inject_slack_fault({"fault": "redeliver"})
    workshop.person("bob").open_home()
    sent = [app.envelope("events_api") for _ in range(2)]
    app.close()
    assert [one["retry_attempt"] for one in sent] == [0, 1]


def test_after_a_refresh_new_envelopes_go_to_the_new_socket(workshop: SandboxClient, env: dict[str, str]) -> None:
    old = RawApp(env)
    workshop.inject_slack_fault({"fault": "disconnect"})
    assert old.notes.get(timeout=DEADLINE_SECONDS)["reason"] == "refresh_requested"
    new = RawApp(env)
    assert workshop.person("carol").type("/pairec-access help")["ok"]
    assert (old.envelopes.qsize(), new.envelopes.qsize()) == (0, 1)
    for app in (old, new):
        app.close()


def test_the_eleventh_socket_is_turned_away(env: dict[str, str]) -> None:
    apps = [RawApp(env) for _ in range(10)]
    eleventh = RawApp(env)
    for app in [*apps, eleventh]:
        app.close()
    assert eleventh.hello == {
        "type": "disconnect",
        "reason": "too_many_websockets",
        "debug_info": {"host": "sandbox"},
    }


def test_only_the_app_token_opens_sockets(env: dict[str, str]) -> None:
    assert api(env, "apps.connections.open").json()["error"] == "not_allowed_token_type"
    assert api(env, "chat.postMessage", env["SLACK_APP_TOKEN"]).json()["error"] == "not_allowed_token_type"
