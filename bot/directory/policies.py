"""Policies of the account as RAM shows them now, read side by side."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from approvals.policies.reviewed import PoliciesNow
from bot.cloud.log_lines import log_cloud_error
from bot.cloud.policies_now import CurrentPolicies
from bot.directory.parallel_reads import Reads, answers_and_errors

log = logging.getLogger(__name__)

RAM_TIMEOUT_SECONDS = 5.0
LOOK_TIMEOUT_SECONDS = 20.0
"""Seconds for all of the catalogue, where nobody waits."""
READER_THREADS = 8


class LivePolicies:
    """Reads through a pool of its own, whose threads are begun when they are needed."""

    def __init__(self, policies: CurrentPolicies) -> None:
        self.current = policies
        self._readers = ThreadPoolExecutor(max_workers=READER_THREADS, thread_name_prefix="policies")

    def stop(self) -> None:
        """Begin no further reads, and wait for none."""
        self._readers.shutdown(wait=False, cancel_futures=True)

    def begin(self, names: Collection[str]) -> Callable[[], PoliciesNow]:
        """Begin to read these; what is returned waits for them, 5 s from now at most.

        Raises:
            Refusal: RAM does not say it; when it is waited for.
        """
        reads = Reads(self._readers, time.monotonic() + RAM_TIMEOUT_SECONDS)
        begun = {name: reads.submit(self.current.read, name) for name in names}
        return lambda: {name: reads.wait(read) for name, read in begun.items()}

    def all_of(self, names: Collection[str]) -> tuple[PoliciesNow, Collection[str]]:
        """Those that RAM told of within 20 s, and the names of the others."""
        with Reads(self._readers, time.monotonic() + LOOK_TIMEOUT_SECONDS) as reads:
            found, errors = answers_and_errors(
                reads, {name: partial(self.current.read, name) for name in sorted(names)}
            )
        for name, error in errors.items():
            log_cloud_error(log, error, "a policy is not told", policy=name)
        return found, tuple(errors)
