"""The bucket that keeps the audit trail's anchors: whether it answers, and whether what is in it can be deleted."""

from __future__ import annotations

from collections.abc import Iterator

from bot.app.anchor_bucket import anchor_bucket
from bot.check.context import CheckContext
from bot.check.row import CheckRow, failed, ok, warning
from bot.settings import SettingsError
from bot.signed_webhook import NotTaken

NAME = "anchor bucket"
BUCKET = "PAIREC_ANCHOR_BUCKET"


def check_anchor_bucket(context: CheckContext) -> Iterator[CheckRow]:
    """Nothing is put there."""
    context.need(BUCKET, "PAIREC_ANCHOR_REGION", "PAIREC_OSS_ENDPOINT", "PAIREC_REGION")
    settings = context.settings
    if settings.anchor_bucket is None:
        yield ok(NAME, f"not used: {BUCKET} is not set")
        return
    remedy = (
        "Compare its name and region with the OSS console, and the policy with `pairec-access ram-policy anchors-oss`."
    )
    try:
        bucket = anchor_bucket(settings, settings.anchor_bucket, context.credentials(), context.egress())
        retention = bucket.retention()
    except SettingsError as error:
        yield failed(NAME, str(error), "Install the extra.")
    except NotTaken as error:
        yield failed(NAME, str(error), remedy)
    else:
        lock = "Set a retention policy of the bucket in the OSS console, and lock it."
        if retention is None:
            yield warning(NAME, "there, and has no retention: anchors in it can be deleted", lock)
        elif not retention.locked:
            yield warning(NAME, f"there; its retention of {retention.days} days is not locked yet", lock)
        else:
            yield ok(NAME, f"there, and keeps what is in it for {retention.days} days")
