"""Refusals because of somebody else than whoever reads them: whom a request is for, or whom an administrator links."""

from __future__ import annotations

from approvals.errors import RefusalReason
from handlers.translations import Translations


def about_others(translations: Translations) -> dict[RefusalReason, str]:
    """Sentences with `{subject}`, in place of those that speak to the reader."""
    return {
        RefusalReason.STRANGER: translations.gettext(
            "{subject} is not a member of this workspace, so nothing can be granted to them here."
        ),
        RefusalReason.GUEST: translations.gettext(
            "{subject} is a guest of this workspace, and nothing is granted to guests."
        ),
        RefusalReason.BOT: translations.gettext("{subject} is a bot, and nothing is granted to bots."),
        RefusalReason.DELETED: translations.gettext("The Slack account of {subject} is deactivated."),
        RefusalReason.NOT_LINKED: translations.gettext("{subject} is not linked to a RAM user."),
    }
