"""A port of this machine to listen at, as a setting names it."""

from __future__ import annotations

import os
import socket

from bot.settings import SettingsError

BACKLOG = 128


def listen(setting: str, host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one.

    Raises:
        SettingsError: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        # The number of a name that nobody knows is below nought.
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else "no such address"
        raise SettingsError(f"{setting}: nothing can listen at {host}:{port}: {why}") from None


def address_of(listening: socket.socket) -> str:
    """Host and port, the host of a newer kind in brackets."""
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
