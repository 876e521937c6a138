"""What the cloud's error codes prove, each with its source: codes.toml, and beside the products of member roles."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

from approvals.errors import CloudErrorKind
from bot.cloud.member_tables import member_lines

ANY = "any"


@dataclass(frozen=True, slots=True)
class Code:
    """What an error code of a product proves."""

    product: str
    code: str
    """`*` stands for any characters."""
    means: CloudErrorKind
    source: str


@cache
def codes() -> tuple[Code, ...]:
    """All of them, each product's in the order of its file: of two that fit, the first counts."""
    text = files("bot.cloud").joinpath("codes.toml").read_text("utf-8")
    of_members = [{"product": product, **line} for product, line in member_lines("code")]
    lines = [*tomllib.loads(text)["code"], *of_members]
    return tuple(Code(**{**line, "means": CloudErrorKind(line["means"])}) for line in lines)


def meaning(product: str, code: str) -> CloudErrorKind | None:
    """The kind of error behind a code of a product; None for one of which nothing is known."""
    for owner in (product, ANY):
        for known in codes():
            if known.product == owner and fnmatchcase(code, known.code):
                return known.means
    return None
