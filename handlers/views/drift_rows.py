"""What no request accounts for, row by row: what somebody has, since when, and why nothing can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from approvals.catalog.model import Catalog
from approvals.drift import Barred, DriftKind, DriftRow, Unfit
from approvals.entitlements import ADMIN_POLICY
from approvals.model import request_ref
from handlers.translations import N_, Translations
from handlers.views.console import user_link
from handlers.views.parts import part_name, product_title
from handlers.views.text import day, literal, person

MAX_NAME = 64
TEXTS: Mapping[DriftKind, str] = {
    DriftKind.LEFT: N_("⚠️ {who} has {what}, and their Slack account is gone; granted elsewhere"),
    DriftKind.ADMIN_GROUP: N_("⚠️ {who} is an administrator through group {group}"),
    DriftKind.OUTSIDE: N_("{who} has {what}; granted elsewhere"),
    DriftKind.LINK: N_("{account} is gone from Slack, and still linked to {who}"),
}
UNFIT: Mapping[Unfit, str] = {
    Unfit.GONE: N_("{who} has {what} by {ref}, and the catalog no longer has it"),
    Unfit.ENDLESS: N_("{who} has {what} by {ref} until revoked, which the catalog no longer allows"),
    Unfit.LONGER: N_("{who} has {what} by {ref} for longer than the catalog allows now"),
}
BARRED: Mapping[Barred, str] = {
    Barred.GROUP: N_("It comes through group {group}: change that in the RAM console."),
    Barred.COMES_WITH: N_("{product} gives it along with another role, which is listed here too."),
    Barred.NAMELESS: N_("{product} does not say which RAM user this is. Look there."),
    Barred.FEW_ADMINS: N_("Besides them there are fewer than two approvers, so it cannot be taken away from here."),
}
OFFBOARD = N_("`/pairec-access offboard` ends the link, and what was granted here.")


def row_text(row: DriftRow, catalog: Catalog, translations: Translations) -> str:
    """One row in mrkdwn: what is so, and below it what has to be known to decide on it."""
    return "\n".join([row_line(row, catalog, translations), *_notes(row, translations)])


def row_line(row: DriftRow, catalog: Catalog, translations: Translations) -> str:
    """The first line of it alone."""
    text = translations.gettext(UNFIT[row.unfit] if row.unfit else TEXTS[row.kind]).format(
        who=who_has(row, translations),
        what=part_name(row.entitlement, catalog, translations) if row.entitlement else "",
        group=literal(row.via_group or ""),
        account=person(row.account or ""),
        ref="" if row.request_id is None else f"*{request_ref(row.request_id)}*",
    )
    if row.since is not None:
        text = translations.gettext("{text}, since {when}").format(text=text, when=day(row.since))
    if row.giver is not None and row.giver.name:
        text = translations.gettext("{text}, by {who}").format(text=text, who=literal(row.giver.name, MAX_NAME))
    return text


def who_has(row: DriftRow, translations: Translations) -> str:
    """The RAM user, with whoever is linked to it."""
    user = row.principal
    name = user_link(user) if user.user_id and user.name else literal(user.name or user.user_id)
    if row.account and row.kind is not DriftKind.LINK:
        return translations.gettext("{ram_user} ({person})").format(ram_user=name, person=person(row.account))
    return translations.gettext("RAM user {ram_user}").format(ram_user=name)


def _notes(row: DriftRow, translations: Translations) -> Iterator[str]:
    if row.known_by:
        is_admin = row.entitlement is not None and row.entitlement.name == ADMIN_POLICY
        said = N_("{by} confirmed them as approver.") if is_admin else N_("{by} let it stay before.")
        yield translations.gettext(said).format(by=person(row.known_by))
    if row.barred:
        yield translations.gettext(BARRED[row.barred]).format(
            group=literal(row.via_group or ""),
            product=product_title(row.entitlement.kind.product if row.entitlement else None),
        )
    if row.kind is DriftKind.LINK:
        yield translations.gettext(OFFBOARD)
