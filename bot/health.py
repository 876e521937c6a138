"""Whether the program can do its work, for the load balancer that asks."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from approvals.ledger import Ledger

log = logging.getLogger(__name__)

LOOK_WITHIN = 2.0
"""Seconds; a ledger that takes longer to answer is of no use to somebody who clicks either."""


class Health:
    """Reads the ledger when asked. However many ask, one look is under way at a time, and all get its answer."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")
        self._look: asyncio.Future[bool] | None = None

    async def good(self) -> bool:
        if self._look is None or self._look.done():
            self._look = asyncio.get_running_loop().run_in_executor(self._thread, self._reads)
        try:
            return await asyncio.wait_for(asyncio.shield(self._look), LOOK_WITHIN)
        except TimeoutError:
            log.warning("the ledger does not answer in time")
            return False

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _reads(self) -> bool:
        try:
            with self._ledger.read() as tx:
                tx.rows("SELECT COUNT(*) AS number FROM links")
        except self._ledger.troubles as error:
            log.warning("the ledger cannot be read", extra={"error": type(error).__name__})
            return False
        return True
