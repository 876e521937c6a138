"""Somebody asks for another person and says which RAM user that is: the person is asked whether it is so."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Catalog
from approvals.kinds import NoticeOutcome
from approvals.notice import Notice
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, button, buttons, context_block, section
from handlers.views.notice_blocks import resolved
from handlers.views.text import literal, person

YES, NO = "claim_yes", "claim_no"
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.CONFIRMED: N_("*{ref}:* confirmed: you are RAM user {ram_user}."),
    NoticeOutcome.REFUSED: N_(
        "*{ref}:* you said that you are not RAM user {ram_user}, so it was closed. Nothing was granted."
    ),
}
CLOSED = N_("*{ref}* is closed, so there is nothing to confirm.")


def claim_question(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """Who asks for what, and whether the reader is that RAM user; once that is resolved, how."""
    ram_user = literal(str(notice.details["ram_user"]))
    ref = notice.details["request"]
    if not notice.open:
        return resolved(notice, OUTCOMES, CLOSED, translations, ref=ref, ram_user=ram_user)
    item = catalog.named(str(notice.details["item"]))
    question = translations.gettext(
        "*{ref}:* {requester} requests {what} for you, as RAM user {ram_user}. *Is that you?*"
    ).format(
        ref=ref,
        requester=person(str(notice.details["requester"])),
        what=f"*{item.title}*" if item else literal(str(notice.details["item"])),
        ram_user=ram_user,
    )
    hint = translations.gettext(
        "Confirm only if you sign in to Alibaba Cloud as {ram_user}. Nothing is granted before."
    )
    blocks = [
        section(question),
        buttons(
            button(translations.gettext("Yes, that is me"), YES, notice.id, "primary"),
            button(translations.gettext("No"), NO, notice.id, "danger"),
        ),
        context_block(hint.format(ram_user=ram_user)),
    ]
    return Message(question, blocks)
