"""What approvers are told of a request that still waits for them."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.catalog.model import Catalog
from approvals.emergency import Emergency
from approvals.ids import SlackUserId
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import Message, section
from handlers.views.card_facts import item_name
from handlers.views.starts import from_start
from handlers.views.text import moment, person, time_asked


def reminder(
    record: RequestView, mentioned: Sequence[SlackUserId], catalog: Catalog, translations: Translations
) -> Message:
    """`mentioned`: whom it calls, below a card; nobody where it is said to one person alone. It names neither who asks
    nor who would get it, since Slack would call them as well.
    """
    request = record.request
    if record.emergency:
        said = " ".join([*map(person, mentioned), _of_review(record, record.emergency, catalog, translations)])
        return Message(said, [section(said)])
    text = translations.gettext("{ref} still needs your approval: {what}, {duration}. It expires {expires}.").format(
        ref=f"*{request.ref}*",
        what=item_name(record, catalog),
        duration=from_start(
            time_asked(request.duration, request.ends_by, translations), request.starts_at, translations
        ),
        expires=moment(request.expires_at),
    )
    said = " ".join([*map(person, mentioned), text])
    return Message(said, [section(said)])


def _of_review(record: RequestView, emergency: Emergency, catalog: Catalog, translations: Translations) -> str:
    text = translations.gettext(
        "{ref} still needs a review: {what} was taken by break-glass. Review it by {review_by}."
    )
    return text.format(
        ref=f"*{record.request.ref}*", what=item_name(record, catalog), review_by=moment(emergency.review_by)
    )
