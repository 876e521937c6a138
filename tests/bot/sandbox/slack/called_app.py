"""An app that is called over HTTP by hand, so that tests see every request and decide on every answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

DEADLINE_SECONDS = 5.0


@dataclass(frozen=True)
class Call:
    """One request. `signature_holds` for this body, by the app's own secret."""

    headers: dict[str, str]
    body: str
    signature_holds: bool

    @property
    def fields(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body).items()}

    @property
    def payload(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.fields["payload"])
        return found


@dataclass(frozen=True)
class Answer:
    body: str = ""
    status: int = 200
    content: str = "text/plain"
    after: float = 0.0
    """Seconds."""


def in_json(**answer: Any) -> Answer:
    return Answer(json.dumps(answer), content="application/json")


@dataclass
class CalledApp:
    """Listens on a port of its own until it is closed. It answers challenges itself, unless `honest` is False."""

    secret: str
    answer: Callable[[Call], Answer] = lambda _: Answer()
    honest: bool = True
    calls: queue.Queue[Call] = field(default_factory=queue.Queue)
    challenges: queue.Queue[Call] = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                answer = app._called(Call(dict(self.headers), body, app._holds(self.headers, body)))
                time.sleep(answer.after)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content)
                self.send_header("Content-Length", str(len(answer.body.encode())))
                self.end_headers()
                self.wfile.write(answer.body.encode())

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Whoever called may have hung up by now."""

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def call(self) -> Call:
        """The next one that is no challenge."""
        return self.calls.get(timeout=DEADLINE_SECONDS)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _called(self, call: Call) -> Answer:
        if '"url_verification"' in call.body:
            self.challenges.put(call)
            return in_json(challenge=json.loads(call.body)["challenge"] if self.honest else "something else")
        self.calls.put(call)
        return self.answer(call)

    def _holds(self, headers: Any, body: str) -> bool:
        signed = f"v0:{headers['X-Slack-Request-Timestamp']}:{body}".encode()
        digest = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        recent = abs(time.time() - int(headers["X-Slack-Request-Timestamp"])) < DEADLINE_SECONDS
        return recent and headers["X-Slack-Signature"] == f"v0={digest}"
