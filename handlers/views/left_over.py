"""What an access review left as it was, to one approver, with a button that revokes it."""

from __future__ import annotations

from approvals.access_review import ReviewItem, Stays
from approvals.catalog.model import Catalog
from approvals.queries.left_over import LeftOver
from handlers.translations import Translations
from handlers.views.access_review import item_text, revoke_button
from handlers.views.blocks import Block, Message, button, buttons, context_block, section
from handlers.views.text import day
from handlers.views.unreviewed import REASONS

MORE_LEFT, REVOKE_LEFT = "access_review_left_more", "access_review_left_revoke"


def left_page(left: LeftOver, catalog: Catalog, translations: Translations, said: str = "") -> Message:
    """`said`: what came of their last click."""
    if left.items or left.after:
        text = translations.gettext("*Access review of {started}:* nobody reviewed this, and requests give it still.")
    else:
        text = translations.gettext("✅ *Access review of {started}:* nothing is left that a request gives.")
    heading = text.format(started=day(left.review.started_at))
    blocks: list[Block] = [context_block(said)] if said else []
    blocks.append(section(heading))
    for item in left.items:
        blocks.append(section(_text(item, catalog, translations)))
        if item.stays is not Stays.OWN_IDENTITY:
            blocks.append(buttons(revoke_button(item.access, REVOKE_LEFT, f"{item.id} {left.after}", translations)))
    if left.more:
        more = button(translations.gettext("Show more"), MORE_LEFT, f"{left.review.id} {left.items[-1].id}")
        blocks.append(buttons(more))
    elsewhere = translations.gettext("What was granted elsewhere is in `/pairec-access drift`, with buttons.")
    blocks.append(context_block(elsewhere))
    return Message(heading, blocks)


def _text(item: ReviewItem, catalog: Catalog, translations: Translations) -> str:
    text = item_text(item.access, catalog, translations)
    return f"{text}\n{translations.gettext(REASONS[item.stays])}" if item.stays else text
