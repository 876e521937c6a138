"""One line for each grant: its state in words, why it failed, and what happens next."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.errors import Trouble
from approvals.model import Grant, GrantState, request_ref
from approvals.settling import Cause
from handlers.views.text import holder, literal, moment, until
from handlers.words import Words


def grant_lines(grants: Sequence[Grant], words: Words) -> list[str]:
    """A line for each; the only grant of a request is not named, since the request is."""
    if len(grants) == 1:
        return [grant_line(grants[0], words, named=False)]
    return [grant_line(grant, words) for grant in grants]


def grant_line(grant: Grant, words: Words, *, named: bool = True) -> str:
    sign, text = _state(grant, words)
    told = text.format(when=_when(grant), until=until(grant.ends_at, words))
    if grant.trouble and grant.state in (
        GrantState.PLANNED,
        GrantState.GRANTING,
        GrantState.ENDING,
        GrantState.FAILED,
    ):
        told += " " + trouble(grant.trouble, words)
    if grant.state is GrantState.ENDED and grant.remains:
        told += "; " + still_there(grant, words)
    return f"{sign} `{grant.entitlement.name}`: {told}" if named else f"{sign} {told[:1].upper()}{told[1:]}"


def still_there(grant: Grant, words: Words) -> str:
    """Through what the principal still had it when this grant ended."""
    _ = words.gettext
    through = [request_ref(number) for number in grant.remains.requests]
    through += [_("group {group}").format(group=literal(group)) for group in grant.remains.groups]
    still = _("{holder} still has it through {through}")
    if not grant.remains.requests:
        still = _("the direct grant is gone; {holder} still has it through {through}")
    return still.format(
        holder=holder(grant.principal.name, grant.entitlement.of_account, words), through=", ".join(through)
    )


def _when(grant: Grant) -> str:
    at = grant.ended_at or grant.ending_at or grant.active_at
    return moment(at) if at else ""


def _state(grant: Grant, words: Words) -> tuple[str, str]:
    """A sign, and what stands behind the name of the policy."""
    _ = words.gettext
    if grant.state is GrantState.ENDED and grant.end_cause == Cause.REMOVED_OUTSIDE.value:
        return "⚪\ufe0f", _("removed by somebody outside of this bot, noticed {when}")
    stays = grant.entitlement.stays
    return {
        GrantState.PLANNED: ("🕓", _("about to be created.") if stays else _("about to be attached.")),
        GrantState.GRANTING: ("🕓", _("being created.") if stays else _("being attached.")),
        GrantState.ACTIVE: ("🟢", _("there, and stays") if stays else _("active {until}")),
        GrantState.ENDING: ("🟠", _("being taken away since {when}, not confirmed yet.")),
        GrantState.ENDED: ("⚪\ufe0f", _("ended {when}")),
        GrantState.HELD: ("🔵", _("was there before, and stays when this request ends")),
        GrantState.FAILED: ("🔴", _("could not be created.") if stays else _("could not be attached.")),
        GrantState.VOID: ("⚪\ufe0f", _("never attached, it ended before that")),
    }[grant.state]


def trouble(code: str, words: Words) -> str:
    """What the cloud said, and what follows from it."""
    _ = words.gettext
    return {
        Trouble.THROTTLED.value: _("RAM asks to go slower; it is tried again by itself."),
        Trouble.NO_PERMISSION.value: _("RAM says that the bot lacks the permission (NoPermission)."),
        Trouble.NO_USER.value: _("The RAM user does not exist any more."),
        Trouble.NO_ROLE.value: _("The RAM role does not exist any more."),
        Trouble.NO_POLICY.value: _("The policy is not initialised in this account."),
        Trouble.LIMIT.value: _("The RAM user has as many policies as RAM allows (LimitExceeded); one must go first."),
        Trouble.SILENT.value: _("RAM does not answer; it is tried again by itself."),
        Trouble.AMBIGUOUS_TYPE.value: _("There is both a custom and a system policy of that name."),
    }.get(code, _("RAM refused it."))
