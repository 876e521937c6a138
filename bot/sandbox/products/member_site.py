"""The three products' members on the wire: who calls, what is ordered, the answer, and what is noted of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from bot.sandbox.products import dataworks, maxcompute_members, pai
from bot.sandbox.products.member_call import About, MemberCall, Service, decoded
from bot.sandbox.products.membership import Membership
from bot.sandbox.products.places import PlaceKey
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.faults import RamFaults
from bot.sandbox.ram.misbehaving import misbehave, respond
from bot.sandbox.ram.nonces import Nonces
from bot.sandbox.ram.permission import authorise, no_permission
from bot.sandbox.ram.signature import verify
from bot.sandbox.ram.throttle import Throttle
from bot.sandbox.ram.wire import RpcRequest, WireAnswer, parse_request, refusal, success

SERVICES = (dataworks.SERVICE, maxcompute_members.SERVICE, pai.SERVICE)
ACTIONS = frozenset(action for service in SERVICES for action in service.operations)
_ROUTES = ((pai.SERVICE, pai.ROUTES), (maxcompute_members.SERVICE, maxcompute_members.ROUTES))
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
    """DataWorks in RPC style at `/`, MaxCompute and PAI in ROA style at their paths."""

    def __init__(
        self,
        membership: Membership,
        faults: RamFaults,
        nonces: Nonces,
        clock_now: Callable[[], float],
        closing: asyncio.Event,
    ) -> None:
        """`clock_now` is real time in epoch seconds; on `closing`, calls that hang are let go."""
        self._membership = membership
        self._faults = faults
        self._nonces = nonces
        self._clock_now = clock_now
        self._closing = closing
        self._throttles = {each.product: Throttle(limits=each.limits) for each in SERVICES if each.limits}

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """After all others, since it answers for every path below /api/v1 that nobody else has."""
        for method in ("GET", "POST"):
            router.add_route(method, "/", self._rpc)
        for service, routes in _ROUTES:
            for method, path, action in routes:
                router.add_route(method, path, partial(self._roa, service, action))
        router.add_route("*", "/api/v1/{rest:.*}", self._unknown)

    async def _rpc(self, request: web.Request) -> web.StreamResponse:
        rpc: RpcRequest | None = None
        service = dataworks.SERVICE
        try:
            rpc = parse_request(request.method, request.raw_path, list(request.headers.items()), await request.read())
            if not rpc.action or rpc.version != service.version:
                raise RamError(400, "InvalidParameter", 'The specified parameter "Action or Version" is not valid.')
            if rpc.action not in service.operations:
                raise _no_such_api()
            key = self._caller(rpc)
            given = {name: value for name, value in rpc.params.items() if rpc.authorization or name not in _SIGNING}
            return await self._answer(request, service, rpc, rpc.action, dataworks.read_params(given), key)
        except RamError as error:
            return respond(_refused(service, rpc, error))

    async def _roa(self, service: Service, action: str, request: web.Request) -> web.StreamResponse:
        rpc: RpcRequest | None = None
        try:
            rpc = parse_request(request.method, request.raw_path, list(request.headers.items()), await request.read())
            if rpc.version != service.version or rpc.action != action:
                raise RamError(400, "InvalidParameter", 'The specified parameter "Action or Version" is not valid.')
            if not rpc.authorization:
                # The older signature does not cover the path, which says here what to do.
                raise RamError(400, "IncompleteSignature", "The Authorization header is mandatory for this action.")
            key = self._caller(rpc)
            body = decoded("body", rpc.body.decode(errors="replace")) if rpc.body else {}
            if not isinstance(body, dict):
                raise RamError(400, "InvalidParameter", "The body must be a JSON object.")
            params = {**body, **dict(rpc.query), **request.match_info}
            return await self._answer(request, service, rpc, action, params, key)
        except RamError as error:
            return respond(_refused(service, rpc, error))

    async def _unknown(self, _: web.Request) -> web.StreamResponse:
        return respond(refusal(None, _no_such_api()))

    def _caller(self, rpc: RpcRequest) -> str:
        return verify(rpc, self._membership.account.secret_of, self._clock_now(), self._nonces)

    async def _answer(
        self, request: web.Request, service: Service, rpc: RpcRequest, action: str, params: Mapping[str, Any], key: str
    ) -> web.StreamResponse:
        call = MemberCall(self._membership, params)
        about = service.about(call)
        writes = service.operations[action].writes

        def note(result: str, rpc: RpcRequest = rpc) -> None:
            by = rpc.caller_with(key)
            self._membership.note_call(service.product, action, params, result, by)
            if writes:
                at = PlaceKey(service.product, about.place)
                self._membership.note_write(action, at, self._name(about), about.roles, result, by)

        def carry_out(seconds_ago: float = 0.0) -> WireAnswer:
            delivery = rpc.new_delivery()
            # Whoever sees what came of a call finds the call itself as well.
            with self._membership.locked():
                try:
                    arn = service.arn.format(account=self._membership.account.account_id, place=about.place or "*")
                    authorise(self._membership.account, key, f"{service.prefix}:{action}", (arn,))
                    done = service.run(action, replace(call, seconds_ago=seconds_ago))
                except RamError as error:
                    note(error.code, delivery)
                    return _refused(service, delivery, error)
                note("ok", delivery)
            return _written(service, success(delivery, done))

        if throttle := self._throttles.get(service.product):
            try:
                throttle.admit(action, writes=writes)
            except RamError as error:
                note(error.code)
                raise
        named = {"UserName": self._name(about), "Place": about.place, "Product": service.product}
        order = self._faults.strike(action, writes, named, key)
        if order is None:
            return respond(carry_out())
        if order.fault in _SPOKEN_TO_NOBODY and not order.done:
            note(order.fault)
        denied = no_permission(self._membership.account, f"{service.prefix}:{action}", key)
        try:
            return await misbehave(request, order, carry_out, denied, self._closing)
        except RamError as error:
            note(error.code)
            raise

    def _name(self, about: About) -> str:
        return ", ".join(self._membership.name_of(user) for user in about.users)


def _no_such_api() -> RamError:
    return RamError(404, "InvalidAction.NotFound", "The specified API is not found, please check the url and method.")


def _refused(service: Service, rpc: RpcRequest | None, error: RamError) -> WireAnswer:
    return _written(service, refusal(rpc, error))


def _written(service: Service, answer: WireAnswer) -> WireAnswer:
    """With the names in the product's own spelling."""
    if not service.lower_case or "json" not in answer.headers["Content-Type"]:
        return answer
    fields = {name[:1].lower() + name[1:]: value for name, value in json.loads(answer.body).items()}
    return replace(answer, body=json.dumps(fields, ensure_ascii=False).encode())
