"""An approver asks that something is adopted or revoked that no request accounts for: another one decides."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.catalog.model import Catalog
from approvals.drift import DriftAction, DriftRow
from approvals.durations import format_duration
from approvals.kinds import NoticeOutcome
from approvals.model import request_ref
from approvals.notice import Notice
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, typed
from handlers.views.drift_rows import row_text, who_has
from handlers.views.notice_blocks import DangerousButton, choice, resolved
from handlers.views.parts import part_name
from handlers.views.text import moment, person, truncated

APPROVE, DENY = "drift_approve", "drift_deny"
HEADINGS: Mapping[str, str] = {
    DriftAction.ADOPT: N_(
        "🧭 *{asker} asks to adopt {what} of {who}:* it becomes a grant that ends {longest} after approval."
    ),
    DriftAction.REVOKE: N_("🧭 *{asker} asks to revoke {what} of {who}*, whoever granted it."),
}
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.APPROVED: N_("✅ {by} approved: {what} of {who} is adopted as *{ref}*, and ends {ends}."),
    NoticeOutcome.TAKEN_BACK: N_("✅ {by} approved: {what} of {who} is revoked, as {asker} asked (*{ref}*)."),
    NoticeOutcome.DENIED: N_("❌ {by} denied what {asker} asked: {what} of {who} stays as it is."),
    NoticeOutcome.GRANTED: N_("✅ {who} has {what} through a request now."),
}
GONE = N_("✅ {what} of {who} is no longer as it was when {asker} asked about it.")


def drift_request(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What is asked for and why, with the buttons; once that is resolved, how."""
    details = notice.details
    row = DriftRow.of_details(details["row"])
    values = {
        "asker": person(str(details["by_slack"])),
        "who": who_has(row, translations),
        "what": part_name(row.entitlement, catalog, translations) if row.entitlement else "",
    }
    if not notice.open:
        ref, ends_at = details.get("request"), details.get("ends_at")
        more = {"ref": request_ref(ref) if ref else "", "ends": moment(ends_at) if ends_at else ""}
        return resolved(notice, OUTCOMES, GONE, translations, **values, **more)
    adopts = details["action"] == DriftAction.ADOPT
    heading = translations.gettext(HEADINGS[str(details["action"])]).format(
        **values, longest=format_duration(details["duration"]) if adopts else ""
    )
    name = truncated(row.principal.name, 64)
    approve = DangerousButton(
        APPROVE,
        translations.gettext("Approve"),
        translations.gettext("Adopt it?") if adopts else translations.gettext("Revoke it?"),
        translations.gettext("{who} keeps it for now, and loses it at that end.").format(who=name)
        if adopts
        else translations.gettext("{who} loses it now, whoever granted it.").format(who=name),
        translations.gettext("Approve"),
    )
    shown = choice(
        notice,
        [heading, row_text(row, catalog, translations)],
        approve,
        (translations.gettext("Deny"), DENY),
        translations,
    )
    return Message(shown.text, [*shown.blocks[:-1], typed(truncated(str(details["reason"]))), shown.blocks[-1]])
