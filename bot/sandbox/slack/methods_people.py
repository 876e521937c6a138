"""The `users.*` and `bots.*` methods."""

from __future__ import annotations

from bot.sandbox.slack.arguments import Method, flag_of, page_of, text_of
from bot.sandbox.slack.members import WorkspaceMember
from bot.sandbox.slack.wire import Json, SlackError
from bot.sandbox.slack.workspace import Workspace


def people_methods(workspace: Workspace) -> dict[str, Method]:
    """Those that are served, by name."""
    people = _People(workspace)
    return {
        "users.info": Method(people.info, "users:read"),
        "users.list": Method(people.list_all, "users:read"),
        "users.lookupByEmail": Method(people.lookup, "users:read.email"),
        "bots.info": Method(people.bot, "users:read"),
    }


class _People:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def info(self, args: Json) -> Json:
        person = self._workspace.people.get(text_of(args, "user"))
        if person is None:
            raise SlackError("user_not_found")
        return {"user": self._shown(person, args)}

    def list_all(self, args: Json) -> Json:
        page, metadata = page_of(list(self._workspace.people.values()), args, 1000)
        members = [self._shown(person, args) for person in page]
        return {"members": members, "response_metadata": metadata}

    def lookup(self, args: Json) -> Json:
        wanted = text_of(args, "email").lower()
        for person in self._workspace.people.values():
            if person.email.lower() == wanted and not person.deleted:
                return {"user": self._shown(person, args)}
        raise SlackError("users_not_found")

    def bot(self, args: Json) -> Json:
        app = self._workspace.app
        if args.get("bot", app.bot_id) != app.bot_id:
            raise SlackError("bot_not_found")
        bot = {"id": app.bot_id, "name": app.name, "app_id": app.app_id, "user_id": app.bot_user_id}
        return {"bot": bot | {"deleted": False, "updated": 1700000000, "icons": {}}}

    def _shown(self, person: WorkspaceMember, args: Json) -> Json:
        return person.to_user(
            self._workspace.organisation,
            with_email="users:read.email" in self._workspace.app.bot_scopes,
            with_locale=flag_of(args, "include_locale"),
        )
