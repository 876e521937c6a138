"""A webhook on this machine, and what it received."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

SECRET = "the-walrus-and-the-carpenter"


class Receiver:
    """Takes whatever is posted, or not: `status` is what it answers, once it may."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: of a server, where it is reached through that."""
        self.lines: list[str] = []
        """The bodies, in order; those that were not taken are not here."""
        self.refused: list[str] = []
        self.signatures: list[str] = []
        self.status = 200
        self.may_answer = threading.Event()
        self.may_answer.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                taken = 200 <= outer.status < 300
                outer.signatures.append(self.headers["X-Pairec-Signature"])
                (outer.lines if taken else outer.refused).append(body)
                outer.may_answer.wait()
                self.send_response(outer.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}/hook/jabberwocky"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def entries(self) -> list[int]:
        """Where it is told of the trail entry by entry: the numbers of those that it took, in order."""
        return [json.loads(line)["seq"] for body in self.lines for line in body.splitlines()]

    def export_settings(self) -> dict[str, str]:
        """For the trail entry by entry, instead of anchors."""
        return {"PAIREC_AUDIT_EXPORT_URL": self.url, "PAIREC_AUDIT_EXPORT_SECRET": SECRET}

    def settings(self) -> dict[str, str]:
        return {"PAIREC_ANCHOR_URL": self.url, "PAIREC_ANCHOR_SECRET": SECRET}


def fits(header: str, body: str) -> bool:
    """Whether a header is of this body, as whoever receives it works that out."""
    fields = dict(part.split("=", 1) for part in header.split(","))
    expected = hmac.new(SECRET.encode(), f"{fields['t']}.{body}".encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(fields["v1"], expected)
