"""A policy is to be reviewed: what it allows in plain words, what became other since it was reviewed last, and a button
by which approvers say that it may be given so. All of it is shown, or there is no button.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from approvals.catalog.model import Catalog
from approvals.kinds import NoticeOutcome
from approvals.notice import Notice
from approvals.operations.policy_reviews.approve import REVIEWERS_NEEDED
from approvals.policies.difference import ActionLine, difference
from approvals.policies.document import UnreadableDocument
from approvals.policies.summary import summary
from handlers.translations import N_, Translations
from handlers.views.blocks import (
    MAX_BLOCKS,
    Block,
    Message,
    button,
    buttons,
    confirmation,
    context_block,
    in_sections,
    note,
    section,
)
from handlers.views.notice_blocks import resolved
from handlers.views.policy_lines import TooLongToShow, action_lines, allowance_line, wrapped
from handlers.views.text import all_of, exact, literal, moment, person, truncated

APPROVE = "approve_policy"
MAX_SHOWN_BLOCKS = MAX_BLOCKS - 4
"""Besides the heading, who changed it, who reviewed it, and the button."""
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.REVIEWED: N_("✅ {policy} {version} was reviewed by {reviewers}."),
    NoticeOutcome.OUTDATED: N_("📜 {policy} changed again after {version}: see below."),
}
RIGHT_AGAIN = N_("✅ {policy} is again as it was reviewed.")
UNREADABLE = N_(
    "📜 *Cannot be read:* the document of {policy} ({version}), so it is not granted. Correct it: RAM console >"
    " Permissions > Policies > {policy}."
)
TOO_LONG = N_(
    "📜 *Cannot be reviewed here:* {policy} ({version}) says more than a message can show. Read it: RAM console >"
    " Permissions > Policies > {policy}. Make it shorter, or split it, to have it reviewed."
)


def policy_review(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """The document that a notice is about; once that is resolved, how."""
    details = notice.details
    named = {"policy": exact(details["policy"]), "version": exact(details["version"])}
    words = [person(word["slack"]) for word in details["reviewed_by"]]
    if not notice.open:
        reviewers = all_of(words, translations) if words else ""
        return resolved(notice, OUTCOMES, RIGHT_AGAIN, translations, reviewers=reviewers, **named)
    try:
        shown = _all_of_it(details, translations)
    except UnreadableDocument:
        return note(translations.gettext(UNREADABLE).format(**named))
    except TooLongToShow:
        return note(translations.gettext(TOO_LONG).format(**named))
    heading = _heading(details, named, translations)
    blocks = [section(heading), *_changed_by(details, translations), *shown]
    if words:
        reviewed = translations.gettext("*{count} of {needed}* reviewed: {by}")
        blocks.append(context_block(reviewed.format(count=len(words), needed=REVIEWERS_NEEDED, by=", ".join(words))))
    return Message(heading, [*blocks, _approve(notice, translations)])


def is_shown_whole(notice: Notice, translations: Translations) -> bool:
    """Whether whoever reads the message has read all of what its button would stand for."""
    try:
        return bool(_all_of_it(notice.details, translations))
    except (UnreadableDocument, TooLongToShow):
        return False


def _heading(details: Mapping[str, Any], named: Mapping[str, str], translations: Translations) -> str:
    if details["before"] is None:
        return translations.gettext(
            "📜 *Not reviewed yet:* {policy} ({version}). Two approvers confirm that it may be granted as it is."
        ).format(**named)
    return translations.gettext(
        "📜 *Changed since it was reviewed:* {policy} ({before} → {version}). It is not granted until two approvers"
        " have reviewed the change."
    ).format(before=literal(details["before_version"]), **named)


def _changed_by(details: Mapping[str, Any], translations: Translations) -> list[Block]:
    """As far as ActionTrail told, which may be a quarter of an hour later."""
    changed = details.get("changed_by")
    if not changed:
        return []
    text = translations.gettext("Changed by {who} ({when}), from {source}, as ActionTrail says.")
    who, source = literal(changed["who"], 64), literal(changed["from"], 64)
    return [context_block(text.format(who=who, when=moment(changed["at"]), source=source))]


def _all_of_it(details: Mapping[str, Any], translations: Translations) -> list[Block]:
    if details["document"] is None:
        raise UnreadableDocument("nothing of it")
    allowed = [f"• {allowance_line(each, translations)}" for each in summary(details["document"])]
    blocks = [
        *([] if details["before"] is None else _changes(details, translations)),
        *_sections([translations.gettext("*Allows now*"), *allowed]),
    ]
    if len(blocks) > MAX_SHOWN_BLOCKS:
        raise TooLongToShow
    return blocks


def _changes(details: Mapping[str, Any], translations: Translations) -> list[Block]:
    added, removed, conditions_now, conditions_before = difference(details["before"], details["document"])
    parts: list[str] = []
    for title, came, went in (
        (translations.gettext("*Added*"), added, ()),
        (translations.gettext("*Other conditions*"), conditions_now, conditions_before),
        (translations.gettext("*Removed*"), (), removed),
    ):
        if came or went:
            parts += [title, *_signed("➕", came, translations), *_signed("➖", went, translations)]
    nothing = translations.gettext("No action, resource or condition was added or removed.")
    return _sections(parts or [nothing])


def _signed(sign: str, lines: Iterable[ActionLine], translations: Translations) -> Iterator[str]:
    return (f"{sign} {text}" for line in lines for text in action_lines(line, translations))


def _sections(lines: Iterable[str]) -> list[Block]:
    return in_sections([piece for line in lines for piece in wrapped(line)], unfolded=True)


def _approve(notice: Notice, translations: Translations) -> Block:
    asks = translations.gettext("You have read what {policy} {version} allows, and it may be granted.").format(
        policy=truncated(notice.details["policy"], 128), version=truncated(notice.details["version"], 20)
    )
    sure = confirmation(
        translations.gettext("Grant it like this?"),
        asks,
        translations.gettext("Reviewed"),
        translations.gettext("Cancel"),
    )
    return buttons(button(translations.gettext("Reviewed"), APPROVE, notice.id, confirm=sure))
