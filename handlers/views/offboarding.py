"""Somebody leaves: what ends when it is taken back, and what else hangs on their RAM user, as a checklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from approvals.catalog.model import Catalog
from approvals.catalog.resources import products
from approvals.entitlements import Entitlement
from approvals.ids import RamUserId
from approvals.kinds import NoticeOutcome
from approvals.model import request_ref
from approvals.notice import Notice
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, section
from handlers.views.console import place_address, user_address
from handlers.views.leaver import MAX_SHOWN_GRANTS, run_line
from handlers.views.notice_blocks import DangerousButton, choice, resolved
from handlers.views.parts import part_name, product_title
from handlers.views.text import first_lines, first_of, literal, person, truncated

TAKE_BACK, KEEP = "offboarding_take_back", "offboarding_keep"
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.TAKEN_BACK: N_(
        "✅ {by} revokes all access of {who}, RAM user {ram_user}. The two are no longer linked."
    ),
    NoticeOutcome.SAID_AGAIN: N_("👋 {who}, RAM user {ram_user}, is offboarded further down."),
    NoticeOutcome.KEPT: N_("📌 {by}: {who}, RAM user {ram_user}, keeps their access."),
}


LINK_KEPT = N_("✅ {by} revokes all access of {who}, RAM user {ram_user}.")
"""Where they were linked otherwise by then, or not at all."""


def offboarding(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What ends with a click, and the checklist of what people have to take away; once that is resolved, how."""
    details = notice.details
    ram_user, who = literal(str(details["ram_user"])), person(str(details["slack"]))
    by_hand = "\n".join(_left_to_people(details, catalog, translations))
    if not notice.open:
        outcomes = OUTCOMES if details.get("unlinked") else {**OUTCOMES, NoticeOutcome.TAKEN_BACK: LINK_KEPT}
        told = resolved(notice, outcomes, OUTCOMES[NoticeOutcome.KEPT], translations, who=who, ram_user=ram_user)
        more = [section(by_hand)] if notice.outcome == NoticeOutcome.TAKEN_BACK else []
        return Message(told.text, [*told.blocks, *more])
    heading = translations.gettext("👋 *{by} offboards {who}*, RAM user {ram_user}.").format(
        by=person(str(details["by"])), who=who, ram_user=ram_user
    )
    button = DangerousButton(
        TAKE_BACK,
        translations.gettext("Revoke all"),
        translations.gettext("Revoke all?"),
        translations.gettext(
            "All access granted here to RAM user {ram_user} ends now, pending requests for them are"
            " cancelled, and their Slack account is unlinked. The RAM user stays."
        ).format(ram_user=truncated(str(details["ram_user"]), 64)),
        translations.gettext("Revoke all"),
    )
    ends = "\n".join(_ends(details, catalog, translations))
    return choice(notice, [heading, ends, by_hand], button, (translations.gettext("Cancel"), KEEP), translations)


def _ends(details: Mapping[str, Any], catalog: Catalog, translations: Translations) -> Iterator[str]:
    yield translations.gettext("*This ends:*")
    lines = [run_line(each, catalog, translations) for each in details["runs"]]
    yield from first_lines(lines, translations, MAX_SHOWN_GRANTS)
    if details["waiting"]:
        refs = first_of([request_ref(each) for each in details["waiting"]], translations)
        yield translations.ngettext(
            "• {refs}, pending, is cancelled",
            "• {refs}, pending, are cancelled",
            len(details["waiting"]),
        ).format(refs=refs)
    if not details["runs"] and not details["waiting"]:
        yield translations.gettext("• nothing that was granted here is active, and nothing is pending")
    if details.get("linked"):
        yield translations.gettext(
            "• the link of {who} to it: when they request again, approving confirms first who they are"
        ).format(who=person(str(details["slack"])))


def _left_to_people(details: Mapping[str, Any], catalog: Catalog, translations: Translations) -> Iterator[str]:
    """What the app does not touch."""
    lines = list(_checklist(details, catalog, translations))
    if not lines:
        yield translations.gettext("*Left to do:* nothing. The RAM user itself is never deleted from here.")
        return
    user = f"<{user_address(RamUserId(str(details['ram_user_id'])))}|{translations.gettext('RAM console')}>"
    yield translations.gettext("*Left to do,* in the {console}. The RAM user is never deleted from here.").format(
        console=user
    )
    yield from lines


def _checklist(details: Mapping[str, Any], catalog: Catalog, translations: Translations) -> Iterator[str]:
    left = details["left"]
    if left["name"] is None:
        yield translations.gettext("⚠️ RAM no longer has this user.")
    named = (
        (N_("☐ access keys: {names}"), left["access_keys"]),
        (N_("☐ policies not granted here: {names}"), left["policies"]),
        (N_("☐ groups: {names}"), left["groups"]),
    )
    for template, names in named:
        if names:
            yield translations.gettext(template).format(names=first_of([literal(each) for each in names], translations))
    if left["console_login"]:
        yield translations.gettext("☐ the password for the console")
    if left["mfa"]:
        yield translations.gettext("☐ the MFA device")
    roles = [Entitlement.parse(each) for each in details["roles"]]
    shown = [
        f"☐ <{place_address(each)}|{product_title(each.kind.product)}>: {part_name(each, catalog, translations)}"
        for each in roles
    ]
    yield from first_lines(shown, translations, MAX_SHOWN_GRANTS)
    tasks = [each.title for each in catalog.manual.values() if details["slack"] in each.done_by]
    if tasks:
        yield translations.gettext("☐ named in the catalog to do by hand: {names}").format(
            names=first_of([literal(each) for each in tasks], translations)
        )
    for kind in sorted({each.kind.name for each in catalog.parts}):
        if products()[kind].tells_of_known_roles_alone:
            yield translations.gettext(
                "⚠️ {product} tells only of roles that can be requested here. Check there for others."
            ).format(product=f"<{products()[kind].link.format(place='')}|{products()[kind].title}>")
    unread_products = (product_title(each) for each in details["unread_products"])
    unread = [*(literal(each) for each in left["unread"]), *unread_products]
    if unread:
        yield translations.gettext("⚠️ Could not be read: {names}. Check there yourself.").format(
            names=first_of(unread, translations)
        )
