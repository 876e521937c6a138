"""Somebody holds the admin policy whom nobody made an administrator here: until an approver knows of them, they decide
on nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Catalog
from approvals.entitlements import ADMIN_POLICY
from approvals.kinds import NoticeOutcome
from approvals.notice import Notice
from handlers.translations import Translations
from handlers.views.blocks import Message, button, buttons, confirmation, note, section
from handlers.views.text import first_of, literal, person

CONFIRM = "confirm_admin"


def new_admin(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """While it is open, with a button by which an approver confirms them."""
    holders = notice.details["holders"]
    who = first_of([_named(holder) for holder in holders], translations)
    if not notice.open:
        return note(
            _closed(notice, translations).format(who=who, admin=ADMIN_POLICY, by=person(notice.resolved_by or ""))
        )
    text = translations.ngettext(
        "🔔 *A new holder of `{admin}`:* RAM user {who}. It was granted outside this app, so they"
        " cannot decide until an approver confirms them.",
        "🔔 *New holders of `{admin}`:* RAM users {who}. It was granted outside this app, so they"
        " cannot decide until an approver confirms them.",
        len(holders),
    ).format(admin=ADMIN_POLICY, who=who)
    unknown = translations.gettext(
        "*Unexpected?* RAM console > Identities > Users > the user > Permissions > `{admin}` > Revoke"
        " Permission; if it came by a group, remove them from the group."
    ).format(admin=ADMIN_POLICY)
    sure = confirmation(
        translations.gettext("Confirm as approver?"),
        translations.gettext("They will be able to approve requests for all PAI-Rec policies: {who}.").format(
            who=first_of([str(holder["name"]) for holder in holders], translations, 3)
        ),
        translations.gettext("Confirm"),
        translations.gettext("Cancel"),
        danger=True,
    )
    confirm = button(translations.gettext("Confirm as approver"), CONFIRM, notice.id, confirm=sure)
    return Message(text, [section(text), section(unknown), buttons(confirm)])


def _named(holder: Mapping[str, str | None]) -> str:
    name, slack = literal(str(holder["name"])), holder["slack"]
    return f"{name} ({person(slack)})" if slack else name


def _closed(notice: Notice, translations: Translations) -> str:
    if notice.outcome == NoticeOutcome.GONE:
        return translations.gettext("✅ No longer a holder of `{admin}`: RAM user {who}.")
    if notice.resolved_by is None:
        return translations.gettext("✅ Confirmed as approver on the command line: RAM user {who}.")
    return translations.gettext("✅ Confirmed as approver by {by}: RAM user {who}.")
