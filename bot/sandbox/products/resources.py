"""The workspaces and projects of this account, as the bot is told of them in a file."""

from __future__ import annotations

from typing import NamedTuple

from bot.sandbox.products.members import playable
from bot.sandbox.ram.account import CloudAccount


class NamedProject(NamedTuple):
    """A table of the file, but for its places. `mode` is that of its DataWorks workspace."""

    title: str
    mode: str


PROJECTS = {"ranking": NamedProject("Ranking", "standard"), "search": NamedProject("Search", "basic")}
"""By alias; the first is meant where none is named."""


def resources_toml(account: CloudAccount, endpoint: str) -> str:
    """The text of the file; all products are at `endpoint`."""
    lines = [f'default = "{next(iter(PROJECTS))}"', ""]
    for product, each in playable().items():
        if each.service.product != product:
            # What two products are reached by stands in one table.
            continue
        lines += [f"[products.{product}]", *_keys({"endpoint": endpoint, **each.options(account)})]
    for alias, project in PROJECTS.items():
        lines += ["", f"[projects.{alias}]", *_keys({**project._asdict(), **_places(alias)})]
    return "\n".join(lines) + "\n"


def _places(alias: str) -> dict[str, str]:
    return {product: at.id for product, each in playable().items() for at in each.places if at.project == alias}


def _keys(values: dict[str, str]) -> list[str]:
    return [f'{name} = "{value}"' for name, value in values.items()]
