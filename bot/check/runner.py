"""Runs the checks side by side, each with a deadline of its own: what hangs holds up no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from bot.check.context import CheckContext
from bot.check.refused import row_of
from bot.check.row import CheckRow, failed

ANSWER_SECONDS = 20.0
"""Seconds: as long as an answer of the SDK may take, twice, and the question before it."""


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """One check; it makes one row or several."""

    name: str
    """Of its only row, or of the row that stands for all where none could be made."""
    run: Callable[[CheckContext], Iterable[CheckRow]]
    remedy: str
    """What to look at where it does not answer."""
    seconds: float = ANSWER_SECONDS


Progress = Callable[[int, Sequence[str]], None]
"""Told how many checks are done, and the names of those that are not."""


def run_checks(
    checks: Sequence[SelfCheck], context: CheckContext, progress: Progress = lambda *_: None
) -> list[CheckRow]:
    """The rows of all of them, in their order. A thread that hangs is left behind, for whoever calls this to end."""
    pool = ThreadPoolExecutor(len(checks), thread_name_prefix="check")
    begun = time.monotonic()
    asked: dict[SelfCheck, Future[list[CheckRow]]] = {each: pool.submit(_rows, each, context) for each in checks}
    waiting = list(checks)
    while waiting:
        progress(len(checks) - len(waiting), [check.name for check in waiting])
        left = min(check.seconds for check in waiting) - (time.monotonic() - begun)
        wait([asked[check] for check in waiting], max(left, 0.0), FIRST_COMPLETED)
        passed = time.monotonic() - begun
        waiting = [check for check in waiting if not asked[check].done() and passed < check.seconds]
    pool.shutdown(wait=False, cancel_futures=True)
    return [replace(row, check=check.name) for check in checks for row in _result(check, asked[check])]


def _rows(check: SelfCheck, context: CheckContext) -> list[CheckRow]:
    return list(check.run(context))


def _result(check: SelfCheck, asked: Future[list[CheckRow]]) -> list[CheckRow]:
    if not asked.done():
        return [failed(check.name, f"no answer within {check.seconds:.0f} s", check.remedy)]
    error = asked.exception()
    return [row_of(check.name, error, check.remedy)] if error else asked.result()
