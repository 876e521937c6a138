"""The Web API through the real SDK: tokens, scopes, limits, conversations, people, messages."""

from __future__ import annotations

import dataclasses
from http.client import IncompleteRead

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.sandbox.client import NotDone, SandboxClient
from bot.sandbox.seed import default_app_config
from bot.sandbox.server import Sandbox
from bot.sandbox.slack.scopes import SCOPES
from tests.bot.sandbox.slack.block_kit import actions, button, section
from tests.bot.sandbox.slack.raw_app import api


def refusal(client: WebClient, method: str, **args: object) -> str:
    with pytest.raises(SlackApiError) as refused:
        client.api_call(method, json=args)
    return str(refused.value.response["error"])


def test_auth_test_says_who_the_bot_is(client: WebClient) -> None:
    found = client.auth_test()
    assert (found["user_id"], found["bot_id"], found["team_id"]) == ("U0PAIRECBOT", "B0PAIREC", "T0PAIREC")
    assert "chat:write" in found.headers["x-oauth-scopes"]


def test_a_wrong_token_is_refused(env: dict[str, str]) -> None:
    assert api(env, "auth.test", "xoxb-wrong").json() == {"ok": False, "error": "invalid_auth"}


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    assert refusal(client, "chat.shout") == "unknown_method"


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [
        ("conversations.open", {"users": "U0DAVE"}, "im:write"),
        ("conversations.open", {"users": "U0DAVE,U0ERIN"}, "mpim:write"),
        ("conversations.history", {"channel": "C0APPROVALS"}, "groups:history"),
        ("conversations.list", {"types": "im"}, "im:read"),
    ],
)
def test_a_method_without_its_scope_says_what_it_needs(
    client: WebClient, method: str, args: dict[str, str], needed: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.api_call(method, json=args)
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
    assert "users:read.email" in answer["provided"]


@pytest.mark.parametrize(
    ("method", "needed"),
    [
        ("reactions.add", "reactions:write"),
        ("pins.add", "pins:write"),
        ("usergroups.list", "usergroups:read"),
        ("conversations.kick", "channels:manage,groups:write"),
        ("conversations.setTopic", "channels:manage,channels:write.topic,groups:write,groups:write.topic,im:write"),
    ],
)
def test_a_method_that_slack_has_and_the_token_may_not_use_is_not_unknown(
    client: WebClient, method: str, needed: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.api_call(method, json={"channel": "C0GENERAL"})
    answer = refused.value.response
    assert answer["error"] == "missing_scope" and answer["needed"].startswith(needed)
    assert answer["provided"].split(",") == sorted(default_app_config().bot_scopes)


def test_a_method_for_people_alone_is_not_for_a_bots_token(client: WebClient) -> None:
    assert refusal(client, "search.messages", query="x") == "not_allowed_token_type"


def test_who_asks_is_looked_at_before_what_they_may_do(env: dict[str, str]) -> None:
    assert api(env, "reactions.add", "xoxb-wrong").json()["error"] == "invalid_auth"


def test_every_method_of_the_sdk_for_bots_is_known_by_its_scope_or_served() -> None:
    """By the SDK's own list: what it calls `reactions_add` is `reactions.add`."""
    known = {name.replace(".", "_").lower() for name in SCOPES}
    for method in ("reactions_add", "pins_list", "files_info", "usergroups_list", "users_profile_get"):
        assert hasattr(WebClient, method) and method in known


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0RANKING", "text": "x"}, "not_in_channel"),
        ({"channel": "C0GENERAL"}, "no_text"),
        ({"channel": "C0GENERAL", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0GENERAL", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ({"channel": "U0PAIRECBOT", "text": "x"}, "cannot_dm_bot"),
        ({"channel": "C0GENERAL", "text": "x", "blocks": [{"type": "fancy"}]}, "invalid_blocks"),
    ],
)
def test_a_post_that_slack_would_refuse_is_refused(client: WebClient, args: dict[str, object], error: str) -> None:
    assert refusal(client, "chat.postMessage", **args) == error


def test_an_archived_channel_takes_no_posts(client: WebClient, workshop: SandboxClient) -> None:
    workshop.inject_slack_fault({"channel": "C0GENERAL", "set": {"is_archived": True}})
    assert refusal(client, "chat.postMessage", channel="C0GENERAL", text="x") == "is_archived"
    assert refusal(client, "chat.update", channel="C0GENERAL", ts="1.2", text="x") == "is_inactive"
    workshop.inject_slack_fault({"channel": "C0GENERAL", "set": {"is_archived": False}})


def test_a_post_to_a_person_is_their_direct_message(client: WebClient, workshop: SandboxClient) -> None:
    posted = client.chat_postMessage(channel="U0DAVE", text="Just for you")
    assert posted["channel"].startswith("D")
    assert workshop.person("dave").direct_message_with("Just for you").ts == posted["ts"]
    assert workshop.person("erin").messages(posted["channel"]) == []


def test_a_message_can_be_updated_and_deleted_by_its_author_only(client: WebClient, workshop: SandboxClient) -> None:
    posted = client.chat_postMessage(channel="C0GENERAL", text="draft", blocks=[section("draft")])
    client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="final", blocks=[section("final")])
    bob = workshop.person("bob")
    assert bob.message_with("final").body["edited"]
    client.chat_delete(channel="C0GENERAL", ts=posted["ts"])
    assert [message for message in bob.messages() if message.ts == posted["ts"]] == []
    bob.type("mine")
    theirs = bob.message_with("mine").ts
    assert refusal(client, "chat.update", channel="C0GENERAL", ts=theirs, text="no") == "cant_update_message"
    assert refusal(client, "chat.delete", channel="C0GENERAL", ts="1.000001") == "message_not_found"


def test_an_ephemeral_message_is_seen_by_its_one_user(client: WebClient, workshop: SandboxClient) -> None:
    client.chat_postEphemeral(channel="C0GENERAL", user="U0CAROL", text="between us")
    assert workshop.person("carol").ephemeral_with("between us").channel == "C0GENERAL"
    assert "between us" not in workshop.person("dave").screen_text()
    args = {"channel": "C0APPROVALS", "user": "U0CAROL", "text": "x"}
    assert refusal(client, "chat.postEphemeral", **args) == "user_not_in_channel"


def test_an_ephemeral_message_is_out_of_reach_for_everybody_else(client: WebClient, workshop: SandboxClient) -> None:
    blocks = [actions(button("Cancel", "cancel"))]
    posted = client.chat_postEphemeral(channel="C0GENERAL", user="U0CAROL", text="menu", blocks=blocks)
    seen = workshop.person("carol").ephemeral_with("Cancel")
    with pytest.raises(NotDone, match="does not see it"):
        workshop.person("dave").click("Cancel", seen)
    assert refusal(client, "chat.update", channel="C0GENERAL", ts=posted["message_ts"], text="x") == "message_not_found"


def test_metadata_is_kept(client: WebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"request": "R1"}}
    posted = client.chat_postMessage(channel="C0GENERAL", text="x", metadata=metadata)
    assert posted["message"]["metadata"] == metadata


