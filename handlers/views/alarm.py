"""The alarm: access that should be over and is not. It says why, and what a person can do in the console."""

from __future__ import annotations

from approvals.ledger.records import Record
from approvals.model import Grant
from handlers.views.blocks import Message, note
from handlers.views.grants import still_there, trouble
from handlers.views.text import literal, moment, person
from handlers.words import Words


def alarm(grant: Grant, record: Record, words: Words) -> Message:
    _ = words.gettext
    unconfirmed = _("RAM still shows it after it was detached.") if grant.detached else _("RAM has not confirmed it.")
    cause = trouble(grant.trouble, words) if grant.trouble else unconfirmed
    return note(
        _(
            "🚨 *{ref}: access is not taken back yet.* {policy} of RAM user {ram_user} ({subject}) should have ended"
            " {when}.\n*Cause:* {cause}\n*By hand:* RAM console > Identities > Users > {ram_user} > Permissions >"
            " {policy} > Revoke Permission.\nThe bot keeps trying, and says so here every hour until RAM shows it gone."
        ).format(
            ref=record.request.ref,
            policy=literal(grant.entitlement.name),
            ram_user=literal(grant.principal.name),
            subject=person(record.request.subject),
            when=moment(_meant(grant)),
            cause=cause,
        )
    )


def alarm_over(grant: Grant, record: Record, words: Words) -> Message:
    _ = words.gettext
    if grant.remains:
        return note(
            _("✅ *{ref} is over:* what it gave is taken back; {still}.").format(
                ref=record.request.ref, still=still_there(grant, words)
            )
        )
    return note(
        _("✅ *{ref}: access is taken back now.* RAM shows {policy} gone from RAM user {ram_user}.").format(
            ref=record.request.ref,
            policy=literal(grant.entitlement.name),
            ram_user=literal(grant.principal.name),
        )
    )


def _meant(grant: Grant) -> int:
    """When it should have ended."""
    moments = [at for at in (grant.ending_at, grant.ends_at) if at is not None]
    return min(moments, default=0)
