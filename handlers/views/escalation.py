"""That nobody decided a request in time, and that a second place does not take it."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.model import AccessRequest
from approvals.notice import Notice
from approvals.outbox.escalations import is_group
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import Block, Message, context_block, note, section
from handlers.views.card_facts import item_name
from handlers.views.text import literal, moment


def escalation(record: RequestView, group: str, catalog: Catalog, translations: Translations) -> Message:
    """Below a card, to a user group."""
    text = translations.gettext("{ref}, {what}, waits for a decision since {when}.").format(
        ref=f"*{record.request.ref}*", what=item_name(record, catalog), when=moment(record.request.created_at)
    )
    said = f"⏫ <!subteam^{group}> {text}"
    return Message(said, [section(said)])


def escalated_blocks(request: AccessRequest, translations: Translations) -> list[Block]:
    """On every card of it, once it was."""
    if request.escalated_at is None:
        return []
    text = translations.gettext("⏫ Escalated {when}: no decision until then.").format(
        when=moment(request.escalated_at)
    )
    return [context_block(text)]


def escalation_blocked(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """While it is open, what to do about it."""
    place = literal(notice.about) if is_group(notice.about) else f"<#{notice.about}>"
    if notice.resolved_at is not None:
        text = translations.gettext("✅ Requests are escalated to {place} again since {when}.")
        return note(text.format(place=place, when=moment(notice.resolved_at)))
    text = translations.gettext(
        "⚠️ *{ref} could not be escalated to {place}* ({why}). Invite the app there with `/invite`, or mend"
        " `escalate_to` in the catalogue. It is tried again every 15 minutes."
    )
    return note(text.format(ref=notice.details["request"], place=place, why=literal(str(notice.details["why"]))))
