"""What approvers are told when the bot's key is another account's than its record."""

from __future__ import annotations

from approvals.catalog import Catalog
from approvals.ledger.notices import Notice
from handlers.views.blocks import Message, note
from handlers.views.text import literal, moment
from handlers.words import Words


def wrong_account(notice: Notice, catalog: Catalog, words: Words) -> Message:
    _ = words.gettext
    told = _(
        "*This app's access key belongs to Alibaba Cloud account {theirs}, and its record to {ours}* ({when}). Nothing"
        " is given, taken back or concluded until it has a key of {ours} again. What runs, runs on past its end:"
        " whoever gave the app its key puts that right."
    ).format(
        theirs=literal(str(notice.details["theirs"])),
        ours=literal(str(notice.details["ours"] or "?")),
        when=moment(notice.raised_at),
    )
    if notice.settled_at is None:
        return note(f"🚨 {told}")
    return note("✅ " + _("Right again since {when}.").format(when=moment(notice.settled_at)) + f" {told}")
