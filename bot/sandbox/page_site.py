"""The page's site: its files, a view of the account, and the addresses that its buttons and headless people use."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Iterable
from pathlib import Path

from aiohttp import web

from bot.sandbox.slack.page_guard import add_page_headers, page_guard
from bot.sandbox.slack.wire import Json


def page_site(view_account: Callable[[], Json], routes: Iterable[web.RouteDef]) -> web.Application:
    """`view_account` is what the page shows of the cloud account; `routes` are all others."""
    application = web.Application(middlewares=[page_guard])
    application.on_response_prepare.append(add_page_headers)
    folder = Path(str(importlib.resources.files("bot.sandbox"))) / "page"

    async def account(_: web.Request) -> web.Response:
        return web.json_response(view_account())

    async def index(_: web.Request) -> web.FileResponse:
        return web.FileResponse(folder / "index.html")

    application.add_routes(routes)
    application.add_routes([web.get("/account", account), web.get("/", index), web.static("/", folder)])
    return application
