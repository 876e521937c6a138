"""What can be typed after /pairec-status."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.status.plan import StatusPlan
from handlers.translations import Translations
from handlers.views.blocks import Message, section


def status_help(looked_at: StatusPlan, translations: Translations, lines: Sequence[str]) -> Message:
    """`lines` are those of the subcommands, with a place for the {names} of the rows where they are to stand."""
    text = translations.gettext("How to use /pairec-status")
    names = ", ".join(f"`{row.name}`" for row in looked_at.rows)
    return Message(text, [section("\n".join([f"*{text}*", *(line.replace("{names}", names) for line in lines)]))])