def test_a_guest_and_an_unconfirmed_stranger_look_like_it(client: WebClient, workshop: SandboxClient) -> None:
    assert client.users_info(user="U0GRACE")["user"]["is_restricted"]
    stranger = {"id": "U0MALLORY", "name": "mallory", "real_name": "Mallory", "team_id": "T0OTHER"}
    workshop.inject_slack_fault(
        {"add_person": {**stranger, "is_stranger": True, "is_email_confirmed": False, "email": "alice@example.com"}}
    )
    found = client.users_info(user="U0MALLORY", include_locale=True)["user"]
    assert (found["is_stranger"], found["is_email_confirmed"], found["team_id"]) == (True, False, "T0OTHER")
    assert (found["locale"], found["profile"]["email"]) == ("en-US", "alice@example.com")


def test_an_order_about_a_person_takes_effect_at_once(client: WebClient, workshop: SandboxClient) -> None:
    workshop.inject_slack_fault({"person": "U0FRANK", "set": {"deleted": True, "email": "f@example.org"}})
    found = client.users_info(user="U0FRANK")["user"]
    assert (found["deleted"], found["profile"]["email"], "locale" in found) == (True, "f@example.org", False)
    assert refusal(client, "users.lookupByEmail", email="f@example.org") == "users_not_found"
    assert refusal(client, "chat.postMessage", channel="U0FRANK", text="x") == "user_disabled"


