"""The way out: which proxy leads to an address, if any, and whose certificates are believed there.

Each of the libraries reads the usual variables in its own way, and some pass NO_PROXY over. They are read here, once,
taken out of the environment, and each client is told what holds for the address that it calls.
"""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from errno import ENOENT
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from urllib.parse import urlsplit

import certifi
from requests.adapters import DEFAULT_POOLSIZE, HTTPAdapter
from slack_sdk.webhook import WebhookClient

from bot.far_calls import Told, untold

VARIABLES = {
    "HTTPS_PROXY": ("https_proxy", "ALL_PROXY", "all_proxy"),
    "HTTP_PROXY": ("http_proxy", "ALL_PROXY", "all_proxy"),
    "NO_PROXY": ("no_proxy",),
    "SSL_CERT_FILE": ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR"),
}
"""What else each of them may be called; the first that is set counts."""
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+$")
"""What OpenSSL looks for in a folder (openssl rehash)."""
_IN_MEMORY = hasattr(os, "memfd_create")


@dataclass(frozen=True)
class Egress:
    """With nothing said, every address is called directly, and whom the machine believes is believed."""

    https_proxy: str | None = None
    http_proxy: str | None = None
    no_proxy: str = ""
    """Hosts, domains, addresses and networks, a comma between them; `*` is all."""
    ca_file: Path | None = None
    """The certificate authorities that are believed, in a file or a folder."""
    told: Told = field(default=untold, compare=False)
    """Whoever counts what goes out is told of each call."""

    def proxy_for(self, address: str) -> str | None:
        """The proxy that leads to an address of the web or of a web socket, or to a host; None where it is called
        directly.
        """
        parts = urlsplit(address if "://" in address else f"https://{address}")
        proxy = {"https": self.https_proxy, "wss": self.https_proxy, "http": self.http_proxy}.get(parts.scheme)
        return None if proxy is None or self._is_direct(parts.hostname or "", parts.port) else proxy

    def _is_direct(self, host: str, port: int | None) -> bool:
        try:
            found = ipaddress.ip_address(host)
        except ValueError:
            return host == "localhost" or any(_names(name, host, port) for name in self._direct)
        # On loopback, a proxy would look for it on its own machine.
        return found.is_loopback or any(_has(name, found) or _names(name, host, port) for name in self._direct)

    @cached_property
    def _direct(self) -> list[str]:
        return [name.strip().lower() for name in self.no_proxy.split(",") if name.strip()]

    @cached_property
    def ca_path(self) -> str:
        """The path of the certificate authorities, for a library that wants to have one: those that are named, or the
        machine's, or else those that Mozilla believes.
        """
        machines = ssl.get_default_verify_paths()
        folder = Path(machines.capath) if machines.capath else None
        kept = folder if folder is not None and any(folder.iterdir()) else None
        return str(self.ca_file or machines.cafile or kept or certifi.where())

    @cached_property
    def ca_bundle(self) -> str:
        """The path of the same for a library that takes a file alone. What is in a folder is copied: there is no other
        way to have it looked for there, and it is read while this value lasts.

        Raises:
            OSError: a certificate cannot be read, or there is no room for the copy.
        """
        path = Path(self.ca_path)
        if not path.is_dir():
            return self.ca_path
        self._copy.write(b"\n".join(each.read_bytes() for each in sorted(path.iterdir()) if _HASHED.match(each.name)))
        self._copy.flush()
        return f"/dev/fd/{self._copy.fileno()}" if _IN_MEMORY else str(self._copy.name)

    @cached_property
    def _copy(self) -> IO[bytes]:
        """In memory, where the system has that: a container may have no folder that can be written to."""
        return os.fdopen(os.memfd_create("authorities"), "wb") if _IN_MEMORY else NamedTemporaryFile(suffix=".pem")

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Trusts the certificate authorities of `ca_path` and no others.

        Raises:
            OSError: the certificate authorities cannot be read, or there are none.
        """
        path = Path(self.ca_path)
        if not path.is_dir():
            return ssl.create_default_context(cafile=self.ca_path)
        if not any(path.iterdir()):
            raise FileNotFoundError(ENOENT, "there is nothing in it", self.ca_path)
        return ssl.create_default_context(capath=self.ca_path)

    def webhook(self, address: str, timeout: int) -> WebhookClient:
        """A client for an address at which Slack lets itself be answered; `timeout` in seconds. Each time that it sends
        is a use of the address, so it does not send again by itself.
        """
        return WebhookClient(address, timeout=timeout, retry_handlers=[], proxy=self.proxy_for(address), ssl=self.tls)

    def adapter(self, connections: int = DEFAULT_POOLSIZE) -> HTTPAdapter:
        """For a library that goes through `requests`; so many `connections` to a host are kept."""
        return _Adapter(self.tls, connections)


def _names(name: str, host: str, port: int | None) -> bool:
    """Whether an entry of NO_PROXY means a host: itself, or the domain that it is in, perhaps at one port alone."""
    if name == "*":
        return True
    name = name.removeprefix("*").lstrip(".")
    return any(place == name or place.endswith(f".{name}") for place in (host, f"{host}:{port}"))


def _has(name: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return address in ipaddress.ip_network(name.strip("[]"), strict=False)
    except ValueError:
        return False


class _Adapter(HTTPAdapter):
    def __init__(self, tls: ssl.SSLContext, connections: int) -> None:
        self._tls = tls
        super().__init__(pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._tls)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._tls)


def refused_by_proxy(error: BaseException | str | None, whom: str) -> str | None:
    """As a line, if that is what an error says: the proxy does not lead to `whom`."""
    refused = re.search(r"(?:Tunnel connection failed|connect status code): ?([0-9]{3})", str(error))
    if refused is None:
        return None
    wrong = ", a wrong name or password" if refused[1] == "407" else ""
    return f"HTTPS_PROXY: the proxy does not let the program through to {whom} (status {refused[1]}{wrong})"


def clear_proxy_variables(environment: MutableMapping[str, str]) -> None:
    """Leave nothing that a library would go by on its own."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "ALL_PROXY"):
        environment.pop(name, None)
        environment.pop(name.lower(), None)
