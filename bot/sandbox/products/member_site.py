"""The products' members on the wire: who calls, what is ordered, the answer, and what is noted of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aiohttp import web

from bot.sandbox.products.made_call import MadeCall, written
from bot.sandbox.products.member_call import Service, decoded
from bot.sandbox.products.membership import Membership
from bot.sandbox.ram.connection import reset
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.faults import RamFaults
from bot.sandbox.ram.misbehaving import misbehave, respond
from bot.sandbox.ram.nonces import Nonces
from bot.sandbox.ram.permission import no_permission
from bot.sandbox.ram.signature import verify
from bot.sandbox.ram.throttle import Throttle
from bot.sandbox.ram.wire import RpcRequest, WireAnswer, parse_request, refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_THREADS = 32
_SPOKEN_TO_NOBODY = ("html", "empty", "no_code", "reset")
"""Faults of which the call itself learns nothing."""
_SIGNING = frozenset(
    (
        *("AccessKeyId", "Action", "Format", "SecurityToken", "Timestamp", "Version"),
        *("Signature", "SignatureMethod", "SignatureNonce", "SignatureType", "SignatureVersion"),
    )
)
"""What is among the parameters besides the action's own, where the signature is in them too."""


class MemberSite:
    """APIs in RPC style at `/`, told apart by their version, and those in ROA style at their paths."""

    def __init__(
        self,
        services: Iterable[Service],
        membership: Membership,
        faults: RamFaults,
        nonces: Nonces,
        clock_now: Callable[[], float],
        closing: asyncio.Event,
    ) -> None:
        """`clock_now` is real time in epoch seconds; on `closing`, calls that hang are let go."""
        self._services = {each.version: each for each in services}
        self._membership = membership
        self._faults = faults
        self._nonces = nonces
        self._clock_now = clock_now
        self._closing = closing
        self._threads = ThreadPoolExecutor(_THREADS, "members")
        """For calls that wait for a database: the event loop is everybody's."""
        self._throttles = {
            each.product: Throttle(limits=each.limits) for each in self._services.values() if each.limits
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """After all others, since it answers for every path beside those of a product that nobody else has."""
        for method in ("GET", "POST"):
            router.add_route(method, "/", self._rpc)
        for service in self._services.values():
            for method, path, action in service.routes:
                router.add_route(method, path, partial(self._roa, service, action))
        versions = {"/".join(path.split("/")[:3]) for each in self._services.values() for _, path, _ in each.routes}
        for version in sorted(versions):
            router.add_route("*", f"{version}/{{rest:.*}}", self._unknown)

    def beside(self, method: str, path: str, otherwise: Handler) -> Handler:
        """What answers at a path that another product has as well: they have hosts of their own, and here the version
        tells them apart.
        """
        here = {
            service.version: partial(self._roa, service, action)
            for service in self._services.values()
            for has, at, action in service.routes
            if (has, at) == (method, path)
        }

        async def answer(request: web.Request) -> web.StreamResponse:
            return await here.get(request.headers.get("x-acs-version", ""), otherwise)(request)

        return answer

    def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _rpc(self, request: web.Request) -> web.StreamResponse:
        rpc: RpcRequest | None = None
        service: Service | None = None
        try:
            rpc = await _read(request)
            meant = self._services.get(rpc.version)
            if not rpc.action or meant is None or meant.routes:
                raise RamError(400, "InvalidParameter", 'The specified parameter "Action or Version" is not valid.')
            service = meant
            if rpc.action not in service.operations:
                raise _no_such_api()
            key = self._caller(rpc)
            given = {name: value for name, value in rpc.params.items() if rpc.authorization or name not in _SIGNING}
            return await self._answer(request, service, rpc, rpc.action, service.read_params(given), key)
        except RamError as error:
            return respond(self._refused(service, rpc, error))

    async def _roa(self, service: Service, action: str, request: web.Request) -> web.StreamResponse:
        rpc: RpcRequest | None = None
        try:
            rpc = await _read(request)
            if rpc.version != service.version or rpc.action != action:
                raise RamError(400, "InvalidParameter", 'The specified parameter "Action or Version" is not valid.')
            if not rpc.authorization:
                # The older signature does not cover the path, which says here what to do.
                raise RamError(400, "IncompleteSignature", "The Authorization header is mandatory for this action.")
            key = self._caller(rpc)
            body = decoded("body", rpc.body.decode(errors="replace")) if rpc.body else {}
            if not isinstance(body, dict):
                raise RamError(400, "InvalidParameter", "The body must be a JSON object.")
            headers = {name: rpc.header(name) for name in service.headers if rpc.header(name)}
            params = {**body, **dict(rpc.query), **request.match_info, **headers}
            return await self._answer(request, service, rpc, action, params, key)
        except RamError as error:
            return respond(self._refused(service, rpc, error))

    async def _unknown(self, _: web.Request) -> web.StreamResponse:
        return respond(refusal(None, _no_such_api()))

    def _caller(self, rpc: RpcRequest) -> str:
        return verify(rpc, self._membership.account.secret_of, self._clock_now(), self._nonces)

    async def _answer(
        self, request: web.Request, service: Service, rpc: RpcRequest, action: str, params: Mapping[str, Any], key: str
    ) -> web.StreamResponse:
        made = MadeCall(self._membership, service, action, params, rpc, key)
        if not service.reachable(made.call):
            return reset(request)

        async def carry_out(seconds_ago: float = 0.0) -> WireAnswer:
            if service.observed is None:
                return made.carry_out(seconds_ago)
            return await asyncio.get_running_loop().run_in_executor(self._threads, made.carry_out, seconds_ago)

        if throttle := self._throttles.get(service.product):
            try:
                throttle.admit(action, writes=made.writes)
            except RamError as error:
                made.note(error.code)
                raise
        order = self._faults.strike(action, made.writes, made.named(), key)
        if order is None:
            return respond(await carry_out())
        if order.fault in _SPOKEN_TO_NOBODY and not order.done:
            made.note(order.fault)
        denied = no_permission(self._membership.account, f"{service.prefix}:{action}", key)
        try:
            return await misbehave(request, order, carry_out, denied, self._closing)
        except RamError as error:
            made.note(error.code)
            raise

    def _refused(self, service: Service | None, rpc: RpcRequest | None, error: RamError) -> WireAnswer:
        """As the API of the version that is asked for, which need not be the one that is asked."""
        meant = self._services.get(rpc.version) if rpc else None
        return written(service, "", refusal(rpc, error, meant.name if meant else None))


def _no_such_api() -> RamError:
    return RamError(404, "InvalidAction.NotFound", "The specified API is not found, please check the url and method.")


async def _read(request: web.Request) -> RpcRequest:
    headers = list(request.headers.items())
    return parse_request(request.method, request.raw_path, headers, await request.read(), request.remote)
