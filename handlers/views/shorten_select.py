"""When something ends instead that is gone through in an access review: a menu beside the buttons, which asks first."""

from __future__ import annotations

from slack_sdk.models.blocks import Option, StaticSelectElement

from approvals.access_review import ReviewItem, ReviewVerdict
from approvals.catalog.model import Catalog
from approvals.millis import DAY, DomainMillis
from approvals.model import request_ref
from approvals.operations.access_reviews.shorten import ShortenedItem
from approvals.queries.access_reviews import shorter_times
from handlers.translations import Translations
from handlers.views.blocks import confirmation, plain_text
from handlers.views.still_given import Says, still_given
from handlers.views.text import first_of, moment

SHORTEN = "access_review_shorten"
MAX_DIGITS = 4


def shorten_select(
    item: ReviewItem, catalog: Catalog, translations: Translations, now: DomainMillis
) -> list[StaticSelectElement]:
    """None where it cannot be shortened from here, or ends within a day."""
    times = shorter_times(item.access, catalog, now)
    if not times:
        return []
    options = [
        Option(value=f"{item.id} {each // DAY}", text=plain_text(_in_days(each, translations))) for each in times
    ]
    if item.access.requests:
        refs = first_of([request_ref(each) for each in item.access.requests], translations, 5)
        question = translations.gettext("All that {refs} granted ends then. It can be extended as usual.").format(
            refs=refs
        )
    else:
        question = translations.gettext(
            "It was granted elsewhere: another approver is asked first, and it ends so long after they approve."
        )
    sure = confirmation(
        translations.gettext("Shorten this?"), question, translations.gettext("Shorten"), translations.gettext("Cancel")
    )
    placeholder = plain_text(translations.gettext("Shorten"))
    return [StaticSelectElement(action_id=SHORTEN, placeholder=placeholder, options=options, confirm=sure)]


def _in_days(milliseconds: int, translations: Translations) -> str:
    days = milliseconds // DAY
    return translations.ngettext("to {count} day from now", "to {count} days from now", days).format(count=days)


def chosen_time(value: str) -> tuple[str, int]:
    """The item's id and the milliseconds that a choice is for; 0 for what no menu of ours offers."""
    item_id, _, days = value.partition(" ")
    is_number = days.isascii() and days.isdigit() and len(days) <= MAX_DIGITS
    return item_id, int(days) * DAY if is_number else 0


def shortened_answer(came: ShortenedItem, says: Says, translations: Translations) -> str:
    """What came of a choice."""
    if came.stays and came.ends_at is not None:
        refs = first_of([f"*{request_ref(each)}*" for each in came.shortened], translations, 5)
        text = translations.gettext("What {refs} granted ends {ends}.").format(refs=refs, ends=moment(came.ends_at))
        return f"{text} {still_given(came.stays, says, translations)}"
    if came.verdict is ReviewVerdict.GONE:
        return translations.gettext("It was gone already.")
    if came.verdict is ReviewVerdict.ASKED:
        return translations.gettext("Asked where cards are posted. Another approver decides.")
    if came.ends_at is None:
        return translations.gettext("Another approver agreed already.")
    return translations.gettext("It ends {ends}.").format(ends=moment(came.ends_at))
