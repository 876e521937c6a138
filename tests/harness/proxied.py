"""A company's network: everything far away speaks TLS, by a certificate of the company's own, and is reached through a
proxy that wants to know who is asking.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import trustme

from approvals.catalog.resources import products, table_of
from bot.sandbox.bot_environment import LOOPBACK
from bot.sandbox.server import Sandbox
from tests.harness.app import AppHarness

USER, PASSWORD = "walter", "pr0xy@w0rd-of-walter"
WRITTEN = "pr0xy%40w0rd-of-walter"
PRODUCTS = tuple(dict.fromkeys(map(table_of, products())))
"""Those that are reached at an address of their own."""
FAR = ("slack", "ram", "ims", "sts", "pairec", "odps", *PRODUCTS)
"""What is far away; each at a name of its own, such as `ram.test`."""
_PLUGIN = """
from pathlib import Path
from proxy.http.proxy import HttpProxyBasePlugin

class Names(HttpProxyBasePlugin):
    def resolve_dns(self, host, port):
        with Path(__file__).with_name("asked").open("a") as log:
            log.write(f"{host}\\n")
        return "127.0.0.1", None
"""
_HOSTS = """
import socket
ask = socket.getaddrinfo
found = lambda host: "127.0.0.1" if str(host).endswith(".test") else host
socket.getaddrinfo = lambda host, *rest, **more: ask(found(host), *rest, **more)
"""
"""For a program that goes around the proxy: what would be in /etc/hosts."""


class Company:
    """The sandbox behind TLS, and the proxy that leads there. `folder` is for what it keeps."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._authority = trustme.CA()
        self.ca_file = folder / "company.pem"
        self._loop = asyncio.new_event_loop()
        self._tls: dict[str, int] = {}
        self._port = 0

    @contextmanager
    def open(self) -> Iterator[Company]:
        self._authority.cert_pem.write_to_path(str(self.ca_file))
        (self._folder / "names.py").write_text(_PLUGIN, "utf-8")
        (self._folder / "sitecustomize.py").write_text(_HOSTS, "utf-8")
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._serve_tls(), self._loop).result(10)
        self._sandbox.call(lambda: self._sandbox.slack.listen_at(self._address("slack")))
        proxy = subprocess.Popen(
            [
                *(sys.executable, "-m", "proxy", "--port", "0", "--port-file", "port", "--num-acceptors", "1"),
                *("--num-workers", "1", "--basic-auth", f"{USER}:{PASSWORD}", "--plugins", "names.Names"),
                *("--log-file", "proxy.log"),
            ],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(self._folder)},
        )
        try:
            port = self._folder / "port"
            AppHarness.until(lambda: port.exists() and port.read_text("utf-8").strip(), "the proxy to listen", 60)
            self._port = int(port.read_text("utf-8"))
            yield self
        finally:
            proxy.terminate()
            proxy.wait(20)
            self._loop.call_soon_threadsafe(self._loop.stop)

    def settings(self) -> dict[str, str]:
        """With these a program reaches everything; without one of them it does not."""
        near = self._sandbox.env()
        for name in ("PAIREC_CLOCK_URL", "SANDBOX_PAGE_URL"):
            # A movable clock is for loopback alone.
            del near[name]
        return {
            **near,
            "PAIREC_SLACK_API_URL": f"{self._address('slack')}/api/",
            "PAIREC_RAM_ENDPOINT": self._address("ram"),
            "PAIREC_IMS_ENDPOINT": self._address("ims"),
            "PAIREC_STS_ENDPOINT": self._address("sts"),
            "PAIREC_SERVICE_ENDPOINT": self._address("pairec"),
            "PAIREC_MAXCOMPUTE_ENDPOINT": f"{self._address('odps')}{urlsplit(near['PAIREC_MAXCOMPUTE_ENDPOINT']).path}",
            "PAIREC_RESOURCES": str(self._resources()),
            "HTTPS_PROXY": f"http://{USER}:{WRITTEN}@{LOOPBACK}:{self._port}",
            "SSL_CERT_FILE": str(self.ca_file),
            "PYTHONPATH": str(self._folder),
        }

    def asked(self) -> set[str]:
        """What the proxy was asked to lead to."""
        log = self._folder / "asked"
        return {name.removesuffix(".test") for name in log.read_text("utf-8").split()} if log.exists() else set()

    def _address(self, name: str) -> str:
        return f"https://{name}.test:{self._tls[name]}"

    def _resources(self) -> Path:
        """The sandbox's file, with an address of its own for each product."""
        path = self._sandbox.resources_file(self._folder)
        lines = path.read_text("utf-8").splitlines()
        product = ""
        for number, line in enumerate(lines):
            if line.startswith("[products."):
                product = line.removeprefix("[products.").removesuffix("]")
            elif line.startswith("endpoint") and product:
                lines[number] = f'endpoint = "{self._address(product)}"'
        path.write_text("\n".join(lines), "utf-8")
        return path

    async def _serve_tls(self) -> None:
        near = self._sandbox.env()
        ports = {
            "slack": near["PAIREC_SLACK_API_URL"],
            **dict.fromkeys(("ram", "ims", "sts"), near["PAIREC_RAM_ENDPOINT"]),
            **dict.fromkeys(("pairec", "odps", *PRODUCTS), near["PAIREC_SERVICE_ENDPOINT"]),
        }
        for name, address in ports.items():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._authority.issue_cert(f"{name}.test").configure_cert(context)
            server = await asyncio.start_server(_leads_to(urlsplit(address).port or 0), LOOPBACK, 0, ssl=context)
            self._tls[name] = server.sockets[0].getsockname()[1]


def _leads_to(port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection(LOOPBACK, port)
        await asyncio.gather(_pass_on(reader, to_writer), _pass_on(to_reader, writer), return_exceptions=True)

    return lead


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
