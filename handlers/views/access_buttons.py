"""What can be done with access: what runs is ended by whom it is for or revoked by approvers, each of which asks first;
what is over is requested again.
"""

from __future__ import annotations

from slack_sdk.models.blocks import ButtonElement

from approvals.grant import GrantState
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import button, confirmation


def is_active(record: RequestView) -> bool:
    """Whether something runs that can be ended: a role that was created stays."""
    return any(grant.state is GrantState.ACTIVE and not grant.entitlement.irrevocable for grant in record.grants)


def end_access_button(record: RequestView, translations: Translations) -> ButtonElement:
    """For whom it is for, alone."""
    sure = confirmation(
        translations.gettext("End access?"),
        translations.gettext("{ref} ends now. To have it again, request it again.").format(ref=record.request.ref),
        translations.gettext("End access"),
        translations.gettext("Cancel"),
        danger=True,
    )
    return button(translations.gettext("End access"), "give_back", record.request.public_id, confirm=sure)


def extend_button(record: RequestView, translations: Translations) -> list[ButtonElement]:
    """For whoever asked for it or has it; none where it runs without an end, goes on already, or
    was taken in an emergency.
    """
    if record.request.ends_at is None or record.emergency or record.following is not None or not is_active(record):
        return []
    return [button(translations.gettext("Extend"), "extend", record.request.public_id)]


def ask_again_button(record: RequestView, translations: Translations) -> list[ButtonElement]:
    """For whoever asked for it or had it; none while something of it is open, and none for a role of the account, which
    is asked for on the status board.
    """
    if record.pending or record.scheduled or record.running or record.request.of_account:
        return []
    return [button(translations.gettext("Request again"), "ask_again", record.request.public_id)]


def revoke_button(record: RequestView, translations: Translations) -> ButtonElement:
    """For approvers, on what others see as well."""
    request = record.request
    text = translations.gettext("RAM user {ram_user} loses the access of {ref} now.").format(
        ram_user=request.principal.name, ref=request.ref
    )
    if record.scheduled:
        text = translations.gettext("{ref} does not start then.").format(ref=request.ref)
    if request.of_account:
        text = role_loss_warning(translations)
    sure = confirmation(
        translations.gettext("Revoke {ref}?").format(ref=request.ref),
        text,
        translations.gettext("Revoke"),
        translations.gettext("Cancel"),
        danger=True,
    )
    return button(translations.gettext("Revoke"), "revoke", request.public_id, "danger", confirm=sure)


def role_loss_warning(translations: Translations) -> str:
    """What follows when the engine's role loses a policy."""
    return translations.gettext(
        "The role loses what the app attached to it. The engine may then need an access key to start."
    )
