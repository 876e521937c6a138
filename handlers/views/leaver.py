"""Somebody's Slack account is gone while something runs for them: an approver takes it back, or lets them keep it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.catalog.model import Catalog
from approvals.kinds import NoticeOutcome
from approvals.model import Entitlement, Notice, request_ref
from approvals.operations.leavers import Presence
from handlers.translations import Translations
from handlers.views.blocks import Message, button, buttons, confirmation, note, section
from handlers.views.parts import part_name
from handlers.views.text import capped, literal, person, until

TAKE_BACK, KEEP = "leaver_take_back", "leaver_keep"
MAX_SHOWN_GRANTS = 10
"""Things that are named one by one."""


def leaver(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    ram_user = literal(str(notice.details["ram_user"]))
    who = person(str(notice.details["slack"]))
    if not notice.open:
        by = person(notice.settled_by or "")
        return note(_closed(notice, translations).format(who=who, ram_user=ram_user, by=by))
    told = {
        Presence.DEACTIVATED.value: translations.gettext(
            "👋 *The Slack account of {who} is deactivated*, but what was granted runs on."
        ),
        Presence.NO_MEMBER.value: translations.gettext(
            "👋 *{who} is no full member here any more*, but what was granted runs on."
        ),
    }[str(notice.details["why"])]
    told = (told + " " + translations.gettext("RAM user {ram_user} has:")).format(who=who, ram_user=ram_user)
    sure = confirmation(
        translations.gettext("Take everything back?"),
        translations.gettext(
            "All that was granted here to RAM user {ram_user} ends now, and what is still asked for them is cancelled."
        ).format(ram_user=capped(str(notice.details["ram_user"]), 64)),
        translations.gettext("Take it back"),
        translations.gettext("Not now"),
        danger=True,
    )
    blocks = [
        section(told),
        section("\n".join(_lines(notice.details["runs"], catalog, translations))),
        buttons(
            button(translations.gettext("Take everything back"), TAKE_BACK, notice.id, "danger", confirm=sure),
            button(translations.gettext("Keep it"), KEEP, notice.id),
        ),
    ]
    return Message(told, blocks)


def _lines(runs: list[Mapping[str, Any]], catalog: Catalog, translations: Translations) -> list[str]:
    lines = [
        translations.gettext("• {part} {until} ({ref})").format(
            part=part_name(Entitlement.parse(each["what"]), catalog, translations),
            until=until(each["ends_at"], translations),
            ref=request_ref(each["request"]),
        )
        for each in runs[:MAX_SHOWN_GRANTS]
    ]
    if len(runs) > MAX_SHOWN_GRANTS:
        lines.append(translations.gettext("and {count} more").format(count=len(runs) - MAX_SHOWN_GRANTS))
    return lines


def _closed(notice: Notice, translations: Translations) -> str:
    texts = {
        NoticeOutcome.TAKEN_BACK.value: translations.gettext(
            "✅ {by} takes back all that {who} has, as RAM user {ram_user}."
        ),
        NoticeOutcome.KEPT.value: translations.gettext(
            "📌 {by} says that {who}, RAM user {ram_user}, keeps what they have. It is asked again in 30 days, or when"
            " they are given more."
        ),
        NoticeOutcome.BACK.value: translations.gettext(
            "✅ {who}, RAM user {ram_user}, is a member here again. Nothing was taken back."
        ),
        NoticeOutcome.SAID_AGAIN.value: translations.gettext(
            "👋 {who}, RAM user {ram_user}, is still gone, which is said again further down."
        ),
    }
    over = translations.gettext("✅ {who} has nothing any more, as RAM user {ram_user}.")
    return texts.get(notice.outcome or "", over)
