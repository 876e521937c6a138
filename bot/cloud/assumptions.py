"""What is assumed of Alibaba Cloud and was never seen on a live account, in one table: assumptions.toml.

Each line has a name, so that whoever has an account can try them one by one and say which of them hold.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Assumption:
    """One line of assumptions.toml."""

    name: str
    product: str
    says: str
    source: str
    """What speaks for it, as far as anything does."""
    where: str
    """The code that goes by it: `module`, or `module:name`."""


def assumptions() -> tuple[Assumption, ...]:
    """All of them, in the order of the file."""
    text = files("bot.cloud").joinpath("assumptions.toml").read_text("utf-8")
    return tuple(Assumption(**line) for line in tomllib.loads(text)["assumption"])
