"""Somebody asks for another person and says which RAM user that is: the person is asked whether it is so."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.kinds import NoticeOutcome
from approvals.model import Notice
from handlers.translations import Translations
from handlers.views.blocks import Message, button, buttons, context_block, note, section
from handlers.views.text import literal, person

YES, NO = "claim_yes", "claim_no"


def claim_question(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    ram_user = literal(str(notice.details["ram_user"]))
    if not notice.open:
        return note(_closed(notice, translations).format(ref=notice.details["request"], ram_user=ram_user))
    item = catalog.named(str(notice.details["item"]))
    told = translations.gettext(
        "*{ref}:* {requester} asks for {what} for you, and says that you are RAM user {ram_user}. *Is that you?*"
    ).format(
        ref=notice.details["request"],
        requester=person(str(notice.details["requester"])),
        what=f"*{item.title}*" if item else literal(str(notice.details["item"])),
        ram_user=ram_user,
    )
    hint = translations.gettext(
        "Say yes only if you sign in to Alibaba Cloud as {ram_user}. Nothing is given before."
    ).format(ram_user=ram_user)
    blocks = [
        section(told),
        buttons(
            button(translations.gettext("Yes, that is me"), YES, notice.id, "primary"),
            button(translations.gettext("No"), NO, notice.id, "danger"),
        ),
        context_block(hint),
    ]
    return Message(told, blocks)


def _closed(notice: Notice, translations: Translations) -> str:
    texts = {
        NoticeOutcome.CONFIRMED.value: translations.gettext(
            "*{ref}:* it is confirmed that you are RAM user {ram_user}."
        ),
        NoticeOutcome.REFUSED.value: translations.gettext(
            "*{ref}:* you said that you are not RAM user {ram_user}, so it was closed. Nothing was given."
        ),
    }
    return texts.get(
        notice.outcome or "", translations.gettext("*{ref}* is closed, so there is nothing to confirm any more.")
    )
