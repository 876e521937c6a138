"""Data that the program goes by, in TOML files that people may replace: read and checked against a shape.

An unclear line ends the start with a sentence that names the file, the place and what is allowed there.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from approvals.durations import parse_duration
from approvals.errors import CatalogError
from approvals.millis import DAY

MAX_DURATION_MS = 3650 * DAY


def _duration(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError("a duration is text such as '30m', '8h', '7d' or '1h30m'")
    try:
        milliseconds = parse_duration(value)
    except ValueError:
        raise ValueError("a duration is written like '30m', '8h', '7d' or '1h30m', and is more than nothing") from None
    if milliseconds > MAX_DURATION_MS:
        raise ValueError("a duration is at most '3650d'")
    return milliseconds


def _one_line(value: str) -> str:
    if not value.strip() or "\n" in value:
        raise ValueError("a text of one line, not empty")
    return value.strip()


Duration = Annotated[int, BeforeValidator(_duration)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,128}$")]


class Strict(BaseModel):
    """A table in which no unknown key passes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Shape = TypeVar("Shape", bound=Strict)


def read_data_file(shape: type[Shape], path: Path | None, built_in: str, source: str) -> Shape:
    """What a TOML file says, checked against its shape; without a path, the file that comes with the program.

    Raises:
        CatalogError: it cannot be read, or a line of it is not as it should be.
    """
    try:
        return shape.model_validate(read_toml(path, built_in, source))
    except ValidationError as error:
        raise CatalogError(f"{source}: {_first(error, shape)}") from None


def read_toml(path: Path | None, built_in: str, source: str) -> dict[str, Any]:
    """What a TOML file says, not checked against any shape; without a path, `built_in`, which is a file of the package
    `approvals`. `source` is what a message calls it.

    Raises:
        CatalogError: it cannot be read.
    """
    try:
        return tomllib.loads((path or files("approvals").joinpath(built_in)).read_text("utf-8"))
    except OSError as error:
        raise CatalogError(f"{source}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CatalogError(f"{source}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{source}: is not TOML: {error}") from None


def _first(error: ValidationError, whole: type[BaseModel]) -> str:
    found = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in found["loc"] if part != "[key]") or "the file"
    if found["type"] == "extra_forbidden":
        return f"{where}: is not a known key; the keys there are {_keys(whole, found['loc'])}"
    if found["type"] == "missing":
        return f"{where}: is missing; the keys there are {_keys(whole, found['loc'])}"
    return f"{where}: {found['msg'].removeprefix('Value error, ')} (found {str(found['input'])[:60]!r})"


def _keys(whole: type[BaseModel], place: tuple[int | str, ...]) -> str:
    """The keys of the table that a place is in; on the way to it, tables of named tables are passed through."""
    table: Any = whole
    for part in place[:-1]:
        table = table.model_fields[part].annotation if hasattr(table, "model_fields") else get_args(table)[-1]
    return ", ".join(name for name, field in table.model_fields.items() if field.alias is None)
