"""Which workspace this program serves, and whether a Slack account is a member of it: proved, or not believed.

In an organisation (Enterprise Grid) a person has one account in several workspaces. `team_id` may then be another
workspace of theirs, the organisation itself (`E…`), or missing, and `enterprise_user` says which workspaces they are in
(docs.slack.dev, "Developing for Enterprise organizations"; bolt-js #1875, slack-morphism-rust #215).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web import SlackResponse

from approvals.ids import SlackUserId
from approvals.json_values import as_fields, as_list, as_text
from approvals.people import Person


@dataclass(frozen=True, slots=True)
class Installation:
    """What this program serves, as `auth.test` says it."""

    team_id: str
    """The workspace; where the app is installed in a whole organisation, that."""
    organisation: str | None = None
    """The organisation that the workspace belongs to."""


def installation_of(answer: SlackResponse) -> Installation:
    """Which workspace the app's token belongs to, from the answer of `auth.test`.

    Raises:
        KeyError: the answer of `auth.test` names neither a workspace nor an organisation.
    """
    organisation = as_text(answer.get("enterprise_id")) or None
    everywhere = answer.get("is_enterprise_install") is True
    team_id = (organisation if everywhere else None) or as_text(answer.get("team_id")) or organisation
    if not team_id:
        raise KeyError("team_id")
    return Installation(team_id, organisation)


def person_of(answer: SlackResponse, installation: Installation, asked: SlackUserId) -> Person:
    """A Slack account from the answer of users.info, under the id that was `asked` for. What Slack does not say counts
    against it.

    Whoever is a member here has the team of `installation`, whichever workspaces they are in besides, so that what is
    kept of them has one key.

    Raises:
        KeyError: the answer is about another account, or only half of one.
    """
    user = as_fields(answer.get("user"))
    profile = as_fields(user.get("profile"))
    member = _is_member(user, installation)
    if user.get("id") != asked and not (user.get("id") and _global_id(user, installation)):
        raise KeyError("id")
    if member and not all(isinstance(user.get(flag), bool) for flag in ("deleted", "is_bot")):
        raise KeyError("deleted, is_bot")
    return Person(
        team_id=installation.team_id if member else _elsewhere(user),
        user_id=asked,
        email=as_text(profile.get("email")) or None,
        email_confirmed=user.get("is_email_confirmed") is True,
        is_bot=bool(user.get("is_bot", True)) or "USLACKBOT" in (asked, user.get("id")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger", False)),
        deleted=bool(user.get("deleted", True)),
        other_ids=frozenset(map(SlackUserId, {as_text(user.get("id")), _global_id(user, installation)} - {"", asked})),
        time_zone=as_text(user.get("tz")) or None,
        real_name=as_text(profile.get("real_name")) or as_text(user.get("real_name")) or None,
        locale=as_text(user.get("locale")) or None,
        id_is_current=user.get("id") == asked,
    )


def _is_member(user: Mapping[str, Any], installation: Installation) -> bool:
    """By our workspace's id, as their team or among their workspaces. Our organisation's id proves as much where Slack
    does not list their workspaces: a member of it who is in others alone is none of ours.
    """
    grid = as_fields(user.get("enterprise_user"))
    own = as_text(user.get("team_id"))
    teams = [as_text(team) for team in as_list(grid.get("teams"))]
    if installation.team_id in (own, *teams):
        return True
    ours = installation.organisation is not None and installation.organisation in (
        own,
        as_text(grid.get("enterprise_id")),
    )
    return ours and (installation.team_id == installation.organisation or not teams)


def _elsewhere(user: Mapping[str, Any]) -> str:
    """Where somebody is instead; empty where Slack does not say it."""
    grid = as_fields(user.get("enterprise_user"))
    teams = as_list(grid.get("teams"))
    return next(filter(None, map(as_text, (user.get("team_id"), *teams, grid.get("enterprise_id")))), "")


def _global_id(user: Mapping[str, Any], installation: Installation) -> str:
    """Whoever was in a workspace before it joined the organisation has an id in each (`migration.exchange`)."""
    grid = as_fields(user.get("enterprise_user"))
    ours = installation.organisation is not None and as_text(grid.get("enterprise_id")) == installation.organisation
    return as_text(grid.get("id")) if ours else ""
