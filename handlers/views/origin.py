"""Somebody has something of which the record does not know where it is from: an approver takes it back, or keeps it."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement
from approvals.kinds import NoticeOutcome
from approvals.notice import Notice
from handlers.translations import N_, Translations
from handlers.views.blocks import Message
from handlers.views.notice_blocks import DangerousButton, choice, resolved
from handlers.views.parts import part_name
from handlers.views.text import holder, moment, truncated

TAKE_BACK, KEEP = "origin_take_back", "origin_keep"
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.TAKEN_BACK: N_("✅ {by} takes {part} back from {who}, whose origin was unknown."),
    NoticeOutcome.KEPT: N_("📌 {by} says that {who} keeps {part}. It counts as given otherwise."),
    NoticeOutcome.GRANTED: N_("✅ {who} has {part} through a request by now."),
}
GONE = N_("✅ {who} does not have {part} any more.")


def origin(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """Who has what since when, and whether it is taken back; once that is resolved, how."""
    what = Entitlement.parse(str(notice.details["what"]))
    name = str(notice.details["ram_user"]) or str(notice.details["ram_user_id"])
    who, part = holder(name, what.of_account, translations), part_name(what, catalog, translations)
    if not notice.open:
        return resolved(notice, OUTCOMES, GONE, translations, who=who, part=part)
    attached = notice.details["attached_at"]
    template = (
        N_("❓ *Origin unknown*: {who} has {part}, and had not when this app last looked.")
        if attached is None
        else N_("❓ *Origin unknown*: {who} has {part} since {attached}.")
    )
    found = translations.gettext(template).format(
        who=who, part=part, attached="" if attached is None else moment(int(attached))
    )
    why = translations.gettext("This app has no record of the time after {since}, and may have given it.").format(
        since=moment(int(notice.details["since"]))
    )
    take_back = DangerousButton(
        TAKE_BACK,
        translations.gettext("Take back"),
        translations.gettext("Take it back?"),
        translations.gettext("{who} loses it now, whoever gave it.").format(who=truncated(name, 64)),
        translations.gettext("Take it back"),
    )
    return choice(notice, [f"{found} {why}"], take_back, (translations.gettext("Keep"), KEEP), translations)
