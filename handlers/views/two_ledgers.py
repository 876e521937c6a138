"""What approvers are told when people reach this Slack app through two ledgers."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.notice import Notice
from approvals.operations import other_ledger
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.text import moment


def two_ledgers(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """While it is open, what to do about it; then since when it is over."""
    text = _clicked(notice, translations) if notice.about == other_ledger.CLICKS else _connected(notice, translations)
    if notice.resolved_at is None:
        return note(f"⚠️ {text}")
    return note("✅ " + translations.gettext("Over since {when}.").format(when=moment(notice.resolved_at)) + f" {text}")


def _clicked(notice: Notice, translations: Translations) -> str:
    return translations.gettext(
        "*Somebody clicked a message from another record of this app* ({when}). Nothing was changed,"
        " and they were told. If the record was lost, or restored from a backup, expect this for a"
        " while. Otherwise another program runs for this Slack app with a record of its own: stop one"
        " of the two, or give it a Slack app of its own."
    ).format(when=moment(notice.raised_at))


def _connected(notice: Notice, translations: Translations) -> str:
    return translations.gettext(
        "*Another program is connected to this Slack app* ({when}). Slack counts {connections}"
        " connections; those that work from this record have {ours}. Whatever people do reaches"
        " either of them, so some of it does nothing here. Stop the other one, or give it a Slack app"
        " of its own."
    ).format(when=moment(notice.raised_at), connections=notice.details["connections"], ours=notice.details["ours"])
