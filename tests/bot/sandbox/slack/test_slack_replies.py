"""response_url, and what a command or a button sends and gets back."""

from __future__ import annotations

import time

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sandbox.client import SandboxClient
from tests.bot.sandbox.slack.block_kit import actions, button, section
from tests.bot.sandbox.slack.raw_app import RawApp


def clicked(workshop: SandboxClient, raw: RawApp, client: WebClient) -> str:
    """The response_url of a click on a fresh message."""
    client.chat_postMessage(channel="C0APPROVALS", text="card", blocks=[actions(button("Approve", "ok", value="R1"))])
    workshop.person("bob").click("Approve")
    return str(raw.payload("interactive")["response_url"])


def test_a_command_arrives_as_slack_sends_it(workshop: SandboxClient, raw: RawApp) -> None:
    workshop.person("carol").type("/pairec-access request <b> & @dave @nobody", channel="C0RANKING")
    sent = raw.payload("slash_commands")
    assert sent["text"] == "request &lt;b&gt; &amp; <@U0DAVE|dave> @nobody"
    assert (sent["command"], sent["user_id"], sent["user_name"]) == ("/pairec-access", "U0CAROL", "carol")
    assert (sent["channel_id"], sent["channel_name"], sent["team_id"]) == ("C0RANKING", "ranking", "T0PAIREC")
    assert sent["api_app_id"] == "A0PAIREC" and sent["response_url"].startswith("http://127.0.0.1:")


def test_an_unknown_command_is_not_sent(workshop: SandboxClient, raw: RawApp) -> None:
    carol = workshop.person("carol")
    assert not carol.type("/no-such-thing")["ok"]
    assert carol.notice() == "/no-such-thing is not a valid command."
    assert raw.envelopes.empty()


def test_an_acknowledgement_may_answer_the_command(workshop: SandboxClient, raw: RawApp) -> None:
    raw.answer = lambda _: {"text": "only you"}
    workshop.person("carol").type("/pairec-access help")
    assert workshop.person("carol").ephemeral_with("only you").channel == "C0GENERAL"
    raw.answer = lambda _: {"text": "all of you", "response_type": "in_channel"}
    workshop.person("carol").type("/pairec-access help")
    assert not workshop.person("erin").message_with("all of you").ephemeral


def test_a_response_url_serves_five_times(workshop: SandboxClient, raw: RawApp) -> None:
    workshop.person("carol").type("/pairec-access help")
    hook = WebhookClient(raw.payload("slash_commands")["response_url"])
    assert [hook.send(text=f"answer {n}").body for n in range(5)] == ["ok"] * 5
    sixth = hook.send(text="answer 6")
    assert sixth.status_code == 404 and "used_url" in sixth.body


def test_a_response_url_expires(workshop: SandboxClient, raw: RawApp) -> None:
    workshop.person("carol").type("/pairec-access help")
    hook = WebhookClient(raw.payload("slash_commands")["response_url"])
    time.sleep(1.05)
    late = hook.send(text="late")
    assert late.status_code == 404 and "expired_url" in late.body


