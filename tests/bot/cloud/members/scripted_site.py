"""A site that answers an action with what a test says, for answers that the sandbox does not give."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.cloud import members
from bot.cloud.members import MemberProduct, ProductConnection
from tests.bot.cloud.members.member_products import credentials

REQUEST_ID = "4C467B38-3910-447D-87BC-AC049166F216"
Answer = Callable[[Mapping[str, str]], Any]
"""From the parameters in the query or the form to the JSON of a 200, or to a status and the JSON."""


@contextmanager
def answering(
    product: str, answers: Mapping[str, Answer], users: Mapping[str, str] | None = None
) -> Iterator[MemberProduct]:
    """A product whose every answer is scripted, by action. `users`: RAM's UserIds by name."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body in one piece, or each answer waits 40 ms for the other side's acknowledgement.
        wbufsize = -1

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = "" if body.startswith("{") else body
            params = dict(parse_qsl(urlsplit(self.path).query) + parse_qsl(form))
            said = answers[self.headers["x-acs-action"]](params)
            status, said = said if isinstance(said, tuple) else (200, said)
            # Every answer of Alibaba Cloud carries one.
            text = json.dumps({"RequestId": REQUEST_ID, **said} if isinstance(said, dict) else said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    options = {"account": "1000000000000001"}
    endpoint = f"http://127.0.0.1:{server.server_port}"
    try:
        yield members.connect(
            product,
            ProductConnection(credentials(), "cn-hangzhou", endpoint, options=options, users=lambda: dict(users or {})),
        )
    finally:
        server.shutdown()
        server.server_close()
