"""What people wrote and are called, beside an entry of the audit trail: a line for each, which can be erased.

A line has the name of its field, a salt and the text in JSON; of a field that is a list each has a line of its own, as
`ram_users.0`. An entry of the third form hashes SHA-256 of each line and never the text. Where that is erased, the hash
is left in the line in place of salt and text, and the entry verifies as before.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, NamedTuple

NOTHING = "-"
"""What an entry hashes that has nothing beside it."""
_NAME = re.compile(r"[a-z][a-z_]*(?:\.[0-9]+)?", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Written(NamedTuple):
    """The text of one field beside an entry; text and salt are None once it was erased."""

    name: str
    text: str | None
    salt: str | None
    left: str | None = None
    """What is left in the place of an erased one: the hash of its line, in the third form."""

    @property
    def line(self) -> str:
        """As it stands beside the entry, and as it is hashed."""
        if self.text is None:
            return f"{self.name} {self.left}" if self.left else self.name
        return f"{self.name} {self.salt} {_quoted(self.text)}"


def lines_of(fields: Mapping[str, Any], salt: Callable[[], str]) -> str | None:
    """All of these beside an entry, in the order of their names; None where there are none.

    Args:
        salt: another one for each call, of 128 random bits in hex.
    """
    each = [
        (f"{name}.{place}", text)
        for name, value in fields.items()
        for place, text in (enumerate(value) if isinstance(value, list) else ())
    ]
    each += [(name, value) for name, value in fields.items() if not isinstance(value, list)]
    return joined(Written(name, str(text), salt()) for name, text in sorted(each))


def joined(written: Iterable[Written]) -> str | None:
    """These beside an entry."""
    return "\n".join(each.line for each in written) or None


def parsed(beside: str | None) -> tuple[Written, ...]:
    """Each of the lines beside an entry, whatever somebody made of them."""
    return tuple(map(_parsed, beside.split("\n"))) if isinstance(beside, str) else ()


def values(beside: str | None) -> dict[str, Any]:
    """What stands beside an entry by the name of its field, but for what was erased."""
    found: dict[str, Any] = {}
    parts: dict[str, list[tuple[str, str]]] = {}
    for each in parsed(beside):
        name, dot, place = each.name.partition(".")
        if each.text is not None and dot:
            parts.setdefault(name, []).append((place.zfill(20), each.text))
        elif each.text is not None:
            found[name] = each.text
    return found | {name: [text for _, text in sorted(some)] for name, some in parts.items()}


def without(beside: str | None, goes: Callable[[Written], bool]) -> str | None:
    """The lines beside an entry of the third form, when the texts of some are erased."""
    return joined(
        each._replace(text=None, salt=None, left=_digest(each.line)) if each.text is not None and goes(each) else each
        for each in parsed(beside)
    )


def hashed(besides: Iterable[str | None]) -> list[str] | None:
    """What entries of the third form hash of the lines beside each: the name and the hash of each. None where one of
    the lines is not as it would be written, or left.
    """
    sha256, names, found = hashlib.sha256, set[str](), list[str]()
    for beside in besides:
        if beside is None:
            found.append(NOTHING)
        elif "\n" not in beside and beside[-1:] == '"' and " " in beside:
            # Most have one text beside them, and nothing erased.
            name = beside[: beside.index(" ")]
            names.add(name)
            found.append(f"{name}:{sha256(beside.encode()).hexdigest()}")
        else:
            parts = []
            for line in beside.split("\n"):
                name, _, rest = line.partition(" ")
                names.add(name)
                if rest[-1:] == '"':
                    rest = sha256(line.encode()).hexdigest()
                elif _HASH.fullmatch(rest) is None:
                    return None
                parts.append(f"{name}:{rest}")
            found.append(",".join(parts))
    return found if all(map(_NAME.fullmatch, names)) else None


def _parsed(line: str) -> Written:
    name, _, rest = line.partition(" ")
    if not rest.endswith('"'):
        return Written(name, None, None, rest or None)
    salt, _, text = rest.partition(" ")
    try:
        return Written(name, str(json.loads(text)), salt)
    except (ValueError, RecursionError):
        return Written(name, text, salt)


def _digest(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
