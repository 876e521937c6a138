"""What is the matter with the bot itself, so that the cloud takes nothing from it, and who can help."""

from __future__ import annotations

from approvals.errors import Trouble
from handlers.translations import Words


def unwell(trouble: str, words: Words) -> str | None:
    """A sentence; None for a trouble that is not the bot's own."""
    _ = words.gettext
    return {
        Trouble.CLOCK_WRONG.value: _(
            "The clock of the machine that the bot runs on is wrong, so the cloud takes nothing from it."
        ),
        Trouble.KEY_REJECTED.value: _("The cloud does not accept the bot's access key."),
        Trouble.TOKEN_EXPIRED.value: _("The bot's temporary credentials have run out, or do not fit its key."),
        Trouble.NO_CREDENTIALS.value: _("The bot finds no credentials for the cloud."),
        Trouble.TLS_FAILED.value: _(
            "The bot gets no safe connection to the cloud: it does not trust the certificate that it is shown."
        ),
        Trouble.WRONG_ACCOUNT.value: _(
            "The bot's access key belongs to another Alibaba Cloud account than its record, so it does nothing there."
        ),
        Trouble.ACCOUNT_UNKNOWN.value: _(
            "Alibaba Cloud STS does not say which account the bot's access key belongs to, so it is not used."
        ),
    }.get(trouble)


def who_helps(trouble: str, words: Words) -> str:
    """A sentence; empty for a trouble that is not the bot's own."""
    _ = words.gettext
    return {
        Trouble.CLOCK_WRONG.value: _("An administrator sets that clock."),
        Trouble.KEY_REJECTED.value: _("An administrator activates it in RAM, or gives the bot another one."),
        Trouble.TOKEN_EXPIRED.value: _("An administrator gives it new ones."),
        Trouble.NO_CREDENTIALS.value: _("An administrator gives it some."),
        Trouble.TLS_FAILED.value: _("An administrator looks at the proxy and at the certificates of that machine."),
        Trouble.WRONG_ACCOUNT.value: _("An administrator gives it a key of the right one; its log names both."),
        Trouble.ACCOUNT_UNKNOWN.value: _(
            "Try again in a minute; if it goes on, an administrator looks whether the bot can reach STS."
        ),
    }.get(trouble, "")
