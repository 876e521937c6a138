"""Threads, members and deleted messages, as Slack has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import NotDone, SandboxClient, SandboxPerson, SeenMessage


def here(person: SandboxPerson, channel: str = "C0GENERAL") -> dict[str, Any]:
    """The channel in the list on the left."""
    found: dict[str, Any] = next(c for c in person.screen()["conversations"] if c["id"] == channel)
    return found


def read(person: SandboxPerson, **thread: str) -> None:
    person._do("read", channel="C0GENERAL", **thread)


def begun(client: WebClient, *people: SandboxPerson) -> str:
    """A message that these have read; its ts."""
    ts = str(client.chat_postMessage(channel="C0GENERAL", text="the board")["ts"])
    for person in people:
        read(person)
    return ts


def test_a_reply_in_a_thread_is_unread_for_nobody_who_is_not_in_it(client: WebClient, workshop: SandboxClient) -> None:
    carol = workshop.person("carol")
    ts = begun(client, carol)
    client.chat_postMessage(channel="C0GENERAL", text="a change", thread_ts=ts)
    assert (here(carol)["unread"], here(carol)["unread_threads"]) == (0, [])


def test_a_reply_that_goes_to_the_channel_as_well_is_unread_there(client: WebClient, workshop: SandboxClient) -> None:
    carol = workshop.person("carol")
    ts = begun(client, carol)
    client.chat_postMessage(channel="C0GENERAL", text="a change", thread_ts=ts, reply_broadcast=True)
    assert (here(carol)["unread"], here(carol)["unread_threads"]) == (1, [])
    read(carol)
    assert here(carol)["unread"] == 0


def test_whoever_began_a_thread_or_is_mentioned_in_it_follows_it(client: WebClient, workshop: SandboxClient) -> None:
    carol, dave, erin = (workshop.person(name) for name in ("carol", "dave", "erin"))
    carol.type("who knows why?")
    ts = carol.message_with("who knows why?").ts
    read(dave)
    client.chat_postMessage(channel="C0GENERAL", text="ask <@U0DAVE>", thread_ts=ts)
    assert [here(person)["unread_threads"] for person in (carol, dave, erin)] == [[ts], [ts], []]
    assert here(dave)["unread"] == 0
    read(carol, thread_ts=ts)
    assert here(carol)["unread_threads"] == []


def test_history_has_what_went_to_the_channel_and_no_other_replies(client: WebClient) -> None:
    ts = begun(client)
    quiet = client.chat_postMessage(channel="C0GENERAL", text="quiet", thread_ts=ts)
    loud = client.chat_postMessage(channel="C0GENERAL", text="loud", thread_ts=ts, reply_broadcast=True)
    assert "subtype" not in quiet["message"] and loud["message"]["subtype"] == "thread_broadcast"


def test_an_administrator_deletes_what_the_app_said_and_nobody_else_does(
    client: WebClient, workshop: SandboxClient
) -> None:
    ts = str(client.chat_postMessage(channel="C0GENERAL", text="to be deleted")["ts"])
    carol, bob = workshop.person("carol"), workshop.person("bob")
    with pytest.raises(NotDone, match="only administrators"):
        carol.delete_message(_seen(carol, ts))
    bob.delete_message(_seen(bob, ts))
    with pytest.raises(SlackApiError) as refused:
        client.chat_update(channel="C0GENERAL", ts=ts, text="again")
    assert refused.value.response["error"] == "message_not_found"
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C0GENERAL", thread_ts=ts, text="again")
    assert refused.value.response["error"] == "thread_not_found"


def test_an_app_is_removed_and_invited_as_slack_has_people_do_it(client: WebClient, workshop: SandboxClient) -> None:
    bob = workshop.person("bob")
    ts = str(client.chat_postMessage(channel="C0APPROVALS", text="a card")["ts"])
    bob.type("/remove @pairec-access", "C0APPROVALS")
    calls: tuple[Callable[[], object], ...] = (
        lambda: client.chat_postMessage(channel="C0APPROVALS", text="x"),
        lambda: client.chat_update(channel="C0APPROVALS", ts=ts, text="x"),
        lambda: client.conversations_members(channel="C0APPROVALS"),
    )
    for call in calls:
        with pytest.raises(SlackApiError) as refused:
            call()
        assert refused.value.response["error"] == "channel_not_found"
    bob.type("/invite @pairec-access", "C0APPROVALS")
    client.chat_update(channel="C0APPROVALS", ts=ts, text="an old card")
    assert bob.message_with("an old card").ts == ts


def test_members_come_in_pages(client: WebClient) -> None:
    first = client.conversations_members(channel="C0APPROVALS", limit=3)
    rest = client.conversations_members(
        channel="C0APPROVALS", limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    assert len(first["members"]) == 3 and not rest["response_metadata"]["next_cursor"]
    assert {*first["members"], *rest["members"]} == {"U0ALICE", "U0BOB", "U0JUDY", "U0PAIRECBOT"}


def _seen(person: SandboxPerson, ts: str) -> SeenMessage:
    return next(message for message in person.messages() if message.ts == ts)
