"""One signed request to the app, and what its answer says."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import NamedTuple
from urllib.parse import urlencode

from aiohttp import ClientConnectorError, ClientError, ClientSession, TCPConnector

from bot.sandbox.slack.wire import Json

FAILED, ERROR, TIMEOUT = "connection_failed", "http_error", "http_timeout"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


class DeliveryNotTaken(Exception):
    """`args[0]` is Slack's word for why: one of the three above."""


class Answer(NamedTuple):
    """What a 2xx response has: its content type and its body."""

    content: str
    text: str


async def post(url: str, body: str, headers: dict[str, str], secret: str) -> Answer:
    """Send it, signed with `secret`.

    Raises:
        ClientConnectorError: nobody listens there.
        DeliveryNotTaken: it is no good answer.
    """
    signed = {"User-Agent": AGENT, **headers, **_signature(body, secret)}
    # A connection of its own each time: in one that is kept, a request may meet a process that just went.
    async with ClientSession(connector=TCPConnector(force_close=True)) as session:
        try:
            async with session.post(url, data=body.encode(), headers=signed, allow_redirects=False) as answer:
                text = await answer.text("utf-8", "replace")
        except ClientConnectorError:
            raise
        except (ClientError, OSError):
            raise DeliveryNotTaken(FAILED) from None
    if not 200 <= answer.status < 300:
        raise DeliveryNotTaken(ERROR)
    return Answer(answer.content_type, text)


def encoded(kind: str, payload: Json) -> tuple[str, str]:
    """A payload's content type and body."""
    if kind == "events_api":
        return "application/json", json.dumps(payload)
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(fields)


def understood(kind: str, answer: Answer) -> Json:
    """What an acknowledgement says, as Socket Mode would carry it.

    Raises:
        DeliveryNotTaken: an interaction was answered with something else than a JSON object.
    """
    if kind == "events_api" or not answer.text:
        return {}
    if answer.content != "application/json" and kind == "slash_commands":
        return {"text": answer.text}
    try:
        said = json.loads(answer.text)
    except ValueError:
        raise DeliveryNotTaken(ERROR) from None
    if not isinstance(said, dict):
        raise DeliveryNotTaken(ERROR)
    return said


def is_answered(challenge: str, answer: Answer) -> bool:
    """Whether an answer repeats the challenge, as bare text or in JSON."""
    if answer.content != "application/json":
        return answer.text.strip() == challenge
    try:
        return bool(json.loads(answer.text)["challenge"] == challenge)
    except (ValueError, TypeError, LookupError):
        return False


def _signature(body: str, secret: str) -> dict[str, str]:
    now = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={digest}"}
