"""Somebody is to go, and the product keeps them: what is in the way, what to type, and a button to try again."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement, Key
from approvals.kinds import NoticeOutcome
from approvals.model import request_ref
from approvals.notice import Notice
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, button, buttons, section
from handlers.views.notice_blocks import resolved
from handlers.views.parts import part_name, product_title
from handlers.views.text import first_lines, literal

AGAIN = "blocked_end_again"
MAX_LINES = 10
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.TRIED_AGAIN: N_("🔁 {ref}: {by} has it tried again to remove {ram_user} from {part}."),
    NoticeOutcome.GONE: N_("✅ {ref}: {ram_user} is gone: {part}."),
}
WANTED = N_("✅ {ref}: {ram_user} is to stay after all: {part}.")


def blocked_end(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What keeps them, and how to get it out of the way; once that is resolved, how."""
    details, entitlement = notice.details, Key.parse(notice.about).entitlement
    names = {
        "ref": request_ref(details["request"]),
        "ram_user": literal(details["ram_user"]),
        "part": part_name(entitlement, catalog, translations),
        "product": product_title(entitlement.kind.product),
    }
    if not notice.open:
        return resolved(notice, OUTCOMES, WANTED, translations, **names)
    title = translations.gettext("✋ *{ref} needs a hand:* {product} keeps {ram_user}, who is to go: {part}.").format(
        **names
    )
    lines = [title, *_ended(details["ended"], catalog, translations)]
    if details["what"]:
        lines.append(translations.gettext("*In the way:*"))
        lines += first_lines([f"• {literal(each)}" for each in details["what"]], translations, MAX_LINES)
    blocks = [section("\n".join(lines))]
    if details["remedy"]:
        told = translations.gettext("*A superuser types,* after looking whether anybody needs it:")
        blocks.append(section("\n".join([told, "```", *details["remedy"], "```"])))
    then = translations.gettext(
        "It is not tried again by itself. Once a day the bot looks whether {ram_user} is gone."
    ).format(**names)
    blocks += [section(then), buttons(button(translations.gettext("Try again"), AGAIN, notice.id))]
    return Message(title, blocks)


def _ended(ended: list[str], catalog: Catalog, translations: Translations) -> list[str]:
    """What of the request is over: nobody is to believe that all of the access stays."""
    names = [part_name(Entitlement.parse(each), catalog, translations) for each in ended]
    return [translations.gettext("*Taken away already:* {parts}.").format(parts=", ".join(names))] if names else []