def test_without_its_scope_no_address_is_shown() -> None:
    config = dataclasses.replace(default_app_config(), bot_scopes=frozenset({"users:read"}))
    with Sandbox(config) as sandbox:
        shy = WebClient(token=sandbox.env()["SLACK_BOT_TOKEN"], base_url=sandbox.env()["PAIREC_SLACK_API_URL"])
        assert "email" not in shy.users_info(user="U0BOB")["user"]["profile"]
        assert refusal(shy, "users.lookupByEmail", email="bob@example.com") == "missing_scope"


def test_conversation_flags_follow_the_orders(client: WebClient, workshop: SandboxClient) -> None:
    workshop.inject_slack_fault(
        {"channel": "C0APPROVALS", "set": {"is_ext_shared": True}, "members": ["U0BOB", "U0PAIRECBOT"]}
    )
    found = client.conversations_info(channel="C0APPROVALS")["channel"]
    assert found["is_private"] and found["is_ext_shared"] and found["is_shared"] and found["is_member"]
    assert client.conversations_members(channel="C0APPROVALS")["members"] == ["U0BOB", "U0PAIRECBOT"]
    assert not client.conversations_info(channel="C0RANKING")["channel"]["is_member"]


def test_a_private_channel_without_the_bot_is_not_found(client: WebClient, workshop: SandboxClient) -> None:
    workshop.inject_slack_fault({"channel": "C0RANKING", "set": {"is_private": True}})
    assert refusal(client, "conversations.info", channel="C0RANKING") == "channel_not_found"


def test_a_form_body_is_read_like_json(env: dict[str, str], client: WebClient) -> None:
    blocks = '[{"type": "section", "text": {"type": "mrkdwn", "text": "from a form"}}]'
    posted = client.api_call("chat.postMessage", data={"channel": "C0GENERAL", "text": "x", "blocks": blocks})
    assert posted["message"]["blocks"][0]["text"]["text"] == "from a form"


def test_the_limit_on_posts_is_kept_for_each_channel_with_a_small_burst() -> None:
    with Sandbox() as sandbox:
        env = sandbox.env()
        answers = [api(env, "chat.postMessage", channel="C0GENERAL", text=str(n)) for n in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert answers[3].headers["Retry-After"] == "1" and answers[3].json()["error"] == "ratelimited"
        assert api(env, "chat.postMessage", channel="C0APPROVALS", text="elsewhere").status_code == 200
        patient = WebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["PAIREC_SLACK_API_URL"])
        patient.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
        assert patient.chat_postMessage(channel="C0GENERAL", text="later")["ok"]


def test_an_order_makes_one_method_fail_as_often_as_it_says(client: WebClient, workshop: SandboxClient) -> None:
    workshop.inject_slack_fault(
        {"method": "chat.postMessage", "fault": "error", "error": "restricted_action", "times": 2}
    )
    for _ in range(2):
        assert refusal(client, "chat.postMessage", channel="C0GENERAL", text="x") == "restricted_action"
    assert client.chat_postMessage(channel="C0GENERAL", text="x")["ok"]


@pytest.mark.parametrize(("fault", "status"), [("ratelimited", 429), ("http_500", 500)])
def test_an_order_answers_with_a_bad_status(
    env: dict[str, str], workshop: SandboxClient, fault: str, status: int
) -> None:
    workshop.inject_slack_fault({"method": "*", "fault": fault, "channel": "C0GENERAL"})
    assert api(env, "chat.postMessage", channel="C0APPROVALS", text="x").status_code == 200
    assert api(env, "chat.postMessage", channel="C0GENERAL", text="x").status_code == status
    assert api(env, "chat.postMessage", channel="C0GENERAL", text="x").status_code == 200


