"""Many grants look removed at once: an approver says whether they were."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.kinds import NoticeOutcome
from approvals.model import Entitlement, Notice, request_ref
from handlers.translations import Translations
from handlers.views.blocks import Message, button, buttons, confirmation, note, section
from handlers.views.parts import part_name
from handlers.views.text import literal, person

REMOVED, AGAIN = "vanished_removed", "vanished_again"
MAX_SHOWN_KEYS = 10
"""Grants that are named one by one."""


def vanished(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    details = notice.details
    if not notice.open:
        return note(
            _closed(notice, translations).format(by=person(notice.settled_by or ""), count=len(details["grants"]))
        )
    told = translations.gettext(
        "🚨 *{looks} of {active} grants look removed all at once.* Nothing was concluded from that: they count as"
        " active, and are looked at every minute. Should the cloud show them again, this ends by itself."
    ).format(looks=details["looks"], active=details["active"])
    lines = [
        translations.gettext("• {part} of {ram_user} ({ref})").format(
            part=part_name(Entitlement.parse(each["what"]), catalog, translations),
            ram_user=literal(each["ram_user"]),
            ref=request_ref(each["request"]),
        )
        for each in details["grants"][:MAX_SHOWN_KEYS]
    ]
    if len(details["grants"]) > MAX_SHOWN_KEYS:
        lines.append(translations.gettext("and {count} more").format(count=len(details["grants"]) - MAX_SHOWN_KEYS))
    sure = confirmation(
        translations.gettext("Were they removed?"),
        translations.gettext("They end, and are not given again. Whoever had them is told."),
        translations.gettext("End them"),
        translations.gettext("Not now"),
        danger=True,
    )
    blocks = [
        section(told),
        section("\n".join(lines)),
        buttons(
            button(translations.gettext("They were removed"), REMOVED, notice.id, "danger", confirm=sure),
            button(translations.gettext("Look again"), AGAIN, notice.id),
        ),
    ]
    return Message(told, blocks)


def _closed(notice: Notice, translations: Translations) -> str:
    texts = {
        NoticeOutcome.REMOVED.value: translations.gettext(
            "✅ {by} says that what looked removed was removed: {count} grants ended."
        ),
        NoticeOutcome.LOOK_AGAIN.value: translations.gettext("🔎 {by} has what looked removed looked at again."),
    }
    return texts.get(notice.outcome or "", translations.gettext("✅ Nothing of what looked removed does so any more."))
