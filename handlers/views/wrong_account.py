"""What approvers are told when the bot's key is another account's than its record."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.notice import Notice
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.text import literal, moment


def wrong_account(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """While it is open, that nothing is done; then since when it is over."""
    theirs, ours = (literal(str(notice.details[whose] or "?")) for whose in ("theirs", "ours"))
    if notice.resolved_at is not None:
        text = translations.gettext(
            "✅ This app's access key is Alibaba Cloud account {ours}'s again since {when}; it was {theirs}'s."
        )
        return note(text.format(ours=ours, theirs=theirs, when=moment(notice.resolved_at)))
    text = translations.gettext(
        "🚨 *This app's access key belongs to Alibaba Cloud account {theirs}, and its record to"
        " {ours}* ({when}). Nothing is granted, revoked or concluded until it has a key of {ours}"
        " again. Access stays active past its end: whoever gave the app its key corrects that."
    )
    return note(text.format(theirs=theirs, ours=ours, when=moment(notice.raised_at)))
