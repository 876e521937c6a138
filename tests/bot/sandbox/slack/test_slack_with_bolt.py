"""The whole way with the app framework that the bot uses: Bolt's App and its Socket Mode handler, unchanged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.client import NotDone, SandboxClient
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.slack.block_kit import actions, button, field, modal, option, section

pytestmark = pytest.mark.slow


def build(client: WebClient, secret: str) -> App:
    """A small request-and-approve app."""
    app = App(client=client, signing_secret=secret)

    @app.command("/pairec-access")
    def ask(ack: Callable[..., None], body: dict[str, Any]) -> None:
        ack()
        policy = {"type": "external_select", "action_id": "pick", "min_query_length": 0}
        view = modal("Ask", field("Reason", "reason"), field("Policy", "policy", policy), callback_id="ask")
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.options("pick")
    def offer(ack: Callable[..., None], payload: dict[str, Any]) -> None:
        known = [option("Monitor", "m"), option("Engine", "e")]
        ack(options=[one for one in known if payload["value"].lower() in one["text"]["text"].lower()])

    @app.view("ask")
    def take(ack: Callable[..., None], view: dict[str, Any], body: dict[str, Any]) -> None:
        reason = view["state"]["values"]["reason"]["value"]["value"]
        if len(reason) < 5:
            ack(response_action="errors", errors={"reason": "Say more"})
            return
        ack()
        blocks = [section(f"<@{body['user']['id']}> asks: {reason}"), actions(button("Approve", "approve", value="R1"))]
        client.chat_postMessage(channel="C0APPROVALS", text="A request", blocks=blocks)

    @app.action("approve")
    def approve(ack: Callable[..., None], body: dict[str, Any], respond: Callable[..., None]) -> None:
        ack()
        text = f"Approved by <@{body['user']['id']}>"
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=text, blocks=[section(text)])
        respond("Thank you.")

    @app.event("app_home_opened")
    def home(event: dict[str, Any]) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Your access")]})

    @app.shortcut("request_access")
    def shortcut(ack: Callable[..., None], body: dict[str, Any]) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal("Shortcut"))

    return app


@pytest.fixture(scope="module")
def bolt(sandbox: Sandbox, env: dict[str, str], client: WebClient) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(build(client, env["SLACK_SIGNING_SECRET"]), env["SLACK_APP_TOKEN"], ping_interval=0.3)
    handler.connect()
    yield handler
    handler.client.auto_reconnect_enabled = False
    # The handler waits up to three seconds for its next frame unless its socket is cut first.
    sandbox.call(sandbox.slack.sockets.drop)
    handler.close()


@pytest.mark.usefixtures("bolt")
def test_from_command_to_decision(workshop: SandboxClient) -> None:
    carol, bob = workshop.person("carol"), workshop.person("bob")
    assert carol.type("/pairec-access request")["ok"]
    assert carol.suggestions("Policy", "eng") == ["Engine"]
    assert carol.submit({"Reason": "x", "Policy": "Engine"}) == {"reason": "Say more"}
    assert "! Say more" in carol.modal().plain
    assert carol.submit({"Reason": "on call tonight"}) == {}
    carol.no_modal()
    card = bob.message_with("on call tonight")
    assert card.buttons == ["Approve"] and card.mentions == ["U0CAROL"]
    assert bob.click("Approve", card)["ok"]
    assert workshop.person("alice").message_with("Approved by <@U0BOB>").buttons == []
    assert bob.ephemeral_with("Thank you.").channel == "C0APPROVALS"


@pytest.mark.usefixtures("bolt")
def test_shortcut_and_home_tab(workshop: SandboxClient) -> None:
    dave = workshop.person("dave")
    dave.shortcut("request_access")
    assert dave.modal("Shortcut").title == "Shortcut"
    dave.open_home()
    assert dave.home("Your access").title == "Home"


@pytest.mark.usefixtures("bolt")
def test_a_command_that_no_listener_takes_fails_before_the_person(workshop: SandboxClient) -> None:
    assert workshop.person("dave").type("/pairec-status")["error"] == "operation_timeout"
    assert "/pairec-status failed" in workshop.person("dave").notice()


@pytest.mark.parametrize("order", [{"reason": "refresh_requested"}, {"reason": "warning"}, {"drop": True}])
def test_bolt_comes_back_after_a_disconnect(
    workshop: SandboxClient, bolt: SocketModeHandler, order: dict[str, Any]
) -> None:
    before = bolt.client.session_id()
    workshop.inject_slack_fault({"fault": "disconnect", **order})
    _until(lambda: bolt.client.session_id() != before and bolt.client.is_connected())
    erin = workshop.person("erin")
    assert erin.type("/pairec-access request")["ok"]
    assert erin.modal("Ask").title == "Ask"


@pytest.mark.usefixtures("bolt")
def test_an_error_shows_the_screen_of_the_person(workshop: SandboxClient) -> None:
    workshop.person("grace").type("is anybody here?")
    with pytest.raises(NotDone, match=r"(?s)grace did not see .*is anybody here\?"):
        workshop.person("grace").message_with("an answer", timeout=0.1)


@pytest.mark.usefixtures("bolt")
def test_two_approvers_may_click_at_the_same_moment(workshop: SandboxClient) -> None:
    carol = workshop.person("carol")
    carol.type("/pairec-access request")
    carol.submit({"Reason": "race for it", "Policy": "Monitor"})
    people = [workshop.person(name) for name in ("alice", "bob", "judy")]
    cards = [person.message_with("race for it") for person in people]
    results: list[bool] = []
    clicks = [
        threading.Thread(target=lambda p=person, c=card: results.append(p.click("Approve", c)["ok"]))
        for person, card in zip(people, cards, strict=True)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join(10)
    assert results == [True, True, True]


def _until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    waited = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        waited.wait(0.02)
    raise AssertionError("it did not happen in time")
