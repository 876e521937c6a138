"""The address of a ledger: what it may be, and what is said of one that is not. It is never repeated: a password may be
in it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def database_address(value: str) -> str:
    """A ledger's address as it may be.

    Raises:
        ValueError: it may not, and what is allowed.
    """
    if value.startswith(("postgresql://", "postgres://")):
        if _is_miswritten(value):
            raise ValueError(
                "must have anything but letters and digits in a password written as its code, such as %40 for @"
            )
        if not value.isascii() or '"' in value:
            raise ValueError("must have anything but the letters of English, digits and signs written as its code")
        if not re.fullmatch(r"[a-z]+://[^/?#\s]*/[^/?#\s]+(\?\S*)?", value):
            raise ValueError("must name a database, such as postgresql://pairec@db.example.com/pairec_access")
        return value
    # What SQLite keeps in memory, each thread would have one of its own.
    if not value.startswith("sqlite:///") or value.removeprefix("sqlite:///") in ("", ":memory:"):
        raise ValueError(
            "must be sqlite:/// and the path of a file, such as sqlite:///pairec-access.db,"
            " or postgresql://, a server and a database"
        )
    return value


def _is_miswritten(address: str) -> bool:
    """Whoever takes such an address apart says what is wrong by repeating some of it, which may be of a password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    behind = f"{parts.path}{parts.fragment}"
    return (
        parts.netloc.count("@") > 1
        or "@" in behind
        or has_half_a_code(address)
        or any("=" not in part or "@" in part for part in parts.query.split("&") if part)
    )


def has_half_a_code(address: str) -> bool:
    """Whether there is a `%` in it that begins no code, or one of what no text has."""
    return bool(re.search(r"%(?![0-9A-Fa-f]{2})|%00", address))
