"""The head of the audit trail, for a channel that keeps it: what people read, and the line that a program reads."""

from __future__ import annotations

from approvals.anchor import Anchor
from handlers.translations import Translations
from handlers.views.blocks import Message, section
from handlers.views.text import escape


def anchor_message(anchor: Anchor, line: str, translations: Translations) -> Message:
    """`line` is the signed one, to be copied as it is."""
    title = translations.gettext("The audit trail has {count} entries.").format(count=f"{anchor.seq:,}")
    how = translations.gettext("To verify: `pairec-access audit --anchors FILE`, with these lines in the file.")
    return Message(title, [section(f"{title} {how}"), section(f"```{escape(line)}```")])
