"""The alarm: access that should be over and is not. It says why, and what a person can do in the console."""

from __future__ import annotations

from approvals.ledger.records import Record
from approvals.model import Grant
from handlers.views.blocks import Message, note
from handlers.views.grants import still_there, trouble
from handlers.views.text import holder, literal, moment, person
from handlers.words import Words


def alarm(grant: Grant, record: Record, words: Words) -> Message:
    _ = words.gettext
    unconfirmed = _("RAM still shows it after it was detached.") if grant.detached else _("RAM has not confirmed it.")
    cause = trouble(grant.trouble, words) if grant.trouble else unconfirmed
    return note(
        _(
            "🚨 *{ref}: access is not taken back yet.* {policy} of {holder} should have ended {when}.\n"
            "*Cause:* {cause}\n*By hand:* RAM console > Identities > {place} > {ram_user} > Permissions > {policy} >"
            " Revoke Permission.\nThe bot keeps trying, and says so here every hour until RAM shows it gone."
        ).format(
            ref=record.request.ref,
            policy=literal(grant.entitlement.name),
            ram_user=literal(grant.principal.name),
            holder=_whose(grant, record, words),
            place=_("Roles") if grant.entitlement.of_account else _("Users"),
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
        _("✅ *{ref}: access is taken back now.* RAM shows {policy} gone from {holder}.").format(
            ref=record.request.ref,
            policy=literal(grant.entitlement.name),
            holder=holder(grant.principal.name, grant.entitlement.of_account, words),
        )
    )


def _whose(grant: Grant, record: Record, words: Words) -> str:
    told = holder(grant.principal.name, grant.entitlement.of_account, words)
    return told if grant.entitlement.of_account else f"{told} ({person(record.request.subject)})"


def _meant(grant: Grant) -> int:
    """When it should have ended."""
    moments = [at for at in (grant.ending_at, grant.ends_at) if at is not None]
    return min(moments, default=0)
