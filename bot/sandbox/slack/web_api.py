"""`/api/<method>`: tokens, scopes, rate limits and misbehaviour on order, before any method runs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from aiohttp import web

from bot.sandbox.call_log import CallLog
from bot.sandbox.slack.app_config import AppConfig, Tokens
from bot.sandbox.slack.arguments import Method, arguments_of, require_scope
from bot.sandbox.slack.faults import ReplacedAnswer, SlackFaults, cut_answer, drop_answer, misbehave_before
from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.scopes import SCOPES, USER_ALONE
from bot.sandbox.slack.wire import Json, SlackError

log = logging.getLogger(__name__)


class WebApi:
    """Answers every Web API call."""

    def __init__(
        self,
        app: Callable[[], AppConfig],
        tokens: Tokens,
        methods: dict[str, Method],
        limits: RateLimits,
        faults: SlackFaults,
        calls: CallLog,
    ) -> None:
        self._app = app
        self._tokens = tokens
        self._methods = methods
        self._limits = limits
        self._faults = faults
        self._calls = calls

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call: orders to misbehave first, then token, scope and rate limit, then the method."""
        name = request.match_info["method"]
        self._calls.add(name)
        try:
            args = await arguments_of(request)
            order = self._faults.for_method(name, _named(args, "channel"), _named(args, "user"))
            if order is not None:
                await misbehave_before(order)
            body = {"ok": True, **self._run(name, args, _token(request, args))}
            if order is not None and order.fault == "drop_answer":
                drop_answer(request)
            if order is not None and order.fault == "cut_answer":
                return await cut_answer(request, body)
            return self._answer(name, body)
        except ReplacedAnswer as instead:
            return instead.response()
        except SlackError as error:
            log.debug("%s refused: %s", name, error.code)
            return self._answer(name, error.body(), error.status, error.retry_after)

    def _run(self, name: str, args: Json, token: str) -> Json:
        method = self._methods.get(name)
        if method is None:
            raise self._not_offered(name, token)
        self._check_token(method, token)
        if method.scope is not None:
            require_scope(self._app(), method.scope)
        wait = self._limits.retry_after(name, _named(args, "channel"))
        if wait is not None:
            raise SlackError("ratelimited", status=429, retry_after=wait)
        return method.run({key: value for key, value in args.items() if key != "token"})

    def _not_offered(self, name: str, token: str) -> SlackError:
        """A method that Slack has asks for its scope first, and only then for what this stand-in does not do."""
        needed = SCOPES.get(name)
        if needed is None:
            return SlackError("unknown_method", req_method=name)
        try:
            self._check_token(Method(lambda _: {}), token)
        except SlackError as error:
            return error
        if needed == USER_ALONE:
            return SlackError("not_allowed_token_type")
        if not self._app().bot_scopes & needed:
            provided = ",".join(sorted(self._app().bot_scopes))
            return SlackError("missing_scope", needed=",".join(sorted(needed)), provided=provided)
        return SlackError("unknown_method", req_method=name)

    def _check_token(self, method: Method, token: str) -> None:
        if method.token == "none":
            return
        if not token:
            raise SlackError("not_authed")
        wanted = self._tokens.app if method.token == "app" else self._tokens.bot
        other = self._tokens.bot if method.token == "app" else self._tokens.app
        if _same(token, other):
            raise SlackError("not_allowed_token_type")
        if not _same(token, wanted):
            raise SlackError("invalid_auth")

    def _answer(self, name: str, body: Json, status: int = 200, retry_after: int | None = None) -> web.Response:
        # Lower case as on Slack's own wire: slack_sdk keeps the names as they come, and Bolt asks for these.
        headers = {"x-oauth-scopes": ",".join(sorted(self._app().bot_scopes)), "x-slack-req-id": secrets.token_hex(8)}
        method = self._methods.get(name)
        if method is not None and method.scope is not None:
            headers["x-accepted-oauth-scopes"] = method.scope
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        return web.json_response(body, status=status, headers=headers)


def _same(given: str, known: str) -> bool:
    return secrets.compare_digest(given.encode(), known.encode())


def _named(args: Json, name: str) -> str | None:
    value = args.get(name)
    return value if isinstance(value, str) else None


def _token(request: web.Request, args: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(args.get("token", ""))
