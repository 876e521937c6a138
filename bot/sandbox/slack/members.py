"""The people of the workspace, as Slack's `users.*` methods show them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from bot.sandbox.slack.wire import Json


@dataclass
class Person:
    """A member, a guest, a stranger from another team, or a bot."""

    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    team_id: str = "T0PAIREC"
    tz: str = "UTC"
    locale: str = "en-US"
    ram_user: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_email_confirmed: bool = True

    @property
    def is_guest(self) -> bool:
        return self.is_restricted or self.is_ultra_restricted or self.is_stranger

    def change(self, values: Json) -> None:
        """Set fields by name. ValueError for an unknown field or a value of another type; then nothing is set."""
        if "id" in values:
            raise ValueError("a person keeps their id")
        for name, value in values.items():
            _check_field(name, value)
        for name, value in values.items():
            setattr(self, name, value)

    def to_user(self, *, with_email: bool, with_locale: bool) -> Json:
        """The `user` object of `users.info`."""
        profile: Json = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "title": self.title,
            "team": self.team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_label": "Coordinated Universal Time" if self.tz == "UTC" else self.tz,
            "tz_offset": 0,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_stranger": self.is_stranger,
            "is_email_confirmed": self.is_email_confirmed,
            "updated": 1700000000,
        }
        if with_locale:
            user["locale"] = self.locale
        return user


def new_person(values: Json) -> Person:
    """A person from an order of the control address. ValueError when a field is missing, unknown or mistyped."""
    for name in ("id", "name", "real_name"):
        if not isinstance(values.get(name), str):
            raise ValueError(f"a new person needs {name!r} as text")
    for name, value in values.items():
        _check_field(name, value)
    return Person(**values)


def _check_field(name: str, value: object) -> None:
    fields = {field.name: field.type for field in dataclasses.fields(Person)}
    if name not in fields:
        raise ValueError(f"a person has no {name!r}; known are {', '.join(sorted(fields))}")
    wanted = {"str": str, "bool": bool, "str | None": str | None}[str(fields[name])]
    if not isinstance(value, wanted):
        raise ValueError(f"{name!r} of a person must be of type {fields[name]}")
