"""How the program is, for whoever runs it: `/healthz` says whether it lives, `/readyz` whether it can do its work, and
`/metrics` what it does, as Prometheus asks for it.

At an address of its own and in a thread of its own, in every mode, so that neither what Slack sends nor what strangers
send to HTTP mode is in its way. Whoever can reach it is told; by default that is this machine alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotInTime

from aiohttp import web

from approvals.audit import iso
from bot.conditions import BLOCKING, Conditions
from bot.health import Health
from bot.listening import address_of, listen
from bot.loop_thread import LoopThread
from bot.metrics.page import MetricsPage

log = logging.getLogger(__name__)

START_TIMEOUT_SECONDS = 10.0
STOP_TIMEOUT_SECONDS = 1.0


class AdminSite:
    """`alive` says whether the program's own loops go round."""

    def __init__(
        self,
        host: str,
        port: int,
        alive: Callable[[], bool],
        conditions: Conditions,
        health: Health,
        metrics: MetricsPage,
    ) -> None:
        self._wanted = (host, port)
        self._alive = alive
        self._health = health
        self._conditions = conditions
        self._metrics = metrics
        self._runner: web.AppRunner | None = None
        self._thread = LoopThread("admin")
        self.address: str | None = None
        """Host and port, once it listens."""

    def start(self) -> None:
        """Listen, on a thread of its own; returns once it does.

        Raises:
            SettingsError: the port is taken, or the address is not this machine's.
        """
        listening = listen("PAIREC_ADMIN_LISTEN", *self._wanted)
        self._thread.start()
        application = web.Application()
        application.add_routes(
            [
                web.get("/healthz", self._tell_health),
                web.get("/readyz", self._tell_readiness),
                web.get("/metrics", self._tell_metrics),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)

        async def serve(runner: web.AppRunner) -> None:
            await runner.setup()
            await web.SockSite(runner, listening).start()

        self._thread.call(serve(self._runner), START_TIMEOUT_SECONDS)
        self.address = address_of(listening)
        log.info("health is served", extra={"address": self.address})

    def stop(self) -> None:
        """Close it. Questions in hand have a second to be answered."""
        if self._runner is not None:
            try:
                self._thread.call(self._runner.cleanup(), STOP_TIMEOUT_SECONDS)
            except NotInTime:
                log.warning("not every question about health was answered")
        self._thread.stop()
        self._health.close()
        self._metrics.close()

    async def _tell_health(self, _: web.Request) -> web.Response:
        return _status_response(self._alive())

    async def _tell_readiness(self, _: web.Request) -> web.Response:
        await self._health.is_healthy()
        now = self._conditions.current()
        ready = not BLOCKING & now.keys()
        conditions = [
            {"name": name, "blocks": name in BLOCKING, "since": iso(each.since), "message": each.message}
            for name, each in now.items()
        ]
        return web.json_response({"ready": ready, "conditions": conditions}, status=200 if ready else 503)

    async def _tell_metrics(self, request: web.Request) -> web.Response:
        body, content_type = await self._metrics.body(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})


def _status_response(good: bool) -> web.Response:
    return web.Response(text="ok\n" if good else "no\n", status=200 if good else 503)
