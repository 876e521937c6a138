"""Many grants look removed at once: an approver says whether they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement
from approvals.kinds import NoticeOutcome
from approvals.model import request_ref
from approvals.notice import Notice
from handlers.translations import N_, Translations
from handlers.views.blocks import Message
from handlers.views.notice_blocks import DangerousButton, choice, resolved
from handlers.views.parts import part_name
from handlers.views.text import first_lines, literal

REMOVED, AGAIN = "vanished_removed", "vanished_again"
MAX_SHOWN_KEYS = 10
"""Grants that are named one by one."""
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.REMOVED: N_("✅ {by} confirmed that what looked removed was removed: {count} grants ended."),
    NoticeOutcome.LOOK_AGAIN: N_("🔎 {by} has what looked removed checked again."),
}
OVER = N_("✅ Nothing looks removed any more.")


def vanished(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What looks removed, and whether it was; once that is resolved, how."""
    details = notice.details
    if not notice.open:
        return resolved(notice, OUTCOMES, OVER, translations, count=len(details["grants"]))
    warning = translations.gettext(
        "🚨 *{looks} of {active} grants look removed all at once.* They still count as active, and are"
        " checked every minute. If the cloud shows them again, this ends by itself."
    ).format(looks=details["looks"], active=details["active"])
    lines = [_line(each, catalog, translations) for each in details["grants"]]
    removed = DangerousButton(
        REMOVED,
        translations.gettext("They were removed"),
        translations.gettext("Were they removed?"),
        translations.gettext("They end, and are not granted again. Whoever had them is told."),
        translations.gettext("End them"),
    )
    look_again = (translations.gettext("Check again"), AGAIN)
    return choice(
        notice,
        [warning, "\n".join(first_lines(lines, translations, MAX_SHOWN_KEYS))],
        removed,
        look_again,
        translations,
    )


def _line(grant: Mapping[str, Any], catalog: Catalog, translations: Translations) -> str:
    return translations.gettext("• {part} of {ram_user} ({ref})").format(
        part=part_name(Entitlement.parse(grant["what"]), catalog, translations),
        ram_user=literal(grant["ram_user"]),
        ref=request_ref(grant["request"]),
    )
