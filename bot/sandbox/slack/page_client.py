"""A minimal client of the page site's JSON addresses, safe to use from several threads."""

from __future__ import annotations

import json
import threading
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30.0


class NotDone(AssertionError):
    """A person could not do or did not see something; an assertion error, as mostly a test expected it."""


class PageClient:
    """Talks to loopback only, past any proxy that the environment names. Each thread keeps its connection: people look
    at their screens many times a second.
    """

    def __init__(self, page_url: str) -> None:
        url = urlsplit(page_url.rstrip("/") + "/")
        self._host, self._port, self._base = url.hostname or "", url.port, url.path
        self._local = threading.local()

    def get(self, path: str) -> dict[str, Any]:
        """What an address answers; NotDone where it refuses."""
        return self._send("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a JSON object, and return what is answered; NotDone where it is refused."""
        return self._send("POST", path, body)

    def delete(self, path: str) -> dict[str, Any]:
        """What an address answers to DELETE; NotDone where it refuses."""
        return self._send("DELETE", path, None)

    def user_id(self, name: str) -> str:
        """The id of somebody by name; whatever is no name is taken for an id."""
        people = self.get("people")["people"]
        return next((str(known["id"]) for known in people if known["name"] == name.removeprefix("@")), name)

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        status, answer = self._exchange(method, self._base + path, data, headers)
        if status >= 400:
            raise NotDone(f"{method} /{path} was refused: {answer.decode()}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def _exchange(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is not None and connection.sock is not None and _is_closed(connection):
            connection.close()
        if connection is None:
            connection = self._local.connection = HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            connection.close()
            raise


def _is_closed(connection: HTTPConnection) -> bool:
    """Whether the site ended it while nobody asked anything."""
    connection.sock.setblocking(False)
    try:
        return connection.sock.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        connection.sock.settimeout(TIMEOUT_SECONDS)
