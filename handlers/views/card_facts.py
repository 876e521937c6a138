"""What does not change on a card: who asks for what, as which RAM user, for how long and why."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement
from approvals.grant import GrantState
from approvals.queries.request_view import RequestView
from handlers.translations import Translations
from handlers.views.blocks import Block, fields, section, typed
from handlers.views.console import role_link, user_link
from handlers.views.parts import given_by_hand, holding_name, part_line
from handlers.views.text import how_long, literal, moment, person, time_asked, truncated
from handlers.views.tracker import Tracker


def facts(
    record: RequestView, catalog: Catalog, translations: Translations, tracker: Tracker, *, whole: bool = False
) -> list[Block]:
    """Who, what it allows, as which RAM user, how long and why: what does not change. `whole` is the whole reason."""
    request = record.request
    cells = [
        (
            translations.gettext("*RAM role*\n{name}")
            if request.of_account
            else translations.gettext("*RAM user*\n{name}")
        ).format(name=_holder(record)),
    ]
    if any(entitlement.irrevocable for entitlement in request.entitlements):
        cells.append(translations.gettext("*Duration*\npermanent: PAI-Rec does not work without it"))
    else:
        cells += [
            translations.gettext("*Duration*\n{duration}").format(duration=time_given(record, translations)),
            translations.gettext("*Already holds*\n{holdings}").format(
                holdings=_holdings(record, catalog, translations)
            ),
        ]
    if request.starts_at is not None:
        cells.insert(1, translations.gettext("*Starts*\n{when}").format(when=moment(request.starts_at)))
    if record.extended:
        cells.insert(1, extends(record, translations))
    if request.ticket:
        cells.append(translations.gettext("*Ticket*\n{ticket}").format(ticket=tracker.shown(request.ticket)))
    blocks = [
        section(f"{asks(record, catalog, translations)}\n{_allows(record, catalog, translations)}"),
        fields(*cells),
    ]
    if request.reason:
        blocks += [
            section(translations.gettext("*Reason*")),
            typed(request.reason if whole else truncated(request.reason)),
        ]
    return blocks


def extends(record: RequestView, translations: Translations) -> str:
    """What it asks more time for, until when that would be, and how long it is in all."""
    extended, end = record.extended, record.new_end
    if extended is None or end is None:
        return ""
    return translations.gettext("*Extends {ref}*\nfrom {old_end} until {end}: {span} in all").format(
        ref=extended.ref,
        old_end=moment(extended.ends_at),
        end=moment(end),
        span=how_long(end - extended.begun_at, translations),
    )


def _holder(record: RequestView) -> str:
    """The RAM user or role, with its page in the console; a role that is yet to be created has none."""
    principal = record.request.principal
    if not record.request.of_account:
        return user_link(principal)
    there = any(grant.state in (GrantState.ACTIVE, GrantState.HELD) for grant in record.grants)
    return role_link(principal.name) if there else literal(principal.name)


def asks(record: RequestView, catalog: Catalog, translations: Translations) -> str:
    """Who asks for what, and for whom."""
    request = record.request
    what = item_name(record, catalog)
    if record.emergency:
        text = translations.gettext("{requester} took {what} by break-glass.")
        return text.format(requester=person(request.requester), what=what)
    if record.extended and request.requester == request.subject:
        return translations.gettext("{requester} requests more time for {what}.").format(
            requester=person(request.requester), what=what
        )
    if record.extended:
        return translations.gettext("{requester} requests more time for {what} for {subject}.").format(
            requester=person(request.requester), what=what, subject=person(request.subject)
        )
    if request.requester == request.subject:
        return translations.gettext("{requester} requests {what}.").format(
            requester=person(request.requester), what=what
        )
    return translations.gettext("{requester} requests {what} for {subject}.").format(
        requester=person(request.requester), what=what, subject=person(request.subject)
    )


def item_name(record: RequestView, catalog: Catalog) -> str:
    """The title from the catalogue with the name that RAM knows; the name alone when the catalogue lost it."""
    return catalogue_name(record.request.item, catalog)


def catalogue_name(name: str, catalog: Catalog) -> str:
    """The same of whatever is, or was, in the catalogue under this name."""
    item = catalog.named(name)
    return f"*{item.title}* (`{item.name}`)" if item else literal(name)


def time_given(record: RequestView, translations: Translations) -> str:
    """As it was asked, and how much shorter it is by an approval so far."""
    request = record.request
    asked = time_asked(request.duration, request.ends_by, translations)
    if record.shortened_to is None:
        return asked
    return translations.gettext("{shorter}, shortened from {asked}").format(
        shorter=how_long(record.shortened_to, translations), asked=asked
    )


def _single(entitlement: Entitlement, catalog: Catalog, translations: Translations) -> str:
    """A policy that was asked for by its own name need not be named again; a member role is somewhere."""
    if entitlement.is_member_role:
        return part_line(entitlement, catalog, translations)
    return f"{catalog.allows(entitlement)} {given_by_hand(entitlement, catalog, translations)}".rstrip()


def _allows(record: RequestView, catalog: Catalog, translations: Translations) -> str:
    """In plain words. A policy that was asked for by its own name need not be named again."""
    entitlements = record.request.entitlements
    repair = catalog.repairs.get(record.request.item)
    if repair:
        return repair.allows
    if len(entitlements) == 1 and catalog.allows(entitlements[0]):
        item = catalog.named(record.request.item)
        if item is None or not item.is_bundle:
            return _single(entitlements[0], catalog, translations)
    return "\n".join(f"• {part_line(each, catalog, translations)}" for each in entitlements)


def _holdings(record: RequestView, catalog: Catalog, translations: Translations) -> str:
    shown = [holding_name(holding, catalog, translations) for holding in record.request.already_holds]
    if shown:
        return ", ".join(shown)
    if any(entitlement.is_member_role or entitlement.by_hand for entitlement in record.request.entitlements):
        return translations.gettext("nothing of this")
    return (
        translations.gettext("no policies")
        if record.request.of_account
        else translations.gettext("none of these policies")
    )
