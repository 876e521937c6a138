"""What is said of a check that came to nothing: why, and what to do."""

from __future__ import annotations

import logging
from urllib.error import URLError

from approvals.errors import CatalogError, CloudError, CloudErrorKind, LedgerError, Refusal
from bot.check.row import CheckRow, NotTried, failed, not_tried
from bot.cloud.log_lines import BOT_ERRORS
from bot.settings import SettingsError
from bot.slack.errors import SLACK_FAILURES, failure_of
from handlers.refusals.sentences import plain_sentence
from handlers.translations import load_translations
from handlers.views.unwell import remedy_text

log = logging.getLogger(__name__)

SETTING_REMEDY = "Set it right; docs/settings.md lists the settings."
OF_THE_NETWORK = (URLError, ConnectionError, TimeoutError)
OF_THE_TOKEN = frozenset(("account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"))
"""What Slack says of a token whatever it is asked (docs.slack.dev/reference/methods/auth.test): one row tells it."""


def row_of(name: str, error: BaseException, remedy: str) -> CheckRow:
    """The row of a check that ended so. `remedy`: what to look at where the error does not say it itself."""
    if isinstance(error, NotTried):
        return not_tried(name, str(error))
    if isinstance(error, CloudError):
        return failed(name, cloud_cause(error), cloud_remedy(error) or remedy)
    if isinstance(error, SettingsError):
        return failed(name, str(error), SETTING_REMEDY)
    if isinstance(error, CatalogError | LedgerError):
        return failed(name, str(error), remedy)
    if isinstance(error, Refusal):
        return failed(name, plain_sentence(error, load_translations("en")), remedy)
    if isinstance(error, OSError) and not isinstance(error, OF_THE_NETWORK):
        return failed(name, f"this machine: {error.strerror or type(error).__name__}", remedy)
    if isinstance(error, SLACK_FAILURES) and failure_of(error).code in OF_THE_TOKEN:
        return not_tried(name, "Slack token comes first")
    if isinstance(error, SLACK_FAILURES):
        silent = isinstance(error, OSError)
        return failed(name, f"Slack {'does not answer' if silent else 'refuses'} ({failure_of(error).code})", remedy)
    log.error("a check failed in a way that nobody foresaw", exc_info=error, extra={"check": name})
    return failed(name, f"the check itself fails ({type(error).__name__})", "The log has the rest; report it.")


def cloud_cause(error: CloudError) -> str:
    """Why the cloud did not do it, in a few words."""
    asked = error.action or "the call"
    if error.kind in BOT_ERRORS:
        return BOT_ERRORS[error.kind] + (f" ({error.code})" if error.code else "")
    if error.kind is CloudErrorKind.SILENT:
        return f"{asked}: no answer"
    return f"{asked}: {error.code or error.kind.value}"


def cloud_remedy(error: CloudError) -> str:
    """A sentence; empty where the error does not tell."""
    if error.kind is CloudErrorKind.NO_PERMISSION:
        return "Give the bot's RAM identity that permission: pairec-access ram-policy prints the policy."
    if error.kind is CloudErrorKind.NOT_INSTALLED:
        return "Install the extra: pip install 'pairec-access[members]'."
    return remedy_text(error.kind.value, load_translations("en"))
