"""What was taken at once in an emergency: on its card, and the forms by which an approver reviews it."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import ButtonElement, PlainTextInputElement

from approvals.catalog.model import Catalog
from approvals.durations import format_duration
from approvals.emergency import EmergencyVerdict
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.blocks import Block, button, context_block, input_field, modal, section, typed
from handlers.views.card_facts import asks
from handlers.views.text import moment, person, truncated

JUSTIFIED, NOT_JUSTIFIED = "emergency_justified", "emergency_not_justified"
"""Action ids of the buttons."""
JUSTIFIED_FORM, NOT_JUSTIFIED_FORM = "emergency_justified_form", "emergency_not_justified_form"
WORDS = "words"
FORMS = {EmergencyVerdict.JUSTIFIED: JUSTIFIED_FORM, EmergencyVerdict.NOT_JUSTIFIED: NOT_JUSTIFIED_FORM}
"""Callback ids by what is said with the form."""
REVIEWED = {
    EmergencyVerdict.JUSTIFIED: N_("Justified, says {by}, {when}:"),
    EmergencyVerdict.NOT_JUSTIFIED: N_("Not justified, says {by}, {when}. No break-glass until {until}:"),
}


def emergency_title(record: RequestView, title: str, translations: Translations) -> str:
    """The heading of a card, which says that nobody approved it."""
    if record.emergency is None:
        return title
    template = (
        translations.gettext("{title} · 🚨 break-glass, needs review")
        if record.under_review
        else translations.gettext("{title} · break-glass")
    )
    return template.format(title=title)


def emergency_line(record: RequestView, translations: Translations) -> list[str]:
    """That nobody approved it, and until when somebody is to review it."""
    emergency = record.emergency
    if emergency is None:
        return []
    if emergency.review is not None:
        return [translations.gettext("Break-glass: nobody approved it.")]
    text = translations.gettext("Break-glass: nobody approved it. Review it by {review_by}.")
    return [text.format(review_by=moment(emergency.review_by))]


def emergency_review(record: RequestView, translations: Translations) -> list[Block]:
    """What a reviewer said."""
    review = record.emergency.review if record.emergency else None
    if review is None:
        return []
    text = translations.gettext(REVIEWED[review.verdict]).format(
        by=person(review.by), when=moment(review.at), until=moment(review.barred_until or review.at)
    )
    return [section(text), typed(truncated(review.words))]


def review_buttons(record: RequestView, translations: Translations) -> list[ButtonElement]:
    """For approvers, until one of them reviewed it. Each opens a form."""
    if not record.under_review:
        return []
    name = record.request.public_id
    return [
        button(translations.gettext("Justified"), JUSTIFIED, name, "primary"),
        button(translations.gettext("Not justified"), NOT_JUSTIFIED, name, "danger"),
    ]


def review_form(
    record: RequestView, verdict: EmergencyVerdict, catalog: Catalog, translations: Translations
) -> dict[str, Any]:
    """A reviewer's words; whoever took it gets to read them."""
    request = record.request
    words = input_field(
        WORDS,
        translations.gettext("Why"),
        PlainTextInputElement(action_id=WORDS, multiline=True, focus_on_load=True, max_length=3_000),
        hint=translations.gettext("The requester can read this."),
    )
    blocks = [section(asks(record, catalog, translations)), typed(truncated(request.reason)), words]
    if verdict is EmergencyVerdict.NOT_JUSTIFIED:
        blocks.append(context_block(_follows(catalog, translations)))
    justified = verdict is EmergencyVerdict.JUSTIFIED
    return modal(
        translations.gettext("Review {ref}").format(ref=request.ref),
        blocks,
        submit=translations.gettext("Justified") if justified else translations.gettext("Not justified"),
        close=translations.gettext("Cancel"),
        callback_id=FORMS[verdict],
        metadata=request.public_id,
    )


def _follows(catalog: Catalog, translations: Translations) -> str:
    terms = catalog.break_glass
    if terms is None:
        return translations.gettext("This revokes it.")
    text = translations.gettext("This revokes it, and bars the requester from break-glass for {duration}.")
    return text.format(duration=format_duration(terms.barred_for))