@pytest.mark.parametrize(
    ("order", "status", "kind", "body"),
    [
        ({"fault": "html"}, 403, "text/html", "<!DOCTYPE html>"),
        ({"fault": "html", "status": 502}, 502, "text/html", "<!DOCTYPE html>"),
        ({"fault": "answer"}, 200, "application/json", ""),
        ({"fault": "answer", "body": "{}"}, 200, "application/json", "{}"),
        ({"fault": "answer", "body": '{"ok": true}', "status": 202}, 202, "application/json", '{"ok": true}'),
    ],
)
def test_an_order_has_somebody_else_answer_and_nothing_is_done(
    env: dict[str, str], workshop: SandboxClient, order: dict[str, object], status: int, kind: str, body: str
) -> None:
    workshop.inject_slack_fault({**order, "method": "chat.postMessage", "channel": "C0GENERAL"})
    answer = api(env, "chat.postMessage", channel="C0GENERAL", text="was it posted at all?")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (status, kind)
    assert answer.text.startswith(body) and (body or not answer.text)
    assert "was it posted at all?" not in workshop.person("erin").screen_text()
    assert api(env, "chat.postMessage", channel="C0GENERAL", text="again").json()["ok"]


def test_a_dropped_answer_leaves_the_message_posted(env: dict[str, str], workshop: SandboxClient) -> None:
    workshop.inject_slack_fault({"method": "chat.postMessage", "fault": "drop_answer"})
    with pytest.raises(OSError, match=r"(?i)connection|remote"):
        api(env, "chat.postMessage", channel="C0GENERAL", text="was it posted?")
    assert workshop.person("erin").message_with("was it posted?").channel == "C0GENERAL"


def test_an_answer_that_is_cut_leaves_the_message_posted(env: dict[str, str], workshop: SandboxClient) -> None:
    workshop.inject_slack_fault({"method": "chat.postMessage", "fault": "cut_answer"})
    with pytest.raises(IncompleteRead):
        WebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["PAIREC_SLACK_API_URL"]).chat_postMessage(
            channel="C0GENERAL", text="was it posted?"
        )
    assert workshop.person("erin").message_with("was it posted?").channel == "C0GENERAL"


def test_a_senseless_order_is_refused_with_a_sentence(workshop: SandboxClient) -> None:
    for order in ({"fault": "sulk"}, {"person": "U0NOBODY", "set": {}}, {"person": "U0BOB", "set": {"deleted": "yes"}}):
        with pytest.raises(AssertionError, match=r"fault must be|no person|must be of type"):
            workshop.inject_slack_fault(order)


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("hello <!channel>", ["channel"]),
        ("ask <@U0BOB>", ["U0BOB"]),
        ("mail me @here", ["here"]),
        ("&lt;!channel&gt; and me@here.example", []),
    ],
)
def test_a_message_records_whom_it_mentions(
    client: WebClient, workshop: SandboxClient, text: str, mentioned: list[str]
) -> None:
    posted = client.chat_postMessage(channel="C0GENERAL", text="card", blocks=[section(text)])
    messages = {message.ts: message for message in workshop.person("erin").messages("C0GENERAL")}
    assert messages[posted["ts"]].mentions == mentioned


def test_plain_text_and_buttons_mention_nobody(client: WebClient, workshop: SandboxClient) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "<!channel> <@U0BOB>"}}
    posted = client.chat_postMessage(channel="C0GENERAL", text="card", blocks=[header, actions(button("@here", "a"))])
    messages = {message.ts: message for message in workshop.person("erin").messages("C0GENERAL")}
    assert messages[posted["ts"]].mentions == []
    assert messages[posted["ts"]].plain == "<!channel> <@U0BOB>\n[@here]"
