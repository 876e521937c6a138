"""Hologres as psql and psycopg reach it: PostgreSQL's own protocol over TLS, where the user is an AccessKey's id and
the password its secret (help/hologres, connect by psycopg).

Whoever shows a key of the account is let in as that key's own user, and all that they say then goes to the instance's
database as it is. Documented: the code and the sentence for a wrong key, and that somebody gets the same who is no user
of the instance. Stricter than Hologres, where TLS is a choice: nobody is let in without it.
"""

from __future__ import annotations

import asyncio
import hmac
import ssl
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from bot.sandbox.ram.errors import RamError

_PROTOCOL = 3
_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
"""Requests that come in place of a version (PostgreSQL's manual, message formats)."""
_LONGEST = 10_000
"""Of what comes before a login, in bytes."""
_WRONG_PASSWORD, _NO_TLS = "28P01", "28000"


class Entrance(NamedTuple):
    """What one instance's address goes by. The functions may take time, and are called on threads."""

    secret_of: Callable[[str], str]
    """Of an AccessKey; raises `RamError` for one that is not known."""
    user_of: Callable[[str], str]
    """The database's user behind an AccessKey."""
    open: Callable[[str], str | None]
    """The path of the database's socket, for somebody who is a user there; raises `LookupError` for anybody else. None
    where the instance is not running.
    """
    left: Callable[[], None]
    """Called once somebody has gone again."""
    tls: Callable[[], ssl.SSLContext]


class LoginRefused(Exception):
    """Nobody is let in like this: an SQLSTATE, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


async def serve_database(entrance: Entrance, host: str) -> asyncio.Server:
    """Listen at a free port."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Cancelled is who is still there when the program ends.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _Visit(entrance, reader, writer).go_through()
        writer.close()

    return await asyncio.start_server(connected, host, 0)


class _Visit:
    def __init__(self, entrance: Entrance, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._entrance = entrance
        self._reader = reader
        self._writer = writer

    async def go_through(self) -> None:
        try:
            said = await self._startup()
            if said is None:
                return
            path = await self._login(said)
        except LoginRefused as refused:
            self._writer.write(_error(refused))
            await self._writer.drain()
            return
        if path is None:
            return
        user = await asyncio.to_thread(self._entrance.user_of, said["user"])
        database, server = await asyncio.open_unix_connection(path)
        server.write(_startup_message({**said, "user": user}))
        try:
            await asyncio.wait(
                [
                    asyncio.create_task(_pass_on(self._reader, server)),
                    asyncio.create_task(_pass_on(database, self._writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            server.close()
            await asyncio.to_thread(self._entrance.left)

    async def _startup(self) -> dict[str, str] | None:
        """What the client says of itself; None for one that wants nothing but to cancel."""
        encrypted = False
        while True:
            (length,) = struct.unpack("!i", await self._reader.readexactly(4))
            if not 8 <= length <= _LONGEST:
                return None
            message = await self._reader.readexactly(length - 4)
            (kind,) = struct.unpack("!i", message[:4])
            if kind == _SSL and not encrypted:
                context = await asyncio.to_thread(self._entrance.tls)
                # What comes next is encrypted, and nobody else is to read it.
                if isinstance(transport := self._writer.transport, asyncio.ReadTransport):
                    transport.pause_reading()
                self._writer.write(b"S")
                await self._writer.start_tls(context)
                encrypted = True
            elif kind == _GSS:
                self._writer.write(b"N")
            elif kind >> 16 != _PROTOCOL:
                return None
            elif not encrypted:
                raise LoginRefused(_NO_TLS, "connections without SSL are not allowed")
            else:
                words = message[4:].decode("utf-8", "replace").split("\0")
                said = dict(zip(words[::2], words[1::2], strict=False))
                return {name: value for name, value in said.items() if name}

    async def _login(self, said: dict[str, str]) -> str | None:
        """The path of the database's socket. Raises `LoginRefused`."""
        key = said.get("user", "")
        self._writer.write(b"R" + struct.pack("!ii", 8, 3))
        kind, length = struct.unpack("!ci", await self._reader.readexactly(5))
        if kind != b"p" or not 4 <= length <= _LONGEST:
            return None
        given = (await self._reader.readexactly(length - 4)).rstrip(b"\0")
        try:
            secret = self._entrance.secret_of(key)
            if hmac.compare_digest(given, secret.encode()):
                return await asyncio.to_thread(self._entrance.open, key)
        except (RamError, LookupError):
            pass
        raise LoginRefused(_WRONG_PASSWORD, f'password authentication failed for user "{key}"')


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while said := await reader.read(65_536):
            writer.write(said)
            await writer.drain()


def _startup_message(said: dict[str, str]) -> bytes:
    words = b"".join(f"{name}\0{value}\0".encode() for name, value in said.items()) + b"\0"
    return struct.pack("!ii", len(words) + 8, _PROTOCOL << 16) + words


def _error(refused: LoginRefused) -> bytes:
    fields = (("S", "FATAL"), ("V", "FATAL"), ("C", refused.code), ("M", refused.message))
    said = b"".join(f"{name}{value}\0".encode() for name, value in fields) + b"\0"
    return b"E" + struct.pack("!i", len(said) + 4) + said
