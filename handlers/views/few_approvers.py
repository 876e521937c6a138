"""What approvers are told while so few of them are left that nobody here can make another one."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.entitlements import ADMIN_POLICY
from approvals.notice import Notice
from handlers.translations import Translations
from handlers.views.blocks import Message, note
from handlers.views.text import all_of, literal, moment, person


def few_approvers(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """Who is left, and what to do before nobody is; then that there are enough again."""
    admin = literal(ADMIN_POLICY)
    if notice.resolved_at is not None:
        text = translations.gettext("✅ Enough people can decide again since {when}.")
        return note(text.format(when=moment(notice.resolved_at)))
    left = [person(each["slack"]) if each["slack"] else literal(each["name"]) for each in notice.details["left"]]
    who = (
        translations.gettext("Only {people} can decide on requests now.").format(people=all_of(left, translations))
        if left
        else translations.gettext("Nobody who is linked can decide on requests now.")
    )
    text = translations.gettext(
        "⚠️ *{who}* A new approver takes two approvals, and nobody decides on their own request. So"
        " whoever manages RAM in the console grants {admin} to one or two more people, and whoever"
        " runs the app types `pairec-access link` and `pairec-access approvers --confirm` for each."
        " Without approvers, nothing is approved; active access is still revoked on time."
    )
    return note(text.format(who=who, admin=admin))
