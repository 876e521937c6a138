"""The refusals of RAM: a code that clients branch on, an HTTP status, and a sentence for people."""

from __future__ import annotations

from typing import Any


class RamError(Exception):
    """One refused call; the site turns it into RAM's error body.

    `retry_after_ms` is sent as `x-acs-retry-after`; `denied` becomes `AccessDeniedDetail`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        retry_after_ms: int | None = None,
        denied: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.retry_after_ms = retry_after_ms
        self.denied = denied


def missing(entity: str, message: str) -> RamError:
    """404: `entity` as in `EntityNotExist.User.Policy`."""
    return RamError(404, f"EntityNotExist.{entity}", message)


def exists(entity: str, message: str) -> RamError:
    """409: it is there already, e.g. `EntityAlreadyExists.User.Policy`."""
    return RamError(409, f"EntityAlreadyExists.{entity}", message)


def in_use(entity: str, message: str) -> RamError:
    """409: a delete that something else stands in the way of, e.g. `DeleteConflict.User.Policy`."""
    return RamError(409, f"DeleteConflict.{entity}", message)


def over_limit(entity: str, message: str) -> RamError:
    """409: a quota is used up, e.g. `LimitExceeded.User.Policy`."""
    return RamError(409, f"LimitExceeded.{entity}", message)


def invalid(parameter: str, message: str) -> RamError:
    """400: `parameter` may carry a reason, e.g. `UserName.InvalidChars`."""
    return RamError(400, f"InvalidParameter.{parameter}", message)


def throttled(retry_after_ms: int | None, status: int = 400) -> RamError:
    """Too many calls; `retry_after_ms` None leaves the header out, as some gateways do."""
    return RamError(
        status,
        "Throttling.User",
        "Request was denied due to user flow control.",
        retry_after_ms=retry_after_ms,
    )
