"""Somebody has something of which the record does not know where it is from: an approver takes it back, or keeps it."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement
from approvals.kinds import NoticeOutcome
from approvals.notice import MORE_KEYS, Notice
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, note
from handlers.views.notice_blocks import DangerousButton, choice, resolved
from handlers.views.parts import part_name
from handlers.views.text import holder, moment, truncated

TAKE_BACK, KEEP = "origin_take_back", "origin_keep"
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.TAKEN_BACK: N_("✅ {by} revokes {part} from {who}; its origin was unknown."),
    NoticeOutcome.KEPT: N_("📌 {by}: {who} keeps {part}. It counts as granted elsewhere."),
    NoticeOutcome.GRANTED: N_("✅ {who} has {part} through a request now."),
}
GONE = N_("✅ {who} no longer has {part}.")


def origin(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """Who has what since when, and whether it is taken back; once that is resolved, how."""
    what = Entitlement.parse(str(notice.details["what"]))
    name = str(notice.details["ram_user"]) or str(notice.details["ram_user_id"])
    who, part = holder(name, what.of_account, translations), part_name(what, catalog, translations)
    if not notice.open:
        return resolved(notice, OUTCOMES, GONE, translations, who=who, part=part)
    attached = notice.details["attached_at"]
    template = (
        N_("❓ *Origin unknown*: {who} has {part}, and did not at the last check.")
        if attached is None
        else N_("❓ *Origin unknown*: {who} has {part} since {attached}.")
    )
    found = translations.gettext(template).format(
        who=who, part=part, attached="" if attached is None else moment(int(attached))
    )
    why = translations.gettext("This app has no record of the time after {since}, and may have granted it.").format(
        since=moment(int(notice.details["since"]))
    )
    take_back = DangerousButton(
        TAKE_BACK,
        translations.gettext("Revoke"),
        translations.gettext("Revoke it?"),
        translations.gettext("{who} loses it now, whoever granted it.").format(who=truncated(name, 64)),
        translations.gettext("Revoke"),
    )
    return choice(notice, [f"{found} {why}"], take_back, (translations.gettext("Keep"), KEEP), translations)


def more_of_unknown_origin(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """How much more there is than is asked about one by one, and where it is decided on."""
    number = len(notice.details[MORE_KEYS])
    if not notice.open:
        return note(translations.gettext("✅ Nothing else of unknown origin is left in `/pairec-access drift`."))
    text = translations.ngettext(
        "❓ *Origin unknown*: {count} more that was granted since {since}. `/pairec-access drift` lists it.",
        "❓ *Origin unknown*: {count} more that were granted since {since}. `/pairec-access drift` lists them.",
        number,
    ).format(count=number, since=moment(int(notice.details["since"])))
    return note(text)
