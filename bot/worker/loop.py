"""Claim due jobs and perform them, a few at a time, for as long as the program runs.

Two of these run side by side, one for the cloud and one for Slack, so that neither waits when the other's far side
hangs. Nothing sleeps on behalf of a job: to wait is to be due later.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from random import Random

from approvals.backoff import backoff
from approvals.errors import LostLock
from approvals.ledger import Ledger, due_jobs, job_leases, lanes
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.model import request_ref
from approvals.reconcile.steps import WRITE_INTERVAL_MS
from bot.clock import SleepingClock
from bot.log_fields import bound_fields
from bot.monitor.clock_watch import ClockWatch

log = logging.getLogger(__name__)

SLOT_WIDTH = {"ram": WRITE_INTERVAL_MS, "members": WRITE_INTERVAL_MS, "slack": 1_000, lanes.UPDATES: 100}
"""Milliseconds between two uses of a lane. RAM allows 10 writes a second to an account
(api-ram-2015-05-01-quota), Slack about one post a second to a channel, and some fifty updates a minute, which may come
all at once (docs.slack.dev, rate limits)."""
MAX_SLEEP_SECONDS = 1.0
LOOK_INTERVAL_SECONDS = 0.25
"""Seconds until a worker whose far side takes nothing looks whether it does."""
STUCK_AFTER_SECONDS = 180.0
"""Seconds. A loop waits for its ledger, which gives up in less than a minute, and for a place, for a second."""
Perform = Callable[[Job], None]


class Worker:
    """A loop on a thread of its own, and the threads that its jobs are performed on."""

    def __init__(
        self,
        name: str,
        ledger: Ledger,
        clock: SleepingClock,
        perform: Mapping[JobKind, Perform],
        chance: Random,
        *,
        threads: int = 6,
        is_paused: Callable[[], bool] = lambda: False,
        watch: ClockWatch | None = None,
    ) -> None:
        """`is_paused` says while the far side takes nothing: then nothing is begun. `watch`: where the clock was set,
        nothing is claimed before what it wrote is put right.
        """
        self._name = name
        self._ledger = ledger
        self._clock = clock
        self._perform = dict(perform)
        self._kinds = sorted(perform)
        self._chance = chance
        self._is_paused = is_paused
        self._watch = watch
        self._leases: dict[str, int] = {}
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)
        self._slots = threading.Semaphore(threads)
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._loop = threading.Thread(target=self._run, name=name, daemon=True)
        self._others: tuple[Worker, ...] = ()
        self._turned_at = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether its loop goes round, or has only just begun to wait for something."""
        return self._loop.is_alive() and time.monotonic() - self._turned_at < STUCK_AFTER_SECONDS

    def start(self, *others: Worker) -> None:
        """Begin; `others` are woken when a job done here may have caused work for them."""
        self._others = others
        self._loop.start()

    def wake(self) -> None:
        """Something may be due now."""
        self._awake.set()

    def stop(self, within: float) -> None:
        """Claim nothing more, and wait up to so many seconds for what is in hand. What is left stays in the ledger."""
        self._stopping.set()
        self._awake.set()
        deadline = time.monotonic() + within
        if self._loop.is_alive():
            self._loop.join(max(deadline - time.monotonic(), 0))
        self._pool.shutdown(wait=False, cancel_futures=True)
        for thread in list(self._pool._threads):
            thread.join(max(deadline - time.monotonic(), 0))

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._turned_at = time.monotonic()
            try:
                wait = self._claim_all()
            except self._ledger.engine_errors as error:
                # It is busy, its disk is full, or its server is away: nothing is lost, it is all still due.
                log.error("cannot claim work", extra={"worker": self._name, "error": str(error)})
                wait = MAX_SLEEP_SECONDS
            except Exception:
                log.exception("cannot claim work", extra={"worker": self._name})
                wait = MAX_SLEEP_SECONDS
            self._clock.wait(self._awake, wait)
            self._awake.clear()

    def _claim_all(self) -> float:
        """Start all that is due and has a place. Seconds until there may be more."""
        while not self._stopping.is_set():
            self._turned_at = time.monotonic()
            if self._is_paused():
                return LOOK_INTERVAL_SECONDS
            if self._watch and not self._watch.may_claim():
                return MAX_SLEEP_SECONDS
            with self._ledger.read() as tx:
                due = due_jobs.next_due(
                    tx, self._kinds, now=self._clock.now(), real=self._clock.real(), in_hand=self._leased()
                )
            if due is None or due > 0:
                return min(MAX_SLEEP_SECONDS, due / 1_000 if due else MAX_SLEEP_SECONDS)
            if not self._slots.acquire(timeout=MAX_SLEEP_SECONDS):
                return 0.0
            job = None
            try:
                job = self._claim()
            finally:
                if job is None:
                    self._slots.release()
            if job is None:
                return 0.01
            self._pool.submit(self._do, job)
        return 0.0

    def _claim(self) -> Job | None:
        token = secrets.token_hex(8)
        with self._ledger.write() as tx:
            now, real, steady = self._clock.now(), self._clock.real(), self._clock.steady()
            if self._watch and not self._watch.is_steady():
                return None
            job = due_jobs.claim(
                tx,
                self._kinds,
                now=now,
                real=real,
                token=token,
                slot=SLOT_WIDTH,
                steady=steady,
                in_hand=self._leased(),
            )
        if job is not None:
            self._leases[job.id] = job.leased_until
        return job

    def _leased(self) -> list[str]:
        """What this process is at work on. A clock that was set ahead makes it look as if nobody were."""
        steady = self._clock.steady()
        return [job_id for job_id, until in list(self._leases.items()) if until > steady]

    def _do(self, job: Job) -> None:
        with bound_fields(job=job.id, request=_request(job)):
            self._do_bound(job)

    def _do_bound(self, job: Job) -> None:
        try:
            self._perform[job.kind](job)
        except LostLock:
            log.warning("another worker took this over")
        except self._ledger.engine_errors as error:
            # What was done far away is looked at again; what was to be recorded is not lost with it.
            log.error("the ledger did not do it", extra={"attempt": job.attempts, "error": str(error)})
            self._postpone(job)
        except Exception:
            log.exception("a job failed in a way that nobody foresaw", extra={"attempt": job.attempts})
            self._postpone(job)
        finally:
            if self._leases.get(job.id) == job.leased_until:
                del self._leases[job.id]
            self._slots.release()
            for worker in (self, *self._others):
                worker.wake()

    def _postpone(self, job: Job) -> None:
        try:
            with self._ledger.write() as tx:
                not_before = self._clock.real() + backoff(job.attempts, self._chance)
                # A moment that has come would make it due at once, and again and again.
                also_at = None if job.also_at_real is None else max(job.also_at_real, not_before)
                job_leases.requeue(
                    tx,
                    job,
                    due_at=self._clock.now(),
                    not_before_real=not_before,
                    also_at_real=also_at,
                    error="unforeseen",
                    still_taken_over=job.taken_over,
                )
        except LostLock:
            log.warning("another worker took this over", extra={"job": job.id})
        except self._ledger.engine_errors as error:
            # Its lock runs out by itself, and then it is claimed again.
            log.error("cannot postpone a job", extra={"job": job.id, "error": str(error)})
        except Exception:
            log.exception("cannot postpone a job", extra={"job": job.id})


def _request(job: Job) -> str | None:
    """The request that a job is about, as people write it; None where it is about none, or several."""
    number = job.payload.get("request")
    return request_ref(number) if isinstance(number, int) else None
