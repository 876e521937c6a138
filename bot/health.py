"""Whether the ledger can be read, for whoever asks how the program is."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from approvals.ledger import Ledger
from bot.conditions import Conditions

LOOK_TIMEOUT_SECONDS = 2.0
"""Seconds; a ledger that takes longer to answer is of no use to somebody who clicks either."""


class Health:
    """Reads the ledger when asked. However many ask, one look is under way at a time, and all get its answer."""

    def __init__(self, ledger: Ledger, conditions: Conditions) -> None:
        """A ledger that does not do is among the `conditions`."""
        self._ledger = ledger
        self._conditions = conditions
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")
        self._look: asyncio.Future[bool] | None = None

    async def is_healthy(self) -> bool:
        """Whether the ledger could be read within two seconds."""
        if self._look is None or self._look.done():
            self._look = asyncio.get_running_loop().run_in_executor(self._thread, self._reads)
        try:
            return await asyncio.wait_for(asyncio.shield(self._look), LOOK_TIMEOUT_SECONDS)
        except TimeoutError:
            self._conditions.report("ledger", f"the ledger does not answer within {LOOK_TIMEOUT_SECONDS:.0f} s")
            return False

    def close(self) -> None:
        """Look no more; a look that hangs is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _reads(self) -> bool:
        try:
            with self._ledger.read() as tx:
                tx.rows("SELECT COUNT(*) AS number FROM links")
        except self._ledger.engine_errors as error:
            self._conditions.report("ledger", f"the ledger cannot be read ({type(error).__name__})")
            return False
        self._conditions.clear("ledger")
        return True
