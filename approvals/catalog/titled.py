"""What a data file calls something, in English and beside that in other languages: `"title.zh-CN" = "…"`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from approvals.catalog.toml_file import Line, Strict

Title = Annotated[Line, Field(max_length=60)]
ELSEWHERE = "in"
_IN_A_LANGUAGE = re.compile(r"(title|allows)\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)")


class Words(Strict):
    """The same in one other language; what is left out stays in English."""

    language: str
    title: Title | None = None
    allows: Line | None = None


class Titled(Strict):
    """A table with a title, and with what it allows in plain words."""

    title: Title
    allows: Line
    others: tuple[Words, ...] = Field((), alias=ELSEWHERE)

    @model_validator(mode="before")
    @classmethod
    def _collect(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        named = {key: found for key in table if (found := _IN_A_LANGUAGE.fullmatch(str(key)))}
        others: dict[str, dict[str, Any]] = {}
        for key, found in named.items():
            others.setdefault(found[2], {"language": found[2]})[found[1]] = table[key]
        rest = {key: value for key, value in table.items() if key not in named}
        return {**rest, ELSEWHERE: tuple(others.values())} if others else rest

    def in_language(self, language: str) -> Self:
        """A copy with the words of that language, as Slack names it, where there are any."""
        words = next((each for each in self.others if each.language == language), None)
        if words is None:
            return self
        return self.model_copy(update=words.model_dump(exclude={"language"}, exclude_none=True))
