"""What of the audit trail leaves the house other than by Slack, as the settings want it."""

from __future__ import annotations

from approvals.ledger import Ledger
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.trail_exports import JOB_KINDS, ExportTarget
from approvals.millis import DomainMillis
from approvals.operations import anchors, trail_export
from bot.app.parts import Parts
from bot.settings import Settings
from bot.signed_webhook import SignedWebhook
from bot.worker.anchors import WebhookAnchors
from bot.worker.loop import Perform
from bot.worker.trail_exports import TrailExports, file_opened, webhook_opened


def trail_work(parts: Parts) -> dict[JobKind, Perform]:
    """Who performs which kind of it."""
    return {**_webhook_anchors(parts), **_exports(parts)}


def schedule_trail_work(ledger: Ledger, now: DomainMillis, settings: Settings) -> None:
    """Make sure that the trail, and its head, go where they are wanted, and nowhere else."""
    anchors.schedule(ledger, now, webhook=settings.anchor_url is not None, channel=settings.anchor_channel)
    wanted = {ExportTarget.FILE: settings.export_path, ExportTarget.WEBHOOK: settings.export_url}
    trail_export.schedule(ledger, now, [to for to, where in wanted.items() if where is not None])


def _webhook_anchors(parts: Parts) -> dict[JobKind, Perform]:
    url, secret = parts.settings.anchor_url, parts.settings.anchor_secret
    if url is None or secret is None:
        return {}
    key = secret.get_secret_value()
    webhook = SignedWebhook(url.get_secret_value(), key, parts.egress)
    told = WebhookAnchors(parts.ledger, parts.clock, parts.chance, parts.conditions, webhook, key)
    return {JobKind.ANCHOR: told.send}


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
