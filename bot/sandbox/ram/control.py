"""`/control/ram`: give, list and clear orders to misbehave. Mounted by the site that serves the page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import web

from bot.sandbox.ram.faults import FAULTS, BadFault, RamFaults

PATH = "/control/ram"


def control_routes(faults: RamFaults, owner: Mapping[str, str] | None = None) -> list[web.RouteDef]:
    """GET lists the orders and the kinds of fault, POST adds one (400 and a sentence if bad), DELETE clears all. GET
    gives the account's own access key too (`owner`), which may do anything.
    """

    async def list_orders(_: web.Request) -> web.Response:
        kinds = {name: meaning for name, (meaning, _) in FAULTS.items()}
        keys = {"owner": dict(owner)} if owner else {}
        return web.json_response({"orders": faults.standing(), "faults": kinds, **keys})

    async def add_order(request: web.Request) -> web.Response:
        try:
            order = faults.add(await request.json())
        except BadFault as error:
            return _bad(str(error))
        except (ValueError, RecursionError):
            return _bad("An order is a JSON object.")
        # A door that was told to shut is shut before the answer goes.
        await asyncio.sleep(0)
        return web.json_response({"ok": True, "order": order.as_json()})

    async def clear_faults(_: web.Request) -> web.Response:
        faults.clear()
        return web.json_response({"ok": True})

    return [web.get(PATH, list_orders), web.post(PATH, add_order), web.delete(PATH, clear_faults)]


def _bad(sentence: str) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=400)
