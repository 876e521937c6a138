"""The methods about the app itself: `api.test`, `auth.test` and the way to a socket."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.slack.arguments import Method
from bot.sandbox.slack.request_urls import RequestUrls
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.wire import Json, SlackError
from bot.sandbox.slack.workspace import Workspace


def app_methods(
    workspace: Workspace, sockets: Sockets, urls: RequestUrls, socket_base: Callable[[], str]
) -> dict[str, Method]:
    """`socket_base` gives the ws:// address of the site, which is known only once it listens."""
    app, team = workspace.app, workspace.team

    def api_test(args: Json) -> Json:
        if "error" in args:
            raise SlackError(str(args["error"]), args=args)
        return {"args": args}

    def auth_test(args: Json) -> Json:
        organisation = workspace.organisation
        everywhere = organisation is not None and organisation.everywhere
        answer = {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.name,
            "user": app.name,
            "team_id": organisation.id if organisation and everywhere else team.id,
            "user_id": app.bot_user_id,
            "bot_id": app.bot_id,
            "is_enterprise_install": everywhere,
        }
        return answer | ({"enterprise_id": organisation.id} if organisation else {})

    def connections_open(args: Json) -> Json:
        if not app.socket_mode or urls.in_use:
            raise SlackError("forbidden_team")
        return {"url": f"{socket_base()}/socket/{sockets.issue_ticket()}"}

    return {
        "api.test": Method(api_test, token="none"),
        "auth.test": Method(auth_test),
        "apps.connections.open": Method(connections_open, token="app"),
    }
