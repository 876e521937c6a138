"""The page that a monitoring system reads. However many ask at once, one look is under way, and all get its answer,
which holds for some seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from prometheus_client.exposition import choose_encoder

from bot.health import Health
from bot.metrics.ledger_collector import LedgerCollector
from bot.metrics.metrics import Metrics
from bot.metrics.state_collector import StateCollector

HOLDS_SECONDS = 3.0
"""Seconds; less than what any monitoring system leaves between two looks."""
LOOK_TIMEOUT_SECONDS = 4.0


class MetricsPage:
    """Asked from one thread alone, that of the site."""

    def __init__(
        self,
        metrics: Metrics,
        health: Health,
        ledger: LedgerCollector,
        state: StateCollector,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Puts what the ledger and the process tell beside what is counted."""
        self._registry = metrics.registry
        self._registry.register(ledger)
        self._registry.register(state)
        self._health = health
        self._ledger = ledger
        self._monotonic = monotonic
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="metrics")
        self._look: asyncio.Task[None] | None = None
        self._read: asyncio.Future[None] | None = None
        self._bodies: dict[str, bytes] = {}
        """By content type, of the last look."""
        self._looked_at = float("-inf")

    async def body(self, accept: str) -> tuple[bytes, str]:
        """What it looks like now and its content type, in whichever of Prometheus' formats `accept` asks for."""
        if self._monotonic() - self._looked_at >= HOLDS_SECONDS:
            if self._look is None or self._look.done():
                self._look = asyncio.ensure_future(self._look_anew())
            await asyncio.shield(self._look)
        try:
            encode, content_type = choose_encoder(accept)
        except (TypeError, ValueError):
            # It wants a version that is no number.
            encode, content_type = choose_encoder("")
        if content_type not in self._bodies:
            self._bodies[content_type] = encode(self._registry)
        return self._bodies[content_type], content_type

    def close(self) -> None:
        """Look no more; a look that hangs is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _look_anew(self) -> None:
        # What the ledger does not say in time is left out, and the condition says why.
        if await self._health.is_healthy():
            if self._read is None or self._read.done():
                self._read = asyncio.get_running_loop().run_in_executor(self._thread, self._ledger.look)
            await asyncio.wait({self._read}, timeout=LOOK_TIMEOUT_SECONDS)
        else:
            self._ledger.forget()
        self._bodies.clear()
        self._looked_at = self._monotonic()
