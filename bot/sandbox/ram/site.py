"""The account as an HTTP site: the RPC protocol at `/`, for RAM and IMS, with the misbehaviour that was ordered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from email.utils import formatdate

from aiohttp import web

from bot.sandbox.call_log import CallLog
from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.actions.table import find_action
from bot.sandbox.ram.arns import context, resources
from bot.sandbox.ram.caller import Caller
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.execute import execute
from bot.sandbox.ram.faults import RamFaults
from bot.sandbox.ram.misbehaving import misbehave, respond
from bot.sandbox.ram.nonces import Nonces
from bot.sandbox.ram.own_user import own_answer
from bot.sandbox.ram.permission import authorise, no_permission
from bot.sandbox.ram.signature import verify
from bot.sandbox.ram.throttle import Throttle
from bot.sandbox.ram.wire import RpcRequest, WireAnswer, parse_request, refusal, success

# Parameters travel in the request line, and a policy document alone may take 18 kB of it once encoded.
_MAX_LINE_BYTES = 65536
ANONYMOUS = ""


def ram_site(
    account: CloudAccount,
    faults: RamFaults,
    clock_now: Callable[[], float] = time.time,
    others: Sequence[CloudAccount] = (),
    calls: CallLog | None = None,
) -> web.Application:
    """To be served on loopback. `clock_now` is real time in epoch seconds: signatures do not follow a moved clock.
    `others` are accounts that are here as well, each for those who sign with a key of it. `calls` gets each action.
    """
    site = _RamSite((account, *others), faults, clock_now, calls or CallLog())
    app = web.Application(handler_args={"max_line_size": _MAX_LINE_BYTES})
    app.router.add_route("GET", "/", site.handle)
    app.router.add_route("POST", "/", site.handle)
    app.on_response_prepare.append(site.date)
    app.on_shutdown.append(site.close)
    return app


class _RamSite:
    def __init__(
        self, accounts: Sequence[CloudAccount], faults: RamFaults, clock_now: Callable[[], float], calls: CallLog
    ) -> None:
        self._accounts = accounts
        self._faults = faults
        self._clock_now = clock_now
        self._calls = calls
        self._nonces = Nonces()
        self._throttle = Throttle()
        self._closing = asyncio.Event()

    async def close(self, _: web.Application) -> None:
        """Let go of the calls that hang, undone."""
        self._closing.set()

    async def date(self, _: web.Request, response: web.StreamResponse) -> None:
        """An answer's own date and the dates in it are by one clock."""
        response.headers["Date"] = formatdate(self._accounts[0].now(), usegmt=True)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        rpc: RpcRequest | None = None
        try:
            rpc = parse_request(request.method, request.raw_path, list(request.headers.items()), body, request.remote)
            self._calls.add(rpc.action)
            action = find_action(rpc.version, rpc.action)
            key = verify(rpc, self._secret_of, self._clock_now(), self._nonces) if action.signed else ANONYMOUS
            account = self._account_of(key)
            try:
                self._throttle.admit(rpc.action, writes=action.writes)
                order = self._faults.strike(rpc.action, action.writes, rpc.params, key)
                if order is not None:
                    denied = no_permission(account, f"ram:{rpc.action}", key)

                    async def carry_out(seconds_ago: float = 0.0, account: CloudAccount = account) -> WireAnswer:
                        return self._execute(account, rpc, key, seconds_ago)

                    return await misbehave(request, order, carry_out, denied, self._closing)
            except RamError as error:
                if action.writes:
                    account.record(rpc.action, rpc.params, error.code, rpc.caller_with(key))
                raise
            return respond(self._execute(account, rpc, key))
        except RamError as error:
            return respond(refusal(rpc, error))

    def _secret_of(self, key: str, security_token: str) -> str:
        return self._account_of(key).secret_of(key, security_token)

    def _account_of(self, key: str) -> CloudAccount:
        """The first, for a key that is nobody's."""
        return next((each for each in self._accounts if each.has_key(key)), self._accounts[0])

    def _execute(self, account: CloudAccount, rpc: RpcRequest, key: str, seconds_ago: float = 0.0) -> WireAnswer:
        """The answer to a call that is carried out; RAM's own refusals are answers too."""
        rpc = rpc.new_delivery()
        by = rpc.caller_with(key)
        try:
            if key != ANONYMOUS:
                self._authorise(account, rpc, by)
            done = own_answer(account, key, rpc.action, rpc.params)
            if done is None:
                done = execute(account, rpc.action, rpc.params, version=rpc.version, by=by, seconds_ago=seconds_ago)
        except RamError as error:
            return refusal(rpc, error)
        return success(rpc, done)

    def _authorise(self, account: CloudAccount, rpc: RpcRequest, by: Caller) -> None:
        """Raises `RamError`; a write that is not permitted is in the log like any other that is refused."""
        about = resources(account.account_id, rpc.action, rpc.params)
        try:
            authorise(account, by.key, f"ram:{rpc.action}", about, context(rpc.params))
        except RamError as error:
            if find_action(rpc.version, rpc.action).writes:
                account.record(rpc.action, rpc.params, error.code, by)
            raise
