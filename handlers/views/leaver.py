"""Somebody's Slack account is gone while something runs for them: an approver takes it back, or lets them keep it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement
from approvals.kinds import NoticeOutcome
from approvals.model import request_ref
from approvals.notice import Notice
from approvals.operations.leavers import Presence
from handlers.translations import N_, Translations
from handlers.views.blocks import Message
from handlers.views.notice_blocks import DangerousButton, choice, resolved
from handlers.views.parts import part_name
from handlers.views.text import first_lines, literal, moment, person, truncated

TAKE_BACK, KEEP = "leaver_take_back", "leaver_keep"
MAX_SHOWN_GRANTS = 10
"""Things that are named one by one."""
REASONS: Mapping[str, str] = {
    Presence.DEACTIVATED: N_("👋 *The Slack account of {who} is deactivated*, but their access is still active."),
    Presence.NO_MEMBER: N_("👋 *{who} is no longer a full member*, but their access is still active."),
}
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.TAKEN_BACK: N_("✅ {by} revokes all access of {who}, RAM user {ram_user}."),
    NoticeOutcome.KEPT: N_(
        "📌 {by}: {who}, RAM user {ram_user}, keeps their access. Asked again in 30 days, or when they"
        " are granted more."
    ),
    NoticeOutcome.BACK: N_("✅ {who}, RAM user {ram_user}, is a member again. Nothing was revoked."),
    NoticeOutcome.SAID_AGAIN: N_("👋 {who}, RAM user {ram_user}, is still gone; it is said again further down."),
}
OVER = N_("✅ {who}, RAM user {ram_user}, has nothing left.")


def leaver(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """What runs for somebody who is gone, and whether it is taken back; once that is resolved, how."""
    ram_user = literal(str(notice.details["ram_user"]))
    who = person(str(notice.details["slack"]))
    if not notice.open:
        return resolved(notice, OUTCOMES, OVER, translations, who=who, ram_user=ram_user)
    reason = translations.gettext(REASONS[str(notice.details["why"])]).format(who=who)
    heading = translations.gettext("RAM user {ram_user} has:").format(ram_user=ram_user)
    take_back = DangerousButton(
        TAKE_BACK,
        translations.gettext("Revoke all"),
        translations.gettext("Revoke all?"),
        translations.gettext(
            "All access granted here to RAM user {ram_user} ends now, and pending requests for them are cancelled."
        ).format(ram_user=truncated(str(notice.details["ram_user"]), 64)),
        translations.gettext("Revoke all"),
    )
    lines = [run_line(each, catalog, translations) for each in notice.details["runs"]]
    runs = "\n".join(first_lines(lines, translations, MAX_SHOWN_GRANTS))
    return choice(notice, [f"{reason} {heading}", runs], take_back, (translations.gettext("Keep"), KEEP), translations)


def run_line(run: Mapping[str, Any], catalog: Catalog, translations: Translations) -> str:
    """One thing that runs, until when and by which request."""
    ends_at = run["ends_at"]
    template = N_("• {part} until revoked ({ref})") if ends_at is None else N_("• {part} until {ends} ({ref})")
    return translations.gettext(template).format(
        part=part_name(Entitlement.parse(run["what"]), catalog, translations),
        ends="" if ends_at is None else moment(ends_at),
        ref=request_ref(run["request"]),
    )
