"""Reads of Slack and the cloud side by side, of which none is waited for longer than to a deadline."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from approvals.errors import CloudError, CloudErrorKind, Refusal, RefusalReason
from approvals.model import ADMIN_POLICY
from bot.cloud.log_lines import log_cloud_error

log = logging.getLogger(__name__)
T = TypeVar("T")


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

    def later(self, call: Callable[..., T], *args: Any) -> Future[T]:
        read = self._pool.submit(call, *args)
        self._begun.append(read)
        return read

    def came(self, read: Future[T | None]) -> T | None:
        """The answer of a read that one can do without; None when it did not come in time."""
        try:
            return self.wait(read)
        except Refusal:
            return None

    def wait(self, read: Future[T], silent: RefusalReason = RefusalReason.RAM_SILENT) -> T:
        """The answer of a read, or the Refusal that says why there is none: `silent` when none came in time."""
        try:
            return read.result(timeout=max(self._deadline - time.monotonic(), 0.0))
        except TimeoutError:
            raise Refusal(silent) from None
        except CloudError as error:
            log_cloud_error(log, error, "RAM did not answer a question")
            if error.trouble is CloudErrorKind.NO_POLICY:
                raise Refusal(RefusalReason.NOT_INITIALISED, policies=(ADMIN_POLICY,)) from error
            call = {"action": error.action, "code": error.code, "request_id": error.request_id}
            if error.trouble is CloudErrorKind.NO_PERMISSION:
                raise Refusal(RefusalReason.RAM_REFUSES, permission=f"ram:{error.action}", **call) from error
            if error.trouble.of_the_bot:
                raise Refusal(RefusalReason(error.trouble.value), **call) from error
            raise Refusal(
                RefusalReason.RAM_ODD if error.trouble is CloudErrorKind.REFUSED else RefusalReason.RAM_SILENT, **call
            ) from error
