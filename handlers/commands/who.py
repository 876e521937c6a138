"""`/pairec-access who …`: what somebody has, or who has something, read from the cloud now, whoever gave it."""

from __future__ import annotations

import html

from approvals import rules
from approvals.errors import Refusal, RefusalReason
from approvals.model import Principal
from approvals.queries import links
from approvals.queries.access_report import open_grants_of, open_grants_on, picture, with_roles
from approvals.queries.find_person import the_one
from handlers.context import Desk
from handlers.identity import link_of
from handlers.parsing import is_about_somebody, is_mention, read_person
from handlers.views import who as views
from handlers.views.blocks import Message


def who(desk: Desk, user: str, text: str) -> Message:
    """
    Args:
        text: a mention, whatever a RAM user is called, the name of a policy, role or bundle, or nothing, which means
            whoever asks.

    Raises:
        Refusal: no full member of this workspace asks, there is nothing and nobody of that name, or there are several.
    """
    rules.genuine(desk.directory.person(user), desk.team_id)
    typed = html.unescape(text)
    if not text or is_mention(text):
        return _what_they_have(desk, user, read_person(text) if text else user)
    if not is_about_somebody(text) and desk.catalog.find(typed):
        return _who_has_it(desk, typed)
    meant = _meant(desk, typed)
    if meant is not None:
        return _what_is_held(desk, meant, _account_of(desk, meant))
    if is_about_somebody(text):
        raise Refusal(RefusalReason.UNKNOWN_PERSON, text=typed)
    return _who_has_it(desk, typed)


def _what_they_have(desk: Desk, asking: str, subject: str) -> Message:
    try:
        link, _account = link_of(desk, subject)
    except Refusal:
        # What the record has of them is told all the same.
        link = None
    meant = link.principal if link else _meant(desk, subject)
    if meant is None:
        return views.nobody_known(subject, desk.words, own=subject == asking)
    return _what_is_held(desk, meant, subject)


def _meant(desk: Desk, typed: str) -> Principal | None:
    """
    Raises:
        Refusal: SEVERAL_PEOPLE.
    """
    with desk.ledger.read() as tx:
        found = the_one(tx, typed, desk.directory.known_users())
    return found.principal if found else None


def _account_of(desk: Desk, user: Principal) -> str | None:
    with desk.ledger.read() as tx:
        link = links.link_of_principal(tx, user.user_id)
    return link.slack_user_id if link and link.team_id == desk.team_id else None


def _what_is_held(desk: Desk, principal: Principal, subject: str | None) -> Message:
    user = _as_called_now(desk, principal)
    found = picture(
        desk.ledger,
        lambda tx: open_grants_of(tx, user.user_id),
        lambda believed: desk.inventory.of_user(user, believed),
        desk.catalog.implied_by,
    )
    return views.holdings(subject, user, found, desk.catalog, desk.words)


def _who_has_it(desk: Desk, name: str) -> Message:
    item = desk.catalog.resolve(name)
    wanted = with_roles(item.entitlements)
    found = picture(
        desk.ledger,
        lambda tx: open_grants_on(tx, wanted, desk.catalog.implied_by),
        lambda believed: desk.inventory.of(wanted, [grant for grant in believed if grant.entitlement in wanted]),
        desk.catalog.implied_by,
    )
    with desk.ledger.read() as tx:
        linked = links.slack_ids(tx, desk.team_id)
    return views.holders(item, found, linked, desk.catalog, desk.words)


def _as_called_now(desk: Desk, principal: Principal) -> Principal:
    """Products may know people by their names, and names change."""
    known = desk.directory.known_users() or ()
    return next((each.principal for each in known if each.principal.user_id == principal.user_id), principal)
