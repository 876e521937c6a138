"""What the cloud did not say when it was asked who has what, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.catalog.resources import products
from approvals.errors import CloudErrorKind
from approvals.evidence import UnreadSource
from handlers.translations import Translations
from handlers.views.cloud_errors import called
from handlers.views.parts import product_title
from handlers.views.text import literal
from handlers.views.unwell import unwell

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


def unread_lines(unread: Sequence[UnreadSource], translations: Translations) -> list[str]:
    """A line for each reason that a product had, with the places that it is about."""
    alike: dict[tuple[str, CloudErrorKind, str | None, str | None], list[UnreadSource]] = {}
    for each in unread:
        alike.setdefault((each.kind, each.trouble, each.action, each.code), []).append(each)
    lines = [_line(same[0], [each.name for each in same], translations) for same in alike.values()]
    if len(lines) > MAX_LINES:
        lines[MAX_LINES:] = [translations.gettext("and {count} more").format(count=len(lines) - MAX_LINES)]
    return lines


def _line(first: UnreadSource, names: Sequence[str], translations: Translations) -> str:
    """`first` is one of those that have the same reason: its call is named."""
    kind, trouble, action = first.kind, first.trouble, first.action
    product = None if action in CALLS_OF_RAM else products().get(kind)
    told = {
        CloudErrorKind.NO_USER: translations.gettext("RAM has no such user any more, so nothing is attached there."),
        CloudErrorKind.NO_POLICY: translations.gettext("Not initialised in this account, so nobody has it: {where}."),
        CloudErrorKind.AMBIGUOUS_TYPE: translations.gettext(
            "There is both a custom and a system policy of that name, so neither was read: {where}."
        ),
        CloudErrorKind.NO_PERMISSION: translations.gettext(
            "⚠️ {product} did not let the bot look, it lacks the permission {permission}. Not known: {where}."
        ),
        CloudErrorKind.NOT_INSTALLED: translations.gettext(
            "⚠️ The SDK of {product} is not installed; {install} adds it, then start the bot again. Not known: {where}."
        ),
        CloudErrorKind.SILENT: translations.gettext(
            "⚠️ {product} did not answer in time. Not known: {where}. Try again in a minute."
        ),
        CloudErrorKind.THROTTLED: translations.gettext(
            "⚠️ {product} asks to go slower. Not known: {where}. Try again in a minute."
        ),
    }.get(trouble, translations.gettext("⚠️ {product} refused to tell. Not known: {where}."))
    own = unwell(trouble.value, translations)
    if own is not None:
        told = "⚠️ " + own + " " + translations.gettext("Not known: {where}.")
    told = told.format(
        product=product_title(kind),
        permission=literal(f"{product.ram_code if product else 'ram'}:{action or '*'}"),
        install="`pip install 'pairec-access[members]'`",
        where=_where(kind, names, translations),
    )
    if trouble in ANSWERS or not first.code or not (first.request_id or trouble is CloudErrorKind.REFUSED):
        return told
    source = product_title(kind if product else "policy")
    return f"{told} {called(source, action, first.code, first.request_id, translations)}."


def _where(kind: str, names: Sequence[str], translations: Translations) -> str:
    if kind == "user":
        return translations.gettext("which RAM users there are")
    product = products().get(kind)
    listed = ", ".join(literal(name) for name in names[:MAX_NAMED_PLACES] if name)
    if len(names) > MAX_NAMED_PLACES:
        listed += " " + translations.gettext("and {count} more").format(count=len(names) - MAX_NAMED_PLACES)
    if not listed:
        return translations.gettext("the policies of this user")
    if product is None:
        return listed
    return {
        "workspace": translations.ngettext("workspace {places}", "workspaces {places}", len(names)),
        "project": translations.ngettext("project {places}", "projects {places}", len(names)),
    }[product.place].format(places=listed)
