"""What can be typed after /pairec-status."""

from __future__ import annotations

from approvals.status.plan import StatusPlan
from handlers.translations import Translations
from handlers.views.blocks import Message, section


def status_help(looked_at: StatusPlan, translations: Translations) -> Message:
    told = translations.gettext("How to use /pairec-status")
    lines = [
        f"*{told}*",
        translations.gettext("• `/pairec-status` looks at everything and posts a board in this channel."),
        translations.gettext("• `/pairec-status oss` looks at one row; the names are {names}.").format(
            names=", ".join(f"`{row.name}`" for row in looked_at.rows)
        ),
        translations.gettext(
            "• `/pairec-status watch 30m` has this channel told what changes; `/pairec-status unwatch` ends it."
        ),
        translations.gettext("• `/pairec-status history` shows the last changes."),
    ]
    return Message(told, [section("\n".join(lines))])
