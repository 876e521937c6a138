"""ActionTrail as an HTTP site: its one read, with the misbehaviour that was ordered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from aiohttp import web

from bot.sandbox.actiontrail.events import TrailEvents
from bot.sandbox.actiontrail.lookup import ACTION, VERSION, lookup
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.faults import RamFaults
from bot.sandbox.ram.misbehaving import misbehave, respond
from bot.sandbox.ram.nonces import Nonces
from bot.sandbox.ram.permission import authorise, no_permission
from bot.sandbox.ram.signature import verify
from bot.sandbox.ram.throttle import Limits, Throttle
from bot.sandbox.ram.wire import ApiName, RpcRequest, WireAnswer, parse_request, refusal, success

ACTIONS = frozenset({ACTION})
LIMITS = Limits(reads=2, writes=2)
"""Two queries a second (help/actiontrail, limits); the API's metadata says ten."""
NAME = ApiName("actiontrail.cn-hangzhou.aliyuncs.com", "Actiontrail")
PERMISSION = f"actiontrail:{ACTION}"


def throttle() -> Throttle:
    """An account's."""
    return Throttle(limits=LIMITS)


def actiontrail_site(
    account: CloudAccount,
    events: TrailEvents,
    faults: RamFaults,
    limit: Throttle,
    clock_now: Callable[[], float] = time.time,
    *,
    of_region: bool = False,
) -> web.Application:
    """To be served on loopback. `limit`: the account's, wherever it is asked. `clock_now` is real time in epoch
    seconds: signatures do not follow a moved clock. `of_region`: where the products are.
    """
    closing = asyncio.Event()
    nonces = Nonces()

    async def let_go(_: web.Application) -> None:
        closing.set()

    async def handle(request: web.Request) -> web.StreamResponse:
        rpc: RpcRequest | None = None
        body = await request.read()
        try:
            rpc = asked = parse_request(request.method, request.raw_path, list(request.headers.items()), body)
            if (asked.version, asked.action) != (VERSION, ACTION):
                raise RamError(404, "InvalidAction.NotFound", "Specified api is not found.")
            key = verify(asked, account.secret_of, clock_now(), nonces)

            async def carry_out(_: float = 0.0) -> WireAnswer:
                try:
                    authorise(account, key, PERMISSION, ("*",))
                    return success(asked, lookup(events, asked.params, account.now(), of_region=of_region))
                except RamError as error:
                    return refusal(asked, error, NAME)

            limit.admit(ACTION, writes=False)
            order = faults.strike(ACTION, False, asked.params, key)
            if order is None:
                return respond(await carry_out())
            return await misbehave(request, order, carry_out, no_permission(account, PERMISSION, key), closing)
        except RamError as error:
            return respond(refusal(rpc, error, NAME))

    app = web.Application()
    app.router.add_route("GET", "/", handle)
    app.router.add_route("POST", "/", handle)
    app.on_shutdown.append(let_go)
    return app
