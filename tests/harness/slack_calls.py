"""Requests to a bot in HTTP mode: signed as Slack signs them, or however somebody else would like to."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

PATH = "/slack/events"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
ANSWERS_WITHIN = 10.0


def command(text: str, user: str = "U0CAROL") -> str:
    """The body of a slash command as Slack sends it, from somebody's keyboard."""
    fields = {"command": "/pairec-access", "text": text, "user_id": user, "team_id": "T0WORKSHOP"}
    return urlencode({**fields, "channel_id": "C0GENERAL", "trigger_id": f"1.{time.monotonic_ns()}"})


def interaction(payload: dict[str, Any]) -> str:
    return urlencode({"payload": json.dumps(payload)})


@dataclass(frozen=True)
class Caller:
    """Somebody who can reach the bot's port; `secret` is what they sign with."""

    address: str
    secret: str

    def signed(self, body: str | bytes, age: float = 0) -> dict[str, str]:
        now = str(int(time.time() - age))
        whole = f"v0:{now}:".encode() + (body if isinstance(body, bytes) else body.encode())
        digest = hmac.new(self.secret.encode(), whole, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={digest}"}

    def posts(self, body: str | bytes, headers: Mapping[str, str | bytes], path: str = PATH) -> requests.Response:
        return self.asks("POST", path, data=body if isinstance(body, bytes) else body.encode(), headers=headers)

    def asks(self, method: str, path: str, **more: Any) -> requests.Response:
        return requests.request(method, f"http://{self.address}{path}", timeout=ANSWERS_WITHIN, **more)

    def connection(self) -> socket.socket:
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=ANSWERS_WITHIN)

    def sends(self, raw: bytes) -> bytes:
        """What is answered to these bytes, in the first part that comes."""
        with self.connection() as line:
            line.sendall(raw)
            return line.recv(65_536)
