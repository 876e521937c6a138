"""Reads of Slack and the cloud side by side, of which none is waited for longer than to a deadline."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from approvals.entitlements import ADMIN_POLICY
from approvals.errors import CloudError, CloudErrorKind, Refusal
from approvals.own_codes import OwnCode
from approvals.refusals.catalog import NotInitialised
from approvals.refusals.cloud import BotUnwell, RamCall, RamOdd, RamRefuses, RamSilent, SdkTooOld
from bot.cloud.log_lines import log_cloud_error

log = logging.getLogger(__name__)
T = TypeVar("T")
K = TypeVar("K")


class Reads:
    """Reads made side by side for one answer, all within one deadline. What nobody waits for any more is not begun."""

    def __init__(self, pool: ThreadPoolExecutor, deadline: float) -> None:
        self._pool = pool
        self._deadline = deadline
        self._begun: list[Future[Any]] = []

    def __enter__(self) -> Reads:
        return self

    def __exit__(self, *_: object) -> None:
        for read in self._begun:
            read.cancel()

    def submit(self, call: Callable[..., T], *args: Any) -> Future[T]:
        """Begin a read. What it raises is raised by `wait`."""
        read = self._pool.submit(call, *args)
        self._begun.append(read)
        return read

    def wait_or_none(self, read: Future[T]) -> T | None:
        """The answer of a read that one can do without; None when it did not come in time."""
        try:
            return self.wait(read)
        except Refusal:
            return None

    def wait(self, read: Future[T], silent: Callable[[], Refusal] = RamSilent) -> T:
        """The answer of a read, or the Refusal that says why there is none: `silent` when none came in time."""
        try:
            return read.result(timeout=max(self._deadline - time.monotonic(), 0.0))
        except TimeoutError:
            raise silent() from None
        except CloudError as error:
            log_cloud_error(log, error, "RAM did not answer a question")
            if error.kind is CloudErrorKind.NO_POLICY:
                raise NotInitialised(policies=(ADMIN_POLICY,)) from error
            call = RamCall(error.action, error.code, error.request_id)
            if error.kind is CloudErrorKind.NO_PERMISSION:
                raise RamRefuses(permission=f"ram:{error.action}", call=call) from error
            if error.code == OwnCode.SDK_TOO_OLD:
                raise SdkTooOld(needs=str(error.action)) from error
            if error.kind.is_of_bot:
                raise BotUnwell(kind=error.kind, call=call) from error
            raise (RamOdd if error.kind is CloudErrorKind.REFUSED else RamSilent)(call=call) from error


def answers_and_errors(reads: Reads, asked: Mapping[K, Callable[[], T]]) -> tuple[dict[K, T], dict[K, CloudError]]:
    """What came in time, and what went wrong with the rest."""
    begun = {key: reads.submit(result_or_error, ask) for key, ask in asked.items()}
    answers: dict[K, T] = {}
    errors: dict[K, CloudError] = {}
    for key, read in begun.items():
        answer = answer_or_error(reads, read)
        if isinstance(answer, CloudError):
            errors[key] = answer
        else:
            answers[key] = answer
    return answers, errors


def answer_or_error(reads: Reads, read: Future[T | CloudError]) -> T | CloudError:
    """The result of a read that was begun through `result_or_error`."""
    try:
        return reads.wait(read)
    except Refusal:
        # What it came to is an answer as well, so that only time can have run out.
        return CloudError(CloudErrorKind.SILENT)


def result_or_error(ask: Callable[[], T]) -> T | CloudError:
    """What a call returns, or the error that it raises."""
    try:
        return ask()
    except CloudError as error:
        return error
