"""The `usergroups.*` methods: who is in one."""

from __future__ import annotations

from bot.sandbox.slack.arguments import Method, flag_of, text_of
from bot.sandbox.slack.wire import Json, SlackError
from bot.sandbox.slack.workspace import Workspace


def usergroup_methods(workspace: Workspace) -> dict[str, Method]:
    """Those that are served, by name."""

    def members(args: Json) -> Json:
        """Source: docs.slack.dev/reference/methods/usergroups.users.list. A token of a whole organisation names the
        workspace; a disabled group is known where it is asked for.
        """
        organisation = workspace.organisation
        if organisation and organisation.everywhere and not args.get("team_id"):
            raise SlackError("missing_argument")
        group = workspace.user_groups.get(text_of(args, "usergroup"))
        if group is None or (group.disabled and not flag_of(args, "include_disabled")):
            raise SlackError("no_such_subteam")
        return {"users": list(group.members)}

    return {"usergroups.users.list": Method(members, "usergroups:read")}
