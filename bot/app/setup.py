"""What the program was told, by name and without secrets: the tables of its files, and its settings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settings import Settings

MAY_HAVE_PASSWORDS = ("PAIREC_DATABASE_URL", "HTTP_PROXY", "HTTPS_PROXY")
SET, NOT_SET = "set", "not set"


def told_setup(settings: Settings) -> dict[str, Mapping[str, Any]]:
    """The catalogue and the resources by the names of what they list, and the settings by theirs. The files were read
    before, and found to be as they should be.
    """
    built_in = files("approvals").joinpath("catalog/catalog.toml").read_text("utf-8")
    return {
        "catalogue": _listed(settings.catalog.read_text("utf-8") if settings.catalog else built_in),
        "resources": _listed(_text(settings.resources)),
        "settings": {
            str(field.validation_alias): _shown(str(field.validation_alias), getattr(settings, name))
            for name, field in type(settings).model_fields.items()
        },
    }


def _text(path: Path | None) -> str:
    return path.read_text("utf-8") if path else ""


def _listed(text: str) -> dict[str, Any]:
    """What a TOML file lists: `policies.PaiRecEngineAccess`, and each value that is in no table."""
    found: dict[str, Any] = {}
    for name, value in tomllib.loads(text).items():
        tables = isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())
        found |= {f"{name}.{each}": table for each, table in value.items()} if tables else {name: value}
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    """TOML has dates, which JSON has not."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def _shown(name: str, value: Any) -> str:
    """Of what may be a secret, whether it is set: its hash would tell those who guess."""
    if value is None:
        return NOT_SET
    return SET if isinstance(value, SecretStr) or name in MAY_HAVE_PASSWORDS else str(value)
