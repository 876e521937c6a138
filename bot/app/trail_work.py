"""What of the audit trail leaves the house other than by Slack, as the settings want it."""

from __future__ import annotations

from collections.abc import Callable

from approvals.anchor import Anchor, AnchorTarget, object_name
from approvals.ledger import Ledger
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.trail_exports import JOB_KINDS, ExportTarget
from approvals.millis import SECOND, DomainMillis
from approvals.operations import anchors, trail_export
from bot.app.anchor_bucket import anchor_bucket
from bot.app.parts import Parts
from bot.settings import Settings
from bot.signed_webhook import SignedWebhook
from bot.worker.anchors import AnchorSender
from bot.worker.loop import Perform
from bot.worker.trail_exports import TrailExports, file_opened, webhook_opened


def trail_work(parts: Parts) -> dict[JobKind, Perform]:
    """Who performs which kind of it."""
    return {**_anchors(parts), **_exports(parts)}


def schedule_trail_work(ledger: Ledger, now: DomainMillis, settings: Settings) -> None:
    """Make sure that the trail, and its head, go where they are wanted, and nowhere else."""
    anchors.schedule(
        ledger,
        now,
        webhook=settings.anchor_url is not None,
        channel=settings.anchor_channel,
        bucket=settings.anchor_bucket is not None,
    )
    wanted = {ExportTarget.FILE: settings.export_path, ExportTarget.WEBHOOK: settings.export_url}
    trail_export.schedule(ledger, now, [to for to, where in wanted.items() if where is not None])


def _anchors(parts: Parts) -> dict[JobKind, Perform]:
    settings = parts.settings
    if settings.anchor_secret is None:
        return {}
    key = settings.anchor_secret.get_secret_value()
    sends: dict[AnchorTarget, Callable[[Anchor, bytes], None]] = {}
    if settings.anchor_url is not None:
        webhook = SignedWebhook(settings.anchor_url.get_secret_value(), key, parts.egress)
        sends[AnchorTarget.WEBHOOK] = lambda _, line: webhook.send(line, parts.clock.real() // SECOND)
    if settings.anchor_bucket is not None:
        bucket = anchor_bucket(settings, settings.anchor_bucket, parts.account, parts.egress)
        sends[AnchorTarget.BUCKET] = lambda anchor, line: bucket.put(object_name(anchor), line)
    return {
        anchors.JOB_KINDS[to]: AnchorSender(
            parts.ledger, parts.clock, parts.chance, parts.conditions, key, to, send
        ).perform
        for to, send in sends.items()
    }


def _exports(parts: Parts) -> dict[JobKind, Perform]:
    path, url, secret = parts.settings.export_path, parts.settings.export_url, parts.settings.export_secret
    opened = {}
    if path is not None:
        opened[ExportTarget.FILE] = file_opened(path)
    if url is not None and secret is not None:
        webhook = SignedWebhook(url.get_secret_value(), secret.get_secret_value(), parts.egress)
        opened[ExportTarget.WEBHOOK] = webhook_opened(webhook, parts.clock)
    return {
        JOB_KINDS[to]: TrailExports(parts.ledger, parts.clock, parts.chance, parts.conditions, to, each).perform
        for to, each in opened.items()
    }
