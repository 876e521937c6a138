"""What an approval says about who the subject is, wherever Approve stands."""

from __future__ import annotations

from approvals.operations.claims import waits_for_subject
from approvals.people import ClaimState
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.text import literal, person


def claim_lines(record: RequestView, translations: Translations) -> list[str]:
    """The line that stands wherever Approve does, while an approval also confirms who the subject is."""
    claim = record.claim
    if claim is None or claim.state is not ClaimState.PENDING or not record.pending:
        return []
    return [
        translations.gettext(_claim_line(record)).format(
            requester=person(record.request.requester),
            subject=person(record.request.subject),
            ram_user=literal(claim.principal.name),
        )
    ]


def approved_enough(record: RequestView) -> bool:
    """Whether all have approved who have to, though something else is waited for."""
    return len(record.approvals) >= record.request.approvals_needed


def _claim_line(record: RequestView) -> str:
    """Not translated yet."""
    if record.request.requester == record.request.subject:
        return N_("⚠️ *Identity not verified.* Approving also links {subject} to RAM user {ram_user}.")
    if not waits_for_subject(record.request, record.claim):
        return N_(
            "⚠️ {requester} and {subject} both say that {subject} is RAM user {ram_user}. Approving also links them."
        )
    if approved_enough(record):
        return N_("⏳ Granted as soon as {subject} has confirmed that they are RAM user {ram_user}; they were asked.")
    return N_(
        "⚠️ *Identity not verified.* {requester} says that {subject} is RAM user {ram_user}."
        " Approving also links them; {subject} was asked too, and nothing is granted before both have"
        " confirmed it."
    )
