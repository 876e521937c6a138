"""Refusals because of somebody else than whoever reads them: whom a request is for, or whom an administrator links."""

from __future__ import annotations

from approvals.errors import RefusalReason
from handlers.translations import Translations


def about_others(translations: Translations) -> dict[RefusalReason, str]:
    """Sentences with `{subject}`, in place of those that speak to the reader."""
    _ = translations.gettext
    return {
        RefusalReason.STRANGER: _(
            "{subject} is not a member of this workspace, so nothing can be granted to them here."
        ),
        RefusalReason.GUEST: _("{subject} is a guest of this workspace, and nothing is granted to guests."),
        RefusalReason.BOT: _("{subject} is a bot, and nothing is granted to bots."),
        RefusalReason.DELETED: _("The Slack account of {subject} is deactivated."),
        RefusalReason.NOT_LINKED: _("{subject} is not linked to a RAM user."),
    }
