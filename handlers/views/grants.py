"""One line for each grant: its state in words, why it failed, and what happens next."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.errors import CloudErrorKind
from approvals.model import Cause, Entitlement, Grant, GrantState, request_ref
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.cloud_errors import again, by_hand, in_trouble, trouble
from handlers.views.parts import part_name
from handlers.views.text import holder, literal, moment, until


def grant_lines(record: RequestView, catalog: Catalog, translations: Translations) -> list[str]:
    """A line for each; the only grant of a request is not named, since the request is. What an approval left out is
    named as well.
    """
    if len(record.request.entitlements) == 1 and len(record.grants) == 1:
        return [grant_line(record.grants[0], catalog, translations, named=False)]
    given = [
        grant_line(grant, catalog, translations) + _implied(grant, record, catalog, translations)
        for grant in record.grants
    ]
    return given + left_out_lines(record, catalog, translations)


def left_out_lines(record: RequestView, catalog: Catalog, translations: Translations) -> list[str]:
    """A line for each part that an approval so far does not give."""
    return [_left_out(part, record, catalog, translations) for part in record.left_out]


def _left_out(part: Entitlement, record: RequestView, catalog: Catalog, translations: Translations) -> str:
    """Nobody is to believe that it is not there where the product gives it to whoever has another part."""
    told = translations.gettext("➖ {part}: left out of the approval").format(
        part=part_name(part, catalog, translations)
    )
    implying = catalog.implied_by.get(part)
    if implying is None or implying not in record.request.entitlements or implying in record.left_out:
        return told
    return (
        told
        + ", "
        + translations.gettext("but it comes with {part}").format(part=part_name(implying, catalog, translations))
    )


def _implied(grant: Grant, record: RequestView, catalog: Catalog, translations: Translations) -> str:
    """Behind what nobody asked for in this request: the product gives it to whoever has another part of it."""
    implying = catalog.implied_by.get(grant.entitlement)
    if grant.entitlement in record.request.entitlements or implying is None:
        return ""
    return "; " + translations.gettext("it comes with {part}").format(part=part_name(implying, catalog, translations))


def grant_line(grant: Grant, catalog: Catalog, translations: Translations, *, named: bool = True) -> str:
    sign, text = _state(grant, translations)
    told = text.format(when=_when(grant), until=until(grant.ends_at, translations))
    if grant.trouble and in_trouble(grant):
        told += " " + trouble(grant.trouble, translations, grant)
        if grant.trouble == CloudErrorKind.NO_PERMISSION.value and grant.state is not GrantState.FAILED:
            told += " " + again(translations)
        if grant.entitlement.is_member_role and grant.state is GrantState.FAILED:
            told += " " + by_hand(grant, translations)
    if grant.state is GrantState.ENDED and grant.remains:
        told += "; " + still_there(grant, translations)
    if not named:
        return f"{sign} {told[:1].upper()}{told[1:]}"
    return f"{sign} {part_name(grant.entitlement, catalog, translations)}: {told}"


def still_there(grant: Grant, translations: Translations) -> str:
    """Through what the principal still had it when this grant ended."""
    through = [request_ref(number) for number in grant.remains.requests]
    through += [translations.gettext("group {group}").format(group=literal(group)) for group in grant.remains.groups]
    still = translations.gettext("{holder} still has it through {through}")
    if not grant.remains.requests:
        still = translations.gettext("the direct grant is gone; {holder} still has it through {through}")
    return still.format(
        holder=holder(grant.principal.name, grant.entitlement.of_account, translations), through=", ".join(through)
    )


def _when(grant: Grant) -> str:
    at = grant.ended_at or grant.ending_at or grant.active_at
    return moment(at) if at else ""


def _state(grant: Grant, translations: Translations) -> tuple[str, str]:
    """A sign, and what stands behind the name of the policy."""
    if grant.state is GrantState.ENDED and grant.end_cause == Cause.REMOVED_OUTSIDE.value:
        return "⚪\ufe0f", translations.gettext("removed by somebody outside of this bot, noticed {when}")
    if grant.entitlement.is_member_role:
        return _member_state(grant, translations)
    stays = grant.entitlement.stays
    return {
        GrantState.PLANNED: (
            "🕓",
            translations.gettext("about to be created.") if stays else translations.gettext("about to be attached."),
        ),
        GrantState.GRANTING: (
            "🕓",
            translations.gettext("being created.") if stays else translations.gettext("being attached."),
        ),
        GrantState.ACTIVE: (
            "🟢",
            translations.gettext("there, and stays") if stays else translations.gettext("active {until}"),
        ),
        GrantState.ENDING: ("🟠", translations.gettext("being taken away since {when}, not confirmed yet.")),
        GrantState.ENDED: ("⚪\ufe0f", translations.gettext("ended {when}")),
        GrantState.HELD: ("🔵", translations.gettext("was there before, and stays when this request ends")),
        GrantState.FAILED: (
            "🔴",
            translations.gettext("could not be created.") if stays else translations.gettext("could not be attached."),
        ),
        GrantState.VOID: ("⚪\ufe0f", translations.gettext("never attached, it ended before that")),
    }[grant.state]


def _member_state(grant: Grant, translations: Translations) -> tuple[str, str]:
    return {
        GrantState.PLANNED: ("🕓", translations.gettext("about to be given.")),
        GrantState.GRANTING: ("🕓", translations.gettext("being given.")),
        GrantState.ACTIVE: ("🟢", translations.gettext("active {until}")),
        GrantState.ENDING: ("🟠", translations.gettext("being taken away since {when}, not confirmed yet.")),
        GrantState.ENDED: ("⚪\ufe0f", translations.gettext("ended {when}")),
        GrantState.HELD: ("🔵", translations.gettext("was there before, and stays when this request ends")),
        GrantState.FAILED: ("🔴", translations.gettext("could not be given.")),
        GrantState.VOID: ("⚪\ufe0f", translations.gettext("never given, it ended before that")),
    }[grant.state]
