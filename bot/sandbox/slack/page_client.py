"""A minimal client of the page site's JSON addresses, safe to use from several threads."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

TIMEOUT_SECONDS = 30.0


class NotDone(AssertionError):
    """A person could not do or did not see something; an assertion error, as mostly a test expected it."""


class PageClient:
    """Talks to loopback only, past any proxy that the environment names."""

    def __init__(self, page_url: str) -> None:
        self._base = page_url.rstrip("/") + "/"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, path: str) -> dict[str, Any]:
        return self._send("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._send("POST", path, body)

    def delete(self, path: str) -> dict[str, Any]:
        return self._send("DELETE", path, None)

    def user_id(self, name: str) -> str:
        """The id of somebody by name; whatever is no name is taken for an id."""
        people = self.get("people")["people"]
        return next((str(known["id"]) for known in people if known["name"] == name.removeprefix("@")), name)

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        request = urllib.request.Request(self._base + path, data, headers, method=method)
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            with error:
                raise NotDone(f"{method} /{path} was refused: {error.read().decode()}") from None
