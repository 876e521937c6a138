"""What the cloud did not say when it was asked who has what, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.catalog.resources import products
from approvals.errors import CloudErrorKind
from approvals.evidence import ALL_USERS, UnreadSource
from handlers.translations import N_, Translations
from handlers.views.cloud_errors import call_text
from handlers.views.own_codes import own_sentence
from handlers.views.parts import product_title
from handlers.views.text import first_lines, first_of, literal
from handlers.views.unwell import bot_error_text

MAX_NAMED_PLACES = 5
"""Places in one line."""
MAX_LINES = 5
ANSWERS = (
    CloudErrorKind.NO_USER,
    CloudErrorKind.NO_POLICY,
    CloudErrorKind.AMBIGUOUS_TYPE,
    CloudErrorKind.NOT_INSTALLED,
)
"""Nothing failed: that is how it is."""
CALLS_OF_RAM = ("GetUser", "ListUsers")
"""Made for a product's sake as well, which knows people by their names."""


REASONS = {
    CloudErrorKind.NO_USER: N_("RAM no longer has this user, so nothing is attached there."),
    CloudErrorKind.NO_POLICY: N_("Not initialized in this account, so nobody has it: {where}."),
    CloudErrorKind.AMBIGUOUS_TYPE: N_(
        "Both a custom and a system policy have this name, so neither was read: {where}."
    ),
    CloudErrorKind.NO_PERMISSION: N_("⚠️ {product} denies the app the permission {permission}. Not known: {where}."),
    CloudErrorKind.NOT_INSTALLED: N_(
        "⚠️ The SDK of {product} is not installed; {install} adds it, then restart the app. Not known: {where}."
    ),
    CloudErrorKind.SILENT: N_("⚠️ {product} did not answer in time. Not known: {where}. Try again in a minute."),
    CloudErrorKind.THROTTLED: N_("⚠️ {product} is throttling. Not known: {where}. Try again in a minute."),
}
REFUSED = N_("⚠️ {product} refused the read. Not known: {where}.")
BOT_UNWELL = N_("⚠️ {own} Not known: {where}.")
"""`own` is a sentence of its own: what is the matter with the bot, or what it says itself."""


def unread_lines(unread: Sequence[UnreadSource], translations: Translations) -> list[str]:
    """A line for each reason that a product had, with the places that it is about."""
    alike: dict[tuple[str, CloudErrorKind, str | None, str | None], list[UnreadSource]] = {}
    for each in unread:
        alike.setdefault((each.kind, each.error, each.action, each.code), []).append(each)
    lines = [_line(same[0], [each.name for each in same], translations) for same in alike.values()]
    return first_lines(lines, translations, MAX_LINES)


def _line(first: UnreadSource, names: Sequence[str], translations: Translations) -> str:
    """`first` is one of those that have the same reason: its call is named."""
    kind, error, action = first.kind, first.error, first.action
    product = None if action in CALLS_OF_RAM else products().get(kind)
    own = own_sentence(first.code, product_title(kind), action, translations)
    own = own or bot_error_text(error.value, translations)
    text = translations.gettext(BOT_UNWELL if own else REASONS.get(error, REFUSED)).format(
        own=own,
        product=product_title(kind),
        permission=literal(f"{product.ram_code if product else 'ram'}:{action or '*'}"),
        install="`pip install 'pairec-access[members]'`",
        where=_where(kind, names, translations),
    )
    if error in ANSWERS or not first.code or not (first.request_id or error is CloudErrorKind.REFUSED):
        return text
    source = product_title(kind if product else None)
    return f"{text} {call_text(source, action, first.code, first.request_id, translations, sentence=True)}"


def _where(kind: str, names: Sequence[str], translations: Translations) -> str:
    if kind == ALL_USERS.kind:
        return translations.gettext("which RAM users there are")
    product = products().get(kind)
    places = first_of([literal(name) for name in names if name], translations, MAX_NAMED_PLACES)
    if not places:
        return translations.gettext("the policies of this user")
    if product is None:
        return places
    return {
        "workspace": translations.ngettext("workspace {places}", "workspaces {places}", len(names)),
        "project": translations.ngettext("project {places}", "projects {places}", len(names)),
        "namespace": translations.ngettext("namespace {places}", "namespaces {places}", len(names)),
        "instance": translations.ngettext("instance {places}", "instances {places}", len(names)),
        "database": translations.ngettext("database {places}", "databases {places}", len(names)),
    }[product.place].format(places=places)
