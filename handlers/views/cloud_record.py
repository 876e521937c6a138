"""What the cloud's own record of calls has and ours has not, or the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from approvals.catalog.model import Catalog
from approvals.ids import RamUserId
from approvals.notice import Notice
from approvals.people import Principal
from handlers.translations import Translations
from handlers.views.blocks import Message, context_block, in_sections, section
from handlers.views.console import user_link
from handlers.views.parts import product_title
from handlers.views.text import literal, moment

MAX_NAME = 64
MAX_POLICIES = 3
"""Of a group, that are named."""
MAX_SAID = 4
"""Of what a call says besides."""


def stolen_key(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """Somebody used the app's own key: what was called from where, and how to end that."""
    events = notice.details["events"]
    who = literal(events[0]["who"], MAX_NAME)
    heading = translations.gettext(
        "🚨 *Somebody else used this app's access key.* ActionTrail has calls by {who} that this app did not make:"
    ).format(who=who)
    if events[0]["type"] == "ram-user":
        remedy = translations.gettext(
            "Disable the key now (RAM console > Identities > Users > {who}), then give the app a new one."
        )
    else:
        remedy = translations.gettext(
            "Keep others from assuming the role now (RAM console > Identities > Roles > {who} > Trust policy)."
        )
    lines = [_call(each, translations, named=False) for each in events]
    marked = any(each["marked"] for each in events)
    hints = _perhaps_ours(translations, marked)
    return _message(heading, lines, notice, hints, translations, remedy=remedy.format(who=who))


def outside_writes(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What others changed: who, when, from where."""
    heading = translations.gettext("👀 *Changed outside this app:*")
    events = notice.details["events"]
    lines = [_call(each, translations, named=True) for each in events]
    hints = [translations.gettext("ActionTrail says so. There is nothing to do if it was meant.")]
    return _message(heading, lines, notice, hints, translations)


def not_in_record(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What Alibaba Cloud confirmed to the app, and does not know of."""
    heading = translations.gettext(
        "🚨 *ActionTrail does not have what this app was told was done.* Perhaps something answers in RAM's place:"
    )
    lines = [
        translations.gettext("• {when}: {what} ({ref}), RequestId {known_as}").format(
            when=moment(each["at"]),
            what=f"{literal(each['event'])} {literal(each['entitlement'], MAX_NAME)}",
            ref=each["request"] or "–",
            known_as=literal(each["known_as"], MAX_NAME),
        )
        for each in notice.details["writes"]
    ]
    hints = [
        translations.gettext(
            "Look in the RAM console whether it was done; Alibaba Cloud's support knows the call by its RequestId."
        )
    ]
    return _message(heading, lines, notice, hints, translations)


def _call(event: Mapping[str, Any], translations: Translations, *, named: bool) -> str:
    template = (
        translations.gettext("• {when}: {who} called {call}, from {source}")
        if named
        else translations.gettext("• {when}: {call}, from {source}")
    )
    on = " ".join(literal(each, MAX_NAME) for each in event["on"])
    line = template.format(
        when=moment(event["at"]),
        who=literal(event["who"], MAX_NAME),
        call=f"{literal(event['name'], MAX_NAME)} {on}".rstrip(),
        source=literal(event["from"], MAX_NAME),
    )
    line += _by_group(event, translations) + _of_member(event, translations)
    refused = translations.gettext("{line} (refused: {code})")
    return refused.format(line=line, code=literal(event["refused"], MAX_NAME)) if event["refused"] else line


def _by_group(event: Mapping[str, Any], translations: Translations) -> str:
    """What whoever is in the group has that a call is about."""
    policies = event.get("by_group", [])
    if policies is None:
        return translations.gettext("; whether the group has a policy of the catalog could not be read")
    if not policies:
        return ""
    names = [literal(each, MAX_NAME) for each in policies[:MAX_POLICIES]]
    more = ["…"] if len(policies) > MAX_POLICIES else []
    return translations.gettext("; the group has, or had then: {policies}").format(policies=", ".join([*names, *more]))


def _of_member(event: Mapping[str, Any], translations: Translations) -> str:
    """Where somebody is a member whom a call is about, who that is, and what it says besides."""
    of = event.get("member")
    if of is None:
        return ""
    if of["product"] is None:
        where = translations.gettext("; which workspace or project that is, it does not say in a way that is known")
    else:
        template = translations.gettext("; members of {product} {place}")
        where = template.format(product=product_title(of["product"]), place=literal(of["place"], MAX_NAME))
    users = [Principal(RamUserId(each["id"]), each["name"] or each["id"]) for each in of["who"][:MAX_SAID]]
    who = ", ".join(map(user_link, users))
    said = " ".join(literal(each, MAX_NAME) for each in of["said"][:MAX_SAID])
    return where + (f": {who}" if who else "") + (f" ({said})" if said else "")


def _perhaps_ours(translations: Translations, marked: bool) -> Sequence[str]:
    """The mark proves nothing, and another installation may share the key."""
    if not marked:
        return ()
    return (
        translations.gettext(
            "They are marked like this app's own: if another installation of it has the same key, give each its own."
        ),
    )


def _message(
    heading: str,
    lines: Sequence[str],
    notice: Notice,
    hints: Sequence[str],
    translations: Translations,
    remedy: str | None = None,
) -> Message:
    more = notice.details["more"]
    if more:
        lines = [*lines, translations.gettext("and {count} more").format(count=more)]
    # What is to be done at once is no small print.
    urgent = [] if remedy is None else [section(remedy)]
    blocks = [section(heading), *in_sections(list(lines)), *urgent, *(context_block(each) for each in hints)]
    return Message(heading, blocks)
