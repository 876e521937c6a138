"""What is assumed of Alibaba Cloud and was never seen on a live account: assumptions.toml, and what stands beside the
products of member roles.

Each line has a name, so that whoever has an account can try them one by one and say which of them hold.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from approvals.catalog.resources import products
from bot.cloud.member_tables import member_lines


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that is assumed."""

    name: str
    product: str
    says: str
    source: str
    """What speaks for it, as far as anything does."""
    where: str
    """The code that goes by it: `module`, or `module:name`."""


def assumptions() -> tuple[Assumption, ...]:
    """All of them."""
    text = files("bot.cloud").joinpath("assumptions.toml").read_text("utf-8")
    titles = {name: product.title for name, product in products().items()}
    of_members = [{"product": titles[product], **line} for product, line in member_lines("assumption")]
    return tuple(Assumption(**line) for line in [*tomllib.loads(text)["assumption"], *of_members])
