"""What the watchdog says of access that was overdue: a line for each, for Slack and for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.catalog.model import Catalog
from approvals.queries.overdue import Looked, Outcome, should_have_ended
from handlers.translations import N_, Translations
from handlers.views.blocks import Message, context_block, in_sections
from handlers.views.cloud_errors import call_lines, error_text, manual_steps
from handlers.views.console import console_address
from handlers.views.parts import part_name
from handlers.views.text import escape, holder, moment, utc_moment

_STILL_THERE = N_("🚨 *{ref}*: {policy} of {holder} should have ended {when} and may still be there.")
_LINES = {
    Outcome.REVOKED: N_("✅ *{ref}*: {policy} of {holder} is revoked now. It should have ended {when}."),
    Outcome.IN_HAND: N_("⏳ *{ref}*: {policy} of {holder} should have ended {when}. The app is revoking it right now."),
    Outcome.NOT_CONFIRMED: _STILL_THERE,
    Outcome.NOT_OURS: _STILL_THERE,
}


def watchdog_line(looked: Looked, catalog: Catalog, translations: Translations, *, for_terminal: bool = False) -> str:
    """What became of one thing that was overdue: in mrkdwn, or with times and addresses that a terminal shows."""
    grant = looked.grant
    when = should_have_ended(looked.overdue.grant) or 0
    text = translations.gettext(_LINES[looked.outcome]).format(
        ref=looked.overdue.record.request.ref,
        policy=part_name(grant.entitlement, catalog, translations),
        holder=holder(grant.principal.name, grant.entitlement.of_account, translations),
        when=utc_moment(when) if for_terminal else moment(when),
    )
    if looked.outcome in (Outcome.REVOKED, Outcome.IN_HAND):
        return text
    return " ".join((text, *_why(looked, translations), *_where(looked, translations, for_terminal)))


def watchdog_message(found: Sequence[Looked], catalog: Catalog, translations: Translations) -> Message:
    """For the approvals channel."""
    title = translations.gettext(
        "*Watchdog: access was overdue by more than 10 minutes.* Check that the app runs: it revokes"
        " within a second, and says when it cannot."
    )
    lines = [watchdog_line(each, catalog, translations) for each in found]
    called = call_lines([each.grant for each in found], translations)
    blocks = [*in_sections([title, *lines]), *([context_block("\n".join(called))] if called else [])]
    return Message(translations.gettext("Watchdog: access was overdue by more than 10 minutes."), blocks)


def _why(looked: Looked, translations: Translations) -> list[str]:
    grant = looked.grant
    if looked.outcome is Outcome.NOT_CONFIRMED:
        if grant.error_kind:
            return [error_text(grant.error_kind, translations, grant)]
        return [translations.gettext("RAM has not confirmed it.")]
    if grant.entitlement.by_hand:
        return [translations.gettext("It is revoked by hand, and nobody has confirmed it.")]
    steps = manual_steps(grant, translations) if grant.entitlement.is_member_role else ""
    return [translations.gettext("The watchdog revokes RAM policies of users only."), *([steps] if steps else [])]


def _where(looked: Looked, translations: Translations, for_terminal: bool) -> list[str]:
    if looked.grant.entitlement.by_hand:
        return []
    address = console_address(looked.grant)
    if for_terminal:
        return [address]
    return [translations.gettext("<{address}|Open the console>").format(address=escape(address))]
