"""Somebody is to go, and the product keeps them: what is in the way, what to type, and a button to try again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement, Key
from approvals.kinds import NoticeOutcome
from approvals.model import request_ref
from approvals.notice import Notice
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, button, buttons, section
from handlers.views.notice_blocks import resolved
from handlers.views.parts import part_name, product_title
from handlers.views.text import escape, first_lines, literal, truncated, visible

AGAIN = "blocked_end_again"
MAX_LINES = 10
MAX_OBJECT, MAX_STATEMENT = 120, 200
"""Characters of one."""
MAX_IN_BLOCK = 2_500
"""Characters; Slack takes 3,000."""
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.TRIED_AGAIN: N_("🔁 {ref}: retried by {by}. {ram_user}: {part}."),
    NoticeOutcome.GONE: N_("✅ {ref}: {ram_user} is gone: {part}."),
}
WANTED = N_("✅ {ref}: {ram_user} stays after all: {part}.")


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
    title = translations.gettext(
        "✋ *{ref} needs manual work:* {product} keeps {ram_user}, who is to be removed: {part}."
    ).format(**names)
    lines = [title, *_ended(details["ended"], catalog, translations)]
    if details["what"]:
        lines.append(translations.gettext("*In the way:*"))
        lines += first_lines([f"• {literal(each, MAX_OBJECT)}" for each in details["what"]], translations, MAX_LINES)
    blocks = [section("\n".join(some)) for some in _pieces(lines)]
    if details["remedy"]:
        blocks.append(section(translations.gettext("*A superuser runs,* after checking that nobody needs it:")))
        statements = [_shown(each) for each in details["remedy"]]
        blocks += [section("\n".join(["```", *some, "```"])) for some in _pieces(statements)]
    then = translations.gettext(
        "This is not retried automatically. Once a day the app checks whether {ram_user} is gone."
    ).format(**names)
    blocks += [section(then), buttons(button(translations.gettext("Retry"), AGAIN, notice.id))]
    return Message(title, blocks)


def _pieces(lines: Sequence[str]) -> Iterator[list[str]]:
    """In their order, as many to a block as Slack takes."""
    piece: list[str] = []
    for line in lines:
        if piece and sum(map(len, (*piece, line))) > MAX_IN_BLOCK:
            yield piece
            piece = []
        piece.append(line)
    yield piece


def _shown(statement: str) -> str:
    """Names of others are in it: they are to neither format nor end the block."""
    return escape(truncated(" ".join(visible(statement).split()).replace("`", "'"), MAX_STATEMENT))


def _ended(ended: list[str], catalog: Catalog, translations: Translations) -> list[str]:
    """What of the request is over: nobody is to believe that all of the access stays."""
    names = [part_name(Entitlement.parse(each), catalog, translations) for each in ended]
    return [translations.gettext("*Revoked already:* {parts}.").format(parts=", ".join(names))] if names else []
