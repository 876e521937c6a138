"""Who makes a call, and what tells that call from any other: what an account's own log of calls is matched by."""

from __future__ import annotations

import uuid
from typing import NamedTuple


class Caller(NamedTuple):
    """Who made one call, and what the call itself is known by."""

    key: str
    """The access key's id."""
    user_agent: str = ""
    request_id: str = ""
    """Of this call alone; it is in the answer too."""
    source_ip: str = ""
    """Where it came from."""


BY_HAND = Caller("by hand")


def new_request_id() -> str:
    """An id in the form of the cloud's own RequestIds."""
    return str(uuid.uuid4()).upper()
