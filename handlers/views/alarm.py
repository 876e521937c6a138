"""The alarm: access that should be over and is not. It says why, and what a person can do in the console."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.catalog.model import Catalog
from approvals.grant import Grant
from approvals.operations.create_request import MAX_MENTIONED_APPROVERS
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, note
from handlers.views.cloud_errors import call_context, error_text, manual_steps
from handlers.views.console import console_address
from handlers.views.grants import still_held
from handlers.views.parts import part_name, product_title
from handlers.views.text import escape, first_of, holder, literal, moment, person


def alarm(
    grant: Grant, record: RequestView, catalog: Catalog, translations: Translations, mentioned: Sequence[str] = ()
) -> Message:
    """Who still has what since when, why, and the way to take it away by hand.

    Args:
        mentioned: Slack user ids of the administrators who are to hear it. Whoever still holds it is not mentioned.
    """
    if grant.entitlement.by_hand:
        return _by_hand(grant, record, catalog, translations, mentioned)
    source = product_title(grant.entitlement.kind.product)
    unconfirmed = (
        translations.gettext("{source} still shows it after the revoke.")
        if grant.detached
        else translations.gettext("{source} has not confirmed it.")
    ).format(source=source)
    title = translations.gettext("🚨 *{ref}: access is not revoked yet.*").format(ref=record.request.ref)
    lines = [
        " ".join((title, *map(person, mentioned[:MAX_MENTIONED_APPROVERS]))),
        _still_held(grant, catalog, translations),
        translations.gettext("*Cause:* {cause}").format(
            cause=error_text(grant.error_kind, translations, grant) if grant.error_kind else unconfirmed
        ),
        manual_steps(grant, translations) if grant.entitlement.is_member_role else _in_ram(grant, translations),
        translations.gettext(
            "<{address}|Open the console> · The app keeps trying, and repeats this every hour until"
            " {source} shows it gone."
        ).format(address=escape(console_address(grant)), source=source),
    ]
    text, blocks = note("\n".join(lines))
    return Message(text, [*blocks, *call_context([grant], translations)])


def _by_hand(
    grant: Grant, record: RequestView, catalog: Catalog, translations: Translations, mentioned: Sequence[str]
) -> Message:
    """Nobody said that they took it away."""
    title = translations.gettext("🚨 *{ref}: access is not revoked yet.*").format(ref=record.request.ref)
    asked = [person(each) for each in record.by_hand[grant.id].asked] if grant.id in record.by_hand else []
    cause = translations.gettext(
        "*Cause:* it is revoked by hand, and nobody has confirmed it. {asked} was asked. Approvers"
        " can do it now too: the message with the steps and the button *Done* was posted again. This"
        " is repeated every hour until it is done."
    ).format(asked=first_of(asked, translations) if asked else translations.gettext("Every approver"))
    lines = [
        " ".join((title, *map(person, mentioned[:MAX_MENTIONED_APPROVERS]))),
        _still_held(grant, catalog, translations),
        cause,
    ]
    return note("\n".join(lines))


def alarm_over(grant: Grant, record: RequestView, catalog: Catalog, translations: Translations) -> Message:
    """That it is taken back now, and through what its holder has it all the same."""
    if grant.remains:
        template = N_("✅ *{ref}: access is revoked;* {holder} still has it through {through}.")
        if not grant.remains.requests:
            template = N_(
                "✅ *{ref}: access is revoked;* the direct grant is gone; {holder} still has it through {through}."
            )
        return note(translations.gettext(template).format(ref=record.request.ref, **still_held(grant, translations)))
    if grant.entitlement.by_hand:
        word = record.by_hand.get(grant.id)
        return note(
            translations.gettext(
                "✅ *{ref}: access is revoked now*, by hand, confirmed by {by}: {policy} of {holder}."
            ).format(
                ref=record.request.ref,
                by=person(word.taken_by) if word and word.taken_by else translations.gettext("an approver"),
                policy=part_name(grant.entitlement, catalog, translations),
                holder=holder(grant.principal.name, grant.entitlement.of_account, translations),
            )
        )
    return note(
        translations.gettext("✅ *{ref}: access is revoked now.* {source} shows {policy} gone from {holder}.").format(
            ref=record.request.ref,
            source=product_title(grant.entitlement.kind.product),
            policy=part_name(grant.entitlement, catalog, translations),
            holder=holder(grant.principal.name, grant.entitlement.of_account, translations),
        )
    )


def _in_ram(grant: Grant, translations: Translations) -> str:
    template = (
        N_("*By hand:* RAM console > Identities > Roles > {name} > Permissions > {policy} > Revoke Permission.")
        if grant.entitlement.of_account
        else N_("*By hand:* RAM console > Identities > Users > {name} > Permissions > {policy} > Revoke Permission.")
    )
    return translations.gettext(template).format(
        name=literal(grant.principal.name), policy=literal(grant.entitlement.name)
    )


def _still_held(grant: Grant, catalog: Catalog, translations: Translations) -> str:
    template = (
        N_("*Still held:* {policy} by {holder}; it should have ended {when}.")
        if grant.active_at is None
        else N_("*Still held:* {policy} by {holder}, since {active}; it should have ended {when}.")
    )
    return translations.gettext(template).format(
        policy=part_name(grant.entitlement, catalog, translations),
        holder=holder(grant.principal.name, grant.entitlement.of_account, translations),
        active=moment(grant.active_at) if grant.active_at is not None else "",
        when=moment(_deadline(grant)),
    )


def _deadline(grant: Grant) -> int:
    """When it should have ended."""
    moments = [at for at in (grant.ending_at, grant.ends_at) if at is not None]
    return min(moments, default=0)
