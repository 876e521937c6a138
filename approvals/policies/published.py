"""The documents of policies that Alibaba Cloud publishes, each with where it is published."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """One of them; `type` is `Custom` or `System`."""

    name: str
    type: str
    source: str
    """The page's address."""
    document: str


@cache
def published() -> Mapping[tuple[str, str], PublishedPolicy]:
    """All that come with the program, by type and name."""
    text = files("approvals").joinpath("policies/published.toml").read_text("utf-8")
    found = [PublishedPolicy(**each) for each in tomllib.loads(text)["policy"]]
    return {(each.type, each.name): each for each in found}
