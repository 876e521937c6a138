"""`/control/slack`: orders to misbehave, and changes that in Slack only an administrator or fate can make."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import Organisation, WorkspaceMember, new_person
from bot.sandbox.slack.site import SlackSite
from bot.sandbox.slack.sockets import REASONS
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import UserGroup

PATH = "/control/slack"
ORDERS = ("fault", "request_urls", "person", "channel", "add_person", "user_group", "scopes", "organisation")


def control_routes(slack: SlackSite) -> list[web.RouteDef]:
    """GET lists standing orders, POST gives one (400 with a sentence when it makes no sense), DELETE clears them."""

    async def give(request: web.Request) -> web.Response:
        try:
            order = await request.json()
            if not isinstance(order, dict):
                raise ValueError("an order is a JSON object")
            await _obey(slack, order)
        except (ValueError, TypeError) as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        return web.json_response({"ok": True})

    async def standing(_: web.Request) -> web.Response:
        return web.json_response({"orders": slack.faults.standing()})

    async def clear(_: web.Request) -> web.Response:
        slack.faults.clear()
        return web.json_response({"ok": True})

    return [web.get(PATH, standing), web.post(PATH, give), web.delete(PATH, clear)]


async def _obey(slack: SlackSite, order: Json) -> None:
    if order.get("fault") == "disconnect":
        await _disconnect(slack, order)
    elif "fault" in order:
        slack.faults.add(order)
    elif "request_urls" in order:
        await _use_urls(slack, order["request_urls"])
    elif "add_person" in order:
        _add_person(slack, order["add_person"])
    elif "person" in order:
        _person(slack, order["person"]).change(_object(order.get("set"), "set"))
    elif "channel" in order:
        _change_channel(slack, order)
    elif "user_group" in order:
        _change_user_group(slack, order)
    elif "scopes" in order:
        _install(slack, order["scopes"])
    elif "organisation" in order:
        slack.workspace.organisation = _organisation(order["organisation"])
    else:
        raise ValueError(f"an order needs one of: {', '.join(ORDERS)}")
    slack.workspace.changed()


async def _disconnect(slack: SlackSite, order: Json) -> None:
    """`{"fault": "disconnect", "reason": ...}` asks to reconnect; with `"drop": true` every connection is just cut."""
    reason = order.get("reason", "refresh_requested")
    if reason not in REASONS:
        raise ValueError(f"reason must be one of: {', '.join(REASONS)}")
    if order.get("drop"):
        slack.sockets.drop()
        slack.request_urls.drop()
    else:
        await slack.sockets.disconnect(reason)


async def _use_urls(slack: SlackSite, urls: Any) -> None:
    """`{"request_urls": [...]}`: from now on the app is called there, each time at one of them. None: Socket Mode.

    Like Slack, it takes an address only once that has answered a challenge.
    """
    if not isinstance(urls, list) or not all(isinstance(url, str) for url in urls):
        raise ValueError("request_urls must be a list of addresses")
    await slack.request_urls.accept(urls)
    if urls:
        await slack.sockets.disconnect("link_disabled")


def _add_person(slack: SlackSite, values: Any) -> None:
    """A person, with the channels that they join in `channels` (#general unless said otherwise)."""
    person = dict(_object(values, "add_person"))
    channels = [_channel(slack, channel) for channel in person.pop("channels", ["C0GENERAL"])]
    added = new_person(person)
    slack.workspace.add_person(added)
    for channel in channels:
        channel.members.append(added.id)


def _organisation(values: Any) -> Organisation | None:
    """`{"organisation": {"id": "E0WORKSHOP", "everywhere": false}}`: the workspace belongs to an organisation, in which
    the app is installed everywhere or not. None: to none.
    """
    if values is None:
        return None
    given = _object(values, "organisation")
    wanted = {"id": str, "name": str, "everywhere": bool}
    if "id" not in given or any(name not in wanted or not isinstance(given[name], wanted[name]) for name in given):
        raise ValueError("an organisation has an 'id', and may have a 'name' as text and 'everywhere' as true or false")
    return Organisation(**given)


def _change_channel(slack: SlackSite, order: Json) -> None:
    channel = _channel(slack, order["channel"])
    members = order.get("members")
    if members is not None:
        if not isinstance(members, list):
            raise ValueError("members must be a list of user ids")
        if channel.is_im or channel.is_mpim:
            raise ValueError("a direct conversation keeps its members")
        channel.members = [_person(slack, member).id for member in members]
    channel.change(_object(order.get("set", {}), "set"))


def _change_user_group(slack: SlackSite, order: Json) -> None:
    """`{"user_group": "S0ONCALL", "members": ["U0DAVE"], "disabled": false}`: it is made where there is none."""
    name, members, disabled = order["user_group"], order.get("members"), order.get("disabled", False)
    if not isinstance(name, str) or not re.fullmatch(r"S[A-Z0-9]{2,20}", name):
        raise ValueError("user_group must be an id such as S0ONCALL")
    if not isinstance(members, list) or not isinstance(disabled, bool):
        raise ValueError("members must be a list of user ids, and disabled true or false")
    slack.workspace.user_groups[name] = UserGroup([_person(slack, member).id for member in members], disabled)


def _install(slack: SlackSite, scopes: Any) -> None:
    """`{"scopes": ["commands", ...]}`: the app is installed anew, with these alone."""
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise ValueError("scopes must be a list of text")
    slack.workspace.app = replace(slack.workspace.app, bot_scopes=frozenset(scopes))


def _person(slack: SlackSite, user: Any) -> WorkspaceMember:
    person = slack.workspace.people.get(user) if isinstance(user, str) else None
    if person is None:
        raise ValueError(f"there is no person {user!r}")
    return person


def _channel(slack: SlackSite, channel_id: Any) -> Channel:
    channel = slack.workspace.channels.get(channel_id) if isinstance(channel_id, str) else None
    if channel is None:
        raise ValueError(f"there is no channel {channel_id!r}")
    return channel


def _object(value: Any, name: str) -> Json:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be an object")
    return value
