"""Looks at rows of the status: everything is asked at once, and nothing waited for longer than ten seconds.

What is asked and what the answers mean is said by `approvals.status.checks`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from approvals.errors import CloudError
from approvals.findings import Finding
from approvals.policies.document import UnreadableDocument
from approvals.ports import Clock
from approvals.status.checks import unseen
from approvals.status.checks.kind import CheckKind, Judge, StatusRow, check_name
from approvals.status.checks.registry import KINDS
from approvals.status.reads import CloudReads
from approvals.status.terms import StatusTerms
from bot.cloud.log_lines import log_cloud_error
from bot.cloud.tenant import NotInstalled
from bot.worker.cloud_reads import RunReads, Sources

log = logging.getLogger(__name__)

ANSWER_TIMEOUT_SECONDS = 10
"""Seconds."""
READ_THREADS = 64
"""More than a run asks at once, so that no question waits for another one's turn. They last as long as the run."""


@dataclass(frozen=True, slots=True)
class CheckTask:
    """Checks that are settled together, by the same answers."""

    product: str
    """Whose permission it takes to look, as the action of a policy begins."""
    judges: dict[str, Judge]
    """By the name of the check."""

    def settle(self, clock: Clock) -> Sequence[Finding]:
        """Wait for the answers and judge them."""
        return [judge(check, clock.now()) for check, judge in self.judges.items()]


def look_at(
    rows: Sequence[StatusRow], terms: StatusTerms, sources: Sources, clock: Clock
) -> Iterator[Sequence[Finding]]:
    """What each of their checks finds, as soon as it is known; at last, of those that were not answered, just that."""
    # Whatever waits for answers has a thread besides, so that those who wait leave room for what they wait for.
    threads = READ_THREADS + sum(len(row.checks) for row in rows)
    pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="look")
    try:
        tasks = _tasks(rows, terms, RunReads(sources, pool))
        waiting = {pool.submit(task.settle, clock): task for task in tasks}
        deadline = time.monotonic() + ANSWER_TIMEOUT_SECONDS
        while waiting:
            done, _ = wait(waiting, max(deadline - time.monotonic(), 0), FIRST_COMPLETED)
            if not done:
                break
            yield [finding for future in done for finding in _findings(future, waiting.pop(future))]
        if waiting:
            yield [
                unseen.not_seen(check, None, ANSWER_TIMEOUT_SECONDS)
                for task in waiting.values()
                for check in task.judges
            ]
    finally:
        # What still hangs ends by its own time-outs; nobody waits for it.
        pool.shutdown(wait=False, cancel_futures=True)


def _tasks(rows: Sequence[StatusRow], terms: StatusTerms, reads: CloudReads) -> list[CheckTask]:
    """Asks everything; none of it is waited for yet."""
    tasks = []
    for kind in KINDS:
        judges = {check_name(row, kind): kind.ask(row.name, terms, reads) for row in rows if kind in row.kinds}
        if kind.one_read:
            tasks += [CheckTask(kind.product, judges)] if judges else []
        else:
            tasks += [CheckTask(_product(kind, check, terms), {check: judge}) for check, judge in judges.items()]
    return tasks


def _product(kind: CheckKind, check: str, terms: StatusTerms) -> str:
    row = check.partition("/")[0]
    return kind.product_of(row, terms) if kind.product_of else kind.product


def _findings(done: Future[Sequence[Finding]], of: CheckTask) -> Sequence[Finding]:
    """What was found, or for each of its checks why nothing was."""
    checks = tuple(of.judges)
    try:
        return done.result()
    except CloudError as error:
        log_cloud_error(log, error, "a check was not answered", checks=checks)
        named = _named(error, of.product)
        return [unseen.not_seen(check, named, ANSWER_TIMEOUT_SECONDS) for check in checks]
    except NotInstalled:
        return [Finding(check, unseen.NOT_INSTALLED) for check in checks]
    except UnreadableDocument as error:
        return [unseen.unreadable(check, "", str(error)) for check in checks]
    except Exception:
        log.exception("a check failed in a way that nobody foresaw", extra={"checks": checks})
        return [Finding(check, unseen.REFUSED, {"code": "unforeseen", "action": "?"}) for check in checks]


def _named(error: CloudError, product: str) -> CloudError:
    """The same, with the action written as a policy would name it."""
    action = f"{product}:{error.action}"
    return CloudError(error.kind, code=error.code, action=action, request_id=error.request_id)
