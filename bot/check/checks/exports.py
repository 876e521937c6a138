"""Where the audit trail is handed on to, and how far each is behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from approvals.ledger import Ledger, trail_exports
from approvals.ledger.trail_exports import ExportTarget
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from bot.check.context import CheckContext
from bot.check.row import CheckRow, failed, ok, warning
from bot.signed_webhook import NotTaken, SignedWebhook

NAME = "audit export"
PATH, URL = "PAIREC_AUDIT_EXPORT_PATH", "PAIREC_AUDIT_EXPORT_URL"
MAX_LAG_MS = 15 * MINUTE


def check_exports(context: CheckContext) -> Iterator[CheckRow]:
    """Nothing is written or sent."""
    context.need(PATH, URL, "PAIREC_AUDIT_EXPORT_SECRET")
    settings = context.settings
    if settings.export_path is None and settings.export_url is None:
        yield ok(NAME, f"not used: neither {PATH} nor {URL} is set")
    if settings.export_path is not None:
        yield _unwritable(settings.export_path) or _behind(context.ledger(), ExportTarget.FILE)
    if settings.export_url is not None and settings.export_secret is not None:
        secret = settings.export_secret.get_secret_value()
        webhook = SignedWebhook(settings.export_url.get_secret_value(), secret, context.egress())
        yield _out_of_reach(webhook) or _behind(context.ledger(), ExportTarget.WEBHOOK)


def _unwritable(path: Path) -> CheckRow | None:
    fits = path.is_file() if path.exists() else path.absolute().parent.is_dir()
    if fits and os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        return None
    return failed(f"{NAME}: file", f"nothing can be written to {path}", f"Make its folder, or put {PATH} right.")


def _out_of_reach(webhook: SignedWebhook) -> CheckRow | None:
    try:
        webhook.reach()
    except NotTaken as error:
        remedy = f"See that this machine reaches it: {URL}, HTTPS_PROXY, SSL_CERT_FILE."
        return failed(f"{NAME}: webhook", str(error), remedy)
    return None


def _behind(ledger: Ledger, to: ExportTarget) -> CheckRow:
    name = f"{NAME}: {to}"
    with ledger.read() as tx:
        lag = trail_exports.lag(tx, to, DomainMillis(ledger.real()))
    if not lag.entries:
        return ok(name, "it has all of the trail")
    age = lag.milliseconds
    since = f"{age // DAY} days" if age >= 2 * DAY else f"{age // HOUR} h" if age >= HOUR else f"{age // MINUTE} min"
    seen = f"{lag.entries} entries behind, the oldest {since} old"
    if age < MAX_LAG_MS:
        return ok(name, seen)
    return warning(name, seen, "See that a bot runs with this setting; its log and /readyz say what is in the way.")
