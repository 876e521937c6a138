"""What is the matter with the bot itself, so that the cloud takes nothing from it, and who can help."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import CloudErrorKind
from handlers.translations import N_, Translations

STATES: Mapping[str, str] = {
    CloudErrorKind.CLOCK_WRONG: N_(
        "The clock of the machine that the app runs on is wrong, so the cloud rejects its calls."
    ),
    CloudErrorKind.KEY_REJECTED: N_("The cloud rejects the app's access key."),
    CloudErrorKind.TOKEN_EXPIRED: N_("The app's temporary credentials have expired, or do not fit its key."),
    CloudErrorKind.NO_CREDENTIALS: N_("The app finds no credentials for the cloud."),
    CloudErrorKind.TLS_FAILED: N_(
        "The app gets no safe connection to the cloud: it does not trust the certificate that it is shown."
    ),
    CloudErrorKind.WRONG_ACCOUNT: N_(
        "The app's access key belongs to another Alibaba Cloud account than its record, so it does nothing there."
    ),
    CloudErrorKind.ACCOUNT_UNKNOWN: N_(
        "Alibaba Cloud STS does not say which account the app's access key belongs to, so it is not used."
    ),
}
HELPERS: Mapping[str, str] = {
    CloudErrorKind.CLOCK_WRONG: N_("An administrator sets that clock."),
    CloudErrorKind.KEY_REJECTED: N_("An administrator activates it in RAM, or gives the app another one."),
    CloudErrorKind.TOKEN_EXPIRED: N_("An administrator gives it new ones."),
    CloudErrorKind.NO_CREDENTIALS: N_("An administrator gives it some."),
    CloudErrorKind.TLS_FAILED: N_("An administrator checks the proxy and the certificates of that machine."),
    CloudErrorKind.WRONG_ACCOUNT: N_("An administrator gives it a key of the right one; its log names both."),
    CloudErrorKind.ACCOUNT_UNKNOWN: N_(
        "Try again in a minute; if it goes on, an administrator checks whether the app can reach STS."
    ),
}


def bot_error_text(kind: str, translations: Translations) -> str | None:
    """A sentence; None for an error that is not of the bot itself."""
    return translations.gettext(STATES[kind]) if kind in STATES else None


def remedy_text(kind: str, translations: Translations) -> str:
    """A sentence; empty for an error that is not of the bot itself."""
    return translations.gettext(HELPERS[kind]) if kind in HELPERS else ""
