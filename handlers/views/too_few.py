"""That fewer approvers are here than have to approve, or none at all."""

from __future__ import annotations

from approvals.queries.away import TooFewHere
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import Block, context_block
from handlers.views.text import first_of, literal, moment


def too_few_line(too_few: TooFewHere, translations: Translations) -> str:
    """How many are here, and who is away until when; nobody is mentioned."""
    return translations.gettext("⚠️ Too few approvers are here ({here} of {needed}). Away: {people}.").format(
        here=too_few.here, needed=too_few.needed, people=_away(too_few, translations)
    )


def nobody_reminded(ref: str, all_away: TooFewHere, translations: Translations) -> str:
    """To whoever wanted to remind while everybody who may decide is away: that nobody was told, and what helps."""
    return translations.gettext(
        "*{ref}*: nobody was reminded, as all approvers are away ({people}). They can still decide: write to one of"
        " them, or press Remind again when one is back."
    ).format(ref=ref, people=_away(all_away, translations))


def nobody_to_remind(record: RequestView, translations: Translations) -> str:
    """The same, where it showed once reminders were to be sent."""
    if record.too_few and record.too_few.here == 0:
        return nobody_reminded(record.request.ref, record.too_few, translations)
    return translations.gettext(
        "*{ref}*: nobody was reminded, as no approver is here who can decide. Write to one whom you know, or press"
        " Remind again later."
    ).format(ref=record.request.ref)


def too_few_blocks(too_few: TooFewHere | None, translations: Translations) -> list[Block]:
    """The same in small letters; nothing where there are enough."""
    return [context_block(too_few_line(too_few, translations))] if too_few else []


def _away(too_few: TooFewHere, translations: Translations) -> str:
    away = [
        translations.gettext("{name} until {when}").format(name=literal(each.ram_user), when=moment(each.until))
        for each in too_few.away
    ]
    return first_of(away, translations)
