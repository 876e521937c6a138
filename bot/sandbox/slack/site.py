"""The Slack workspace as a whole: its parts wired together, and the site that an app talks to."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.call_log import CallLog
from bot.sandbox.slack.app_config import Timing, Tokens
from bot.sandbox.slack.deliveries import Deliveries
from bot.sandbox.slack.faults import SlackFaults
from bot.sandbox.slack.interactions import Interactions
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.methods_app import app_methods
from bot.sandbox.slack.methods_blocks import block_methods
from bot.sandbox.slack.methods_chat import chat_methods
from bot.sandbox.slack.methods_conversations import conversation_methods
from bot.sandbox.slack.methods_people import people_methods
from bot.sandbox.slack.methods_usergroups import usergroup_methods
from bot.sandbox.slack.methods_views import view_methods
from bot.sandbox.slack.modals import Modals
from bot.sandbox.slack.payloads import Payloads
from bot.sandbox.slack.replies import Replies
from bot.sandbox.slack.request_urls import RequestUrls
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.workflows import Workflows
from bot.sandbox.slack.workspace import Workspace


class SlackSite:
    """Owns what lives as long as the workspace does. `listen_at` must be called once the address is known."""

    def __init__(self, workspace: Workspace, tokens: Tokens, timing: Timing, limits: RateLimits) -> None:
        self.workspace = workspace
        self.calls = CallLog()
        """Web API methods, and `response_url`."""
        self.faults = SlackFaults()
        self.sockets = Sockets(workspace.app, timing, self.faults)
        self.request_urls = RequestUrls(tokens, timing, self.faults)
        self.deliveries = Deliveries(self.sockets, self.request_urls, timing, self.faults)
        self.triggers = Triggers(timing.trigger_seconds)
        self.replies = Replies(workspace, timing, self.faults, self.calls)
        payloads = self.payloads = Payloads(workspace, tokens)
        self.interactions = Interactions(workspace, self.deliveries, payloads, self.triggers, self.replies)
        self.modals = Modals(self.interactions)
        self.workflows = Workflows(workspace)
        self._socket_base = ""
        methods = {
            **app_methods(workspace, self.sockets, self.request_urls, lambda: self._socket_base),
            **block_methods(),
            **chat_methods(workspace),
            **conversation_methods(workspace),
            **people_methods(workspace),
            **usergroup_methods(workspace),
            **view_methods(workspace, self.triggers),
            **self.workflows.methods(),
        }
        self.web_api = WebApi(lambda: workspace.app, tokens, methods, limits, self.faults, self.calls)

    def listen_at(self, base: str) -> None:
        """`base` is how an app reaches it: http:// or https://, a host and a port."""
        self.replies.base_url = base
        self._socket_base = base.replace("http", "ws", 1)

    def application(self) -> web.Application:
        """The Web API, the sockets, and the addresses that come with commands and clicks."""
        application = web.Application(client_max_size=4 * 1024 * 1024)
        application.add_routes(
            [
                web.route("*", "/api/{method}", self.web_api.handle),
                web.get("/socket/{ticket}", self.sockets.serve),
                web.post("/respond/{token}", self.replies.receive),
            ]
        )
        return application

    async def stop(self) -> None:
        """Cut sockets and give up on events that were still to be delivered again."""
        self.sockets.drop()
        await self.deliveries.stop()
