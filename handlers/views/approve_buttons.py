"""What somebody approves with, and the question before an approval that says more than yes."""

from __future__ import annotations

from slack_sdk.models.blocks import ButtonElement, ConfirmObject

from approvals.entitlements import ADMIN_POLICY, policy
from approvals.people import ClaimState
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import button, confirmation
from handlers.views.claim_lines import approved_enough
from handlers.views.text import how_long


def approve_buttons(record: RequestView, translations: Translations) -> list[ButtonElement]:
    """None where nobody's approval is needed any more."""
    if approved_enough(record):
        return []
    approve = button(
        translations.gettext("Approve"),
        "approve",
        record.request.public_id,
        "primary",
        confirm=_make_sure(record, translations),
    )
    return [approve, *_change_button(record, translations)]


def _change_button(record: RequestView, translations: Translations) -> list[ButtonElement]:
    """To approve some of it, or for a shorter time. What stays for good, or is a role's, is as it is."""
    if record.request.of_account:
        return []
    return [button(translations.gettext("Approve with changes"), "change", record.request.public_id)]


def _make_sure(record: RequestView, translations: Translations) -> ConfirmObject | None:
    """The question before an approval that makes an administrator, or says who somebody is; None for any other."""
    if policy(ADMIN_POLICY) not in record.request.entitlements:
        return _make_sure_who(record, translations)
    shorter = record.shortened_to
    duration = record.request.duration if shorter is None else shorter
    return confirmation(
        translations.gettext("Make an administrator?"),
        translations.gettext(
            "RAM user {ram_user} will be able to attach PAI-Rec policies to anyone, for {duration}."
        ).format(ram_user=record.request.principal.name, duration=how_long(duration, translations)),
        translations.gettext("Approve"),
        translations.gettext("Cancel"),
        danger=True,
    )


def _make_sure_who(record: RequestView, translations: Translations) -> ConfirmObject | None:
    if record.claim is None or record.claim.state is not ClaimState.PENDING:
        return None
    return confirmation(
        translations.gettext("Do you know who this is?"),
        translations.gettext(
            "Approving also links the person whom it is for to RAM user {ram_user}, for this and every"
            " later request. If you are not sure, ask them first."
        ).format(ram_user=record.claim.principal.name),
        translations.gettext("Approve and link"),
        translations.gettext("Cancel"),
    )
