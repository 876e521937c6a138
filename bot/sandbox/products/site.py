"""PAI-Rec, MaxCompute and the products of member roles as one HTTP site, with the misbehaviour that was ordered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from functools import partial

from aiohttp import web

from bot.sandbox.products import maxcompute, pairec
from bot.sandbox.products.member_site import MemberSite
from bot.sandbox.products.members import stand_ins
from bot.sandbox.products.membership import Membership
from bot.sandbox.products.state import SandboxProducts
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.faults import RamFaults
from bot.sandbox.ram.misbehaving import misbehave, respond
from bot.sandbox.ram.nonces import Nonces
from bot.sandbox.ram.permission import authorise, no_permission
from bot.sandbox.ram.signature import verify
from bot.sandbox.ram.wire import WireAnswer, parse_request, refusal, success

ODPS = "/api"
"""Under which the paths of MaxCompute's older API are, as in its public endpoints."""


def products_site(
    account: CloudAccount,
    products: SandboxProducts,
    membership: Membership,
    faults: RamFaults,
    clock_now: Callable[[], float] = time.time,
) -> web.Application:
    """To be served on loopback. `clock_now` is real time in epoch seconds."""
    closing = asyncio.Event()
    nonces = Nonces()
    site = _ProductsSite(account, products, faults, nonces, clock_now, closing)
    app = web.Application()
    services = {each.service.version: each.service for each in stand_ins().values()}
    members = MemberSite(services.values(), membership, faults, nonces, clock_now, closing)
    instance = "/api/v1/instances/{instanceId}"
    app.router.add_get(instance, members.beside("GET", instance, partial(site.pairec, pairec.GET)))
    app.router.add_get(f"{instance}/resources", partial(site.pairec, pairec.LIST))
    app.router.add_post(f"{instance}/action/checkresources", partial(site.pairec, pairec.CHECK))
    app.router.add_get(f"{ODPS}/logview/host", partial(site.maxcompute, maxcompute.OTHER))
    app.router.add_get(f"{ODPS}/tenants", partial(site.maxcompute, maxcompute.OTHER))
    app.router.add_get(f"{ODPS}/projects/{{project}}", partial(site.maxcompute, maxcompute.PROPERTIES))
    app.router.add_post(f"{ODPS}/projects/{{project}}/authorization", partial(site.maxcompute, maxcompute.QUERY))
    members.add_routes(app.router)

    async def let_go(_: web.Application) -> None:
        """Of the calls that hang, undone."""
        closing.set()
        members.close()

    app.on_shutdown.append(let_go)
    return app


class _ProductsSite:
    def __init__(
        self,
        account: CloudAccount,
        products: SandboxProducts,
        faults: RamFaults,
        nonces: Nonces,
        clock_now: Callable[[], float],
        closing: asyncio.Event,
    ) -> None:
        self._account = account
        self._products = products
        self._faults = faults
        self._clock_now = clock_now
        self._nonces = nonces
        self._closing = closing

    async def pairec(self, action: str, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        try:
            rpc = parse_request(request.method, request.raw_path, list(request.headers.items()), body)
        except RamError as error:
            return respond(refusal(None, error))

        async def carry_out(_: float = 0.0) -> WireAnswer:
            try:
                authorise(self._account, key, f"pairec:{action}", ("*",))
                instance = request.match_info["instanceId"]
                answer = pairec.pairec_answer(self._products, action, instance, dict(request.query), body)
            except RamError as error:
                return refusal(rpc, error)
            return success(rpc, answer)

        try:
            key = verify(rpc, self._account.secret_of, self._clock_now(), self._nonces)
            order = self._faults.strike(action, False, dict(request.query), key)
            if order is None:
                return respond(await carry_out())
            denied = no_permission(self._account, f"pairec:{action}", key)
            return await misbehave(request, order, carry_out, denied, self._closing)
        except RamError as error:
            return respond(refusal(rpc, error))

    async def maxcompute(self, action: str, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        target = request.raw_path.removeprefix(ODPS)

        async def carry_out(_: float = 0.0) -> WireAnswer:
            try:
                return self._odps(action, request, body)
            except RamError as error:
                return maxcompute.refusal(error)

        try:
            key = maxcompute.verify(request.method, target, request.headers, self._account.secret_of)
            order = None if action == maxcompute.OTHER else self._faults.strike(action, False, {}, key)
            if order is None:
                return respond(await carry_out())
            denied = RamError(403, "ODPS-0420095", "Access Denied - you have no privilege.")
            return await misbehave(request, order, carry_out, denied, self._closing)
        except RamError as error:
            return respond(maxcompute.refusal(error))

    def _odps(self, action: str, request: web.Request, body: bytes) -> WireAnswer:
        project = request.match_info.get("project", "")
        if action == maxcompute.QUERY:
            return maxcompute.security_query(self._products, project, body)
        if action == maxcompute.PROPERTIES and "extended" in request.query:
            return maxcompute.extended_properties(self._products, project)
        if action == maxcompute.PROPERTIES:
            return maxcompute.project_properties(self._products, project)
        tenant = json.dumps({"Tenant": {"Name": "workshop", "TenantMeta": "{}"}}).encode()
        return WireAnswer(200, {"Content-Type": "application/json"}, tenant)