def test_an_answer_is_for_the_one_who_clicked_unless_said_otherwise(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    hook = WebhookClient(clicked(workshop, raw, client))
    hook.send(text="for Bob")
    hook.send(text="for all", response_type="in_channel")
    assert workshop.person("bob").ephemeral_with("for Bob").channel == "C0APPROVALS"
    assert "for Bob" not in workshop.person("alice").screen_text()
    assert "for all" in workshop.person("alice").screen_text()


def test_an_answer_may_replace_or_delete_the_message_of_the_click(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    hook = WebhookClient(clicked(workshop, raw, client))
    hook.send(text="decided", replace_original=True)
    assert workshop.person("alice").message_with("decided").buttons == []
    hook.send(delete_original=True)
    assert "decided" not in workshop.person("alice").screen_text()


def test_an_ephemeral_message_is_changed_through_its_response_url(workshop: SandboxClient, raw: RawApp) -> None:
    carol = workshop.person("carol")
    raw.answer = lambda _: {"text": "menu", "blocks": [actions(button("Cancel", "cancel"))]}
    carol.type("/pairec-access status")
    raw.forget()
    carol.click("Cancel")
    sent = raw.payload("interactive")
    assert sent["container"]["is_ephemeral"] and "message" not in sent
    WebhookClient(sent["response_url"]).send(text="cancelled", replace_original=True)
    assert carol.ephemeral_with("cancelled").ts == sent["container"]["message_ts"]


def test_bad_blocks_are_refused_by_a_response_url_too(workshop: SandboxClient, raw: RawApp) -> None:
    workshop.person("carol").type("/pairec-access help")
    hook = WebhookClient(raw.payload("slash_commands")["response_url"])
    refused = hook.send(text="x", blocks=[{"type": "fancy"}])
    assert refused.status_code == 400 and "invalid_blocks" in refused.body


def test_a_click_carries_the_button_its_message_and_the_person(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    blocks = [section("Carol asks"), actions(button("Approve", "ok", value="R7", style="primary"))]
    posted = client.chat_postMessage(channel="C0APPROVALS", text="card", blocks=blocks)
    workshop.person("judy").click("Approve")
    sent = raw.payload("interactive")
    assert (sent["type"], sent["user"]["id"], sent["user"]["team_id"]) == ("block_actions", "U0JUDY", "T0PAIREC")
    assert (sent["actions"][0]["action_id"], sent["actions"][0]["value"]) == ("ok", "R7")
    assert sent["message"]["ts"] == sent["container"]["message_ts"] == posted["ts"]
    assert sent["channel"]["id"] == "C0APPROVALS"


def test_a_button_seen_before_an_update_can_still_be_pressed(
    workshop: SandboxClient, raw: RawApp, client: WebClient
) -> None:
    blocks = [actions(button("Approve", "ok", value="R8"))]
    posted = client.chat_postMessage(channel="C0APPROVALS", text="card", blocks=blocks)
    alice = workshop.person("alice")
    seen = alice.message_with("Approve")
    client.chat_update(channel="C0APPROVALS", ts=posted["ts"], text="done", blocks=[section("done")])
    assert alice.click("Approve", seen)["ok"]
    assert raw.payload("interactive")["actions"][0]["value"] == "R8"


def test_a_forged_click_reaches_the_app_as_it_was_made(workshop: SandboxClient, raw: RawApp) -> None:
    action = {"type": "button", "block_id": "b", "action_id": "ok", "value": "R-of-somebody-else"}
    workshop.person("carol").forge({"actions": [action], "user": {"id": "U0ALICE"}})
    sent = raw.payload("interactive")
    assert sent["actions"] == [action] and sent["user"] == {"id": "U0ALICE"}
    assert sent["type"] == "block_actions" and sent["trigger_id"] and sent["team"]["id"] == "T0PAIREC"


def test_a_confirmation_that_is_declined_sends_nothing(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    words = {"type": "plain_text", "text": "Sure?"}
    ask = {"title": words, "text": words, "confirm": words, "deny": words}
    client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[actions(button("Revoke", "revoke", confirm=ask))])
    workshop.person("carol").click("Revoke", confirm=False)
    assert raw.envelopes.empty()
    workshop.person("carol").click("Revoke")
    assert raw.payload("interactive")["actions"][0]["action_id"] == "revoke"


def test_a_choice_in_a_message_is_sent_as_its_option(workshop: SandboxClient, raw: RawApp, client: WebClient) -> None:
    options = [{"text": {"type": "plain_text", "text": f"{n} hours"}, "value": str(n)} for n in (1, 8)]
    hours = {"type": "static_select", "action_id": "hours", "options": options}
    client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[section("How long?", accessory=hours)])
    workshop.person("carol").choose("How long?", "8 hours")
    assert raw.payload("interactive")["actions"][0]["selected_option"]["value"] == "8"
