"""`response_url`: an answer to one interaction, five times within thirty minutes, without a token."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.call_log import CallLog
from bot.sandbox.slack.app_config import Timing
from bot.sandbox.slack.blocks import accepted_message_blocks
from bot.sandbox.slack.faults import ReplacedAnswer, SlackFaults, drop_answer, misbehave_before
from bot.sandbox.slack.wire import Json, SlackError
from bot.sandbox.slack.workspace import Workspace

MOST_USES = 5


@dataclass
class _Address:
    user: str
    channel: str
    source_ts: str | None
    born: float
    uses: int = 0


class Replies:
    """The addresses given out, and what is sent to them."""

    def __init__(self, workspace: Workspace, timing: Timing, faults: SlackFaults, calls: CallLog) -> None:
        self._workspace = workspace
        self._timing = timing
        self._faults = faults
        self._calls = calls
        self._addresses: dict[str, _Address] = {}
        self.base_url = ""

    def issue(self, user: str, channel: str, source_ts: str | None = None) -> str:
        """A fresh response_url. `source_ts` names the message that the interaction came from."""
        token = secrets.token_urlsafe(18)
        self._addresses[token] = _Address(user, channel, source_ts, time.monotonic())
        return f"{self.base_url}/respond/{token}"

    async def receive(self, request: web.Request) -> web.Response:
        """What Slack does at a response_url."""
        self._calls.add("response_url")
        try:
            body = json.loads(await request.text())
            if not isinstance(body, dict):
                raise ValueError("not an object")
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        try:
            known = self._addresses.get(request.match_info["token"])
            order = self._faults.for_reply(known.channel if known else None)
            if order is not None:
                await misbehave_before(order)
            address = self._use(request.match_info["token"])
            posted = self.answer(address.user, address.channel, body, address.source_ts)
            # A command has no message of its own; what may be replaced later is the first one that came of it.
            address.source_ts = address.source_ts or posted
        except ReplacedAnswer as instead:
            return instead.response()
        except SlackError as error:
            headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
            return web.json_response(error.body(), status=error.status if error.status != 200 else 400, headers=headers)
        if order is not None and order.fault in ("drop_answer", "cut_answer"):
            drop_answer(request)
        return web.Response(text="ok")

    def answer(self, user: str, channel_id: str, body: Json, source_ts: str | None = None) -> str | None:
        """Post, replace or delete as the body says; also serves what comes with an acknowledgement. The ts of a message
        that was posted.
        """
        channel = self._workspace.channels[channel_id]
        source = channel.find(source_ts, seen_by=user) if source_ts else None
        if body.get("delete_original"):
            if source is not None:
                self._workspace.remove(source)
            return None
        text, blocks = _content(body)
        if body.get("replace_original") and source is not None:
            self._workspace.rewrite(source, text, blocks)
            return None
        in_channel = body.get("response_type") == "in_channel"
        posted = self._workspace.post(
            channel,
            self._workspace.app.bot_user_id,
            text,
            blocks=blocks,
            ephemeral_to=None if in_channel else user,
            thread_ts=body.get("thread_ts"),
        )
        return posted.ts

    def _use(self, token: str) -> _Address:
        address = self._addresses.get(token)
        if address is None or time.monotonic() - address.born > self._timing.response_url_seconds:
            raise SlackError("expired_url", status=404)
        if address.uses >= MOST_USES:
            raise SlackError("used_url", status=404)
        address.uses += 1
        return address


def _content(body: Json) -> tuple[str, list[Json] | None]:
    text: Any = body.get("text") or ""
    blocks = body.get("blocks")
    if not isinstance(text, str) or not (text or blocks):
        raise SlackError("no_text")
    return text, accepted_message_blocks(blocks) if blocks else None
