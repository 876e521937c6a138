"""What is known of each product of member roles and is no code: a file beside its module, such as members/pai.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from approvals.catalog.resources import products


def member_lines(table: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of a table in all of these files, each with the name of its product."""
    for product in products():
        text = files("bot.cloud").joinpath("members", f"{product}.toml").read_text("utf-8")
        lines: list[dict[str, str]] = tomllib.loads(text).get(table, [])
        for line in lines:
            yield product, line
