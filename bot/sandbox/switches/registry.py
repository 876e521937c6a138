"""All that can be broken, and how the page breaks it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from bot.sandbox.products.state import SandboxProducts
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.switches.policies import PolicySwitches
from bot.sandbox.switches.roles import RoleSwitches
from bot.sandbox.switches.services import ServiceSwitches
from bot.sandbox.switches.switch import Switch
from bot.sandbox.switches.tenant import tenant_switches
from bot.sandbox.switches.users import UserSwitches


class Switches:
    """All that can be broken, by name."""

    def __init__(
        self,
        account: CloudAccount,
        products: SandboxProducts,
        changed: Callable[[], None],
        more: Iterable[Switch] = (),
    ) -> None:
        """`changed` is called after each turn. `more`: of what is neither the account's nor among its products."""
        self._changed = changed
        found = (
            *RoleSwitches(account).all(),
            *ServiceSwitches(account, products).all(),
            *PolicySwitches(account).all(),
            *tenant_switches(products),
            *UserSwitches(account).all(),
            *more,
        )
        self._all = {switch.name: switch for switch in found}

    def turn(self, name: str, broken: bool) -> None:
        """KeyError for a name that there is not; nothing is done to what is so already."""
        switch = self._all[name]
        if switch.broken() is not broken:
            switch.turn(broken)
            self._changed()

    async def turn_aside(self, name: str, broken: bool) -> None:
        """The same, from the event loop, which waits for none of them."""
        if self._all[name].waits:
            await asyncio.to_thread(self.turn, name, broken)
        else:
            self.turn(name, broken)

    def listed(self) -> list[dict[str, Any]]:
        """Every switch with how it stands now, JSON-ready."""
        return [
            {"name": each.name, "title": each.title, "what": each.what, "broken": each.broken()}
            for each in self._all.values()
        ]


def switch_routes(switches: Switches) -> list[web.RouteDef]:
    """`/switches`: what is broken; break something, or put it right."""

    async def read(_: web.Request) -> web.Response:
        return web.json_response({"switches": switches.listed()})

    async def turn(request: web.Request) -> web.Response:
        try:
            order = await request.json()
        except (ValueError, RecursionError):
            order = None
        name = order.get("name") if isinstance(order, dict) else None
        broken = order.get("broken") if isinstance(order, dict) else None
        if not isinstance(name, str) or not isinstance(broken, bool):
            raise web.HTTPBadRequest(text="a name, and whether it is to be broken, are needed")
        try:
            await switches.turn_aside(name, broken)
        except KeyError:
            raise web.HTTPBadRequest(text="there is no such switch") from None
        return web.json_response({"switches": switches.listed()})

    return [web.get("/switches", read), web.post("/switches", turn)]
