"""An error that is about the bot itself has a line of its own in the log; any other is told as whoever met it says."""

from __future__ import annotations

import logging
from typing import Any

from approvals.errors import CloudError, CloudErrorKind

BOT_ERRORS = {
    CloudErrorKind.CLOCK_WRONG: "the clock of this machine is wrong, so the cloud takes nothing that it signs",
    CloudErrorKind.KEY_REJECTED: "the cloud does not accept the access key",
    CloudErrorKind.TOKEN_EXPIRED: "the temporary credentials have run out, or do not fit the access key",
    CloudErrorKind.NO_CREDENTIALS: "there are no credentials for the cloud",
    CloudErrorKind.WRONG_ACCOUNT: "the access key belongs to another account than the ledger",
    CloudErrorKind.ACCOUNT_UNKNOWN: "nobody says which account the access key belongs to",
    CloudErrorKind.TLS_FAILED: "no safe connection to the cloud: its certificate is not trusted",
}


def log_cloud_error(log: logging.Logger, error: CloudError, otherwise: str, **more: Any) -> None:
    """`otherwise`: what to say of an error that is not the bot's own; `more` goes into the line's fields."""
    fields = {
        "action": error.action,
        "trouble": error.kind.value,
        "code": error.code,
        "ram_request_id": error.request_id,
        **more,
    }
    own = BOT_ERRORS.get(error.kind)
    if own is None:
        log.warning(otherwise, extra=fields)
    else:
        log.error(own, extra={**fields, "met": otherwise})
