"""The people of the workspace, as Slack's `users.*` methods show them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from approvals.time_zones import time_zone
from bot.sandbox.slack.wire import Json

_KINDS: dict[str, Any] = {
    "str": str,
    "bool": bool,
    "str | None": str | None,
    "bool | None": bool | None,
    "list[str] | None": list | None,
}


@dataclass(frozen=True)
class Organisation:
    """An Enterprise organisation that the workspace belongs to."""

    id: str
    name: str = "PAI-Rec group"
    everywhere: bool = False
    """Whether the app is installed in the whole organisation, and not just in the workspace."""


@dataclass
class WorkspaceMember:
    """A member, a guest, a stranger from another team, or a bot."""

    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    team_id: str | None = "T0PAIREC"
    """In an organisation it may be another workspace, the organisation itself, or missing."""
    tz: str = "UTC"
    locale: str = "en-US"
    ram_user: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_email_confirmed: bool | None = True
    """None: Slack does not say, as of members who sign in by SSO."""
    enterprise_id: str | None = None
    """Of somebody from another organisation than the workspace's."""
    enterprise_user_id: str | None = None
    """Their id in the organisation, where that is not `id`."""
    teams: list[str] | None = None
    """Their workspaces in the organisation, where these are not just their team."""

    @property
    def is_guest(self) -> bool:
        """A single- or multi-channel guest, or somebody from another workspace."""
        return self.is_restricted or self.is_ultra_restricted or self.is_stranger

    def change(self, values: Json) -> None:
        """Set fields by name. ValueError for an unknown field or a value of another type; then nothing is set."""
        if "id" in values:
            raise ValueError("a person keeps their id")
        for name, value in values.items():
            _check_field(name, value)
        for name, value in values.items():
            setattr(self, name, value)

    def to_user(self, organisation: Organisation | None, *, with_email: bool, with_locale: bool) -> Json:
        """The `user` object of `users.info`, in a workspace of this organisation."""
        profile: Json = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "title": self.title,
            "team": self.team_id or "",
        }
        if with_email and self.email:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_label": "Coordinated Universal Time" if self.tz == "UTC" else self.tz,
            "tz_offset": _seconds_east(self.tz),
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_stranger": self.is_stranger,
            "updated": 1700000000,
        }
        if self.team_id is not None:
            user["team_id"] = self.team_id
        if self.is_email_confirmed is not None:
            user["is_email_confirmed"] = self.is_email_confirmed
        grid = self._enterprise_user(organisation)
        if grid:
            user["enterprise_user"] = grid
        if with_locale:
            user["locale"] = self.locale
        return user

    def _enterprise_user(self, organisation: Organisation | None) -> Json | None:
        """What Slack says of somebody in an organisation: their own, or else the workspace's."""
        if self.enterprise_id is None and (organisation is None or self.is_stranger or self.is_bot):
            return None
        own = self.enterprise_id or (organisation.id if organisation else "")
        named = organisation is not None and own == organisation.id
        return {
            "id": self.enterprise_user_id or self.id,
            "enterprise_id": own,
            "enterprise_name": organisation.name if organisation and named else own,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "teams": self.teams
            if self.teams is not None
            else [team for team in (self.team_id,) if team and team[0] == "T"],
        }


def new_person(values: Json) -> WorkspaceMember:
    """A person from an order of the control address. ValueError when a field is missing, unknown or mistyped."""
    for name in ("id", "name", "real_name"):
        if not isinstance(values.get(name), str):
            raise ValueError(f"a new person needs {name!r} as text")
    for name, value in values.items():
        _check_field(name, value)
    return WorkspaceMember(**values)


def _check_field(name: str, value: object) -> None:
    fields = {field.name: field.type for field in dataclasses.fields(WorkspaceMember)}
    if name not in fields:
        raise ValueError(f"a person has no {name!r}; known are {', '.join(sorted(fields))}")
    wanted = _KINDS[str(fields[name])]
    listed = value if isinstance(value, list) else []
    if not isinstance(value, wanted) or not all(isinstance(each, str) for each in listed):
        raise ValueError(f"{name!r} of a person must be of type {fields[name]}")


def _seconds_east(zone: str) -> int:
    """Of Greenwich, at this time of the year."""
    offset = datetime.now(time_zone(zone)).utcoffset()
    return round(offset.total_seconds()) if offset else 0
