"""Somebody has something of which the record does not know where it is from: an approver takes it back, or keeps it."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.kinds import NoticeOutcome
from approvals.model import Entitlement, Notice
from handlers.translations import Translations
from handlers.views.blocks import Message, button, buttons, confirmation, note, section
from handlers.views.parts import part_name
from handlers.views.text import capped, holder, moment, person

TAKE_BACK, KEEP = "origin_take_back", "origin_keep"


def origin(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    what = Entitlement.parse(str(notice.details["what"]))
    name = str(notice.details["ram_user"]) or str(notice.details["ram_user_id"])
    who, part = holder(name, what.of_account, translations), part_name(what, catalog, translations)
    if not notice.open:
        return note(_closed(notice, translations).format(who=who, part=part, by=person(notice.settled_by or "")))
    attached = notice.details["attached_at"]
    told = translations.gettext("❓ *Origin unknown*: {who} has {part}, and had not when this app last looked.")
    if attached is not None:
        told = translations.gettext("❓ *Origin unknown*: {who} has {part} since {attached}.")
    told = told.format(who=who, part=part, attached="" if attached is None else moment(int(attached)))
    why = translations.gettext("This app has no record of the time after {since}, and may have given it.")
    told = f"{told} {why.format(since=moment(int(notice.details['since'])))}"
    sure = confirmation(
        translations.gettext("Take it back?"),
        translations.gettext("{who} loses it now, whoever gave it.").format(who=capped(name, 64)),
        translations.gettext("Take it back"),
        translations.gettext("Not now"),
        danger=True,
    )
    blocks = [
        section(told),
        buttons(
            button(translations.gettext("Take back"), TAKE_BACK, notice.id, "danger", confirm=sure),
            button(translations.gettext("Keep"), KEEP, notice.id),
        ),
    ]
    return Message(told, blocks)


def _closed(notice: Notice, translations: Translations) -> str:
    texts = {
        NoticeOutcome.TAKEN_BACK.value: translations.gettext(
            "✅ {by} takes {part} back from {who}, whose origin was unknown."
        ),
        NoticeOutcome.KEPT.value: translations.gettext(
            "📌 {by} says that {who} keeps {part}. It counts as given otherwise."
        ),
        NoticeOutcome.GRANTED.value: translations.gettext("✅ {who} has {part} through a request by now."),
    }
    gone = translations.gettext("✅ {who} does not have {part} any more.")
    return texts.get(notice.outcome or "", gone)
