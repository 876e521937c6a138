"""What a worker that was held up has to record when it comes back, and nobody else can: it is written again and again
for a while, also to a ledger that cannot be written right now.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from approvals.errors import LostLock
from approvals.ledger import Ledger, jobs
from approvals.ledger.jobs import Job
from approvals.ports import Clock

log = logging.getLogger(__name__)

TRIES, AGAIN_AFTER = 30, 1.0
"""How often, and so many seconds apart."""


def retry_write(ledger: Ledger, write: Callable[[], None], what: str) -> None:
    """`what` is for the log, whose owner has to put it right by hand where the ledger takes it not at all."""
    for _ in range(TRIES):
        try:
            write()
        except ledger.engine_errors as engine_error:
            log.warning("not in the ledger yet", extra={"what": what, "error": str(engine_error)})
            time.sleep(AGAIN_AFTER)
        else:
            return
    log.error("not in the ledger, and given up: look at it, and put it right by hand", extra={"what": what})


@contextmanager
def redraw_if_late(ledger: Ledger, job: Job, clock: Clock) -> Iterator[None]:
    """Around all that a job does which shows how something stands. Where its worker was held up and lost it, what it
    has shown may be older than what another showed meanwhile: it is drawn once more.

    Raises:
        LostLock: as what is done in it does.
    """
    try:
        yield
    except LostLock:
        _draw_again(ledger, job, clock)
        raise
    except ledger.engine_errors:
        if job.leased_until <= clock.steady():
            _draw_again(ledger, job, clock)
        raise


def _draw_again(ledger: Ledger, job: Job, clock: Clock) -> None:
    def put() -> None:
        with ledger.write() as tx:
            jobs.enqueue(tx, job.id, job.kind, due_at=clock.now(), payload=job.payload, lane=job.lane)

    retry_write(ledger, put, f"what {job.id} has drawn late")
