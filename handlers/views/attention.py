"""What approvers see in App Home besides requests: alarms, what no request accounts for, and how the app itself is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from approvals.kinds import NoticeKind
from approvals.queries.attention import Attention
from handlers.translations import N_, Translations
from handlers.views.blocks import Block, button, divider, section
from handlers.views.drift_list import PAGE
from handlers.views.parts import product_title
from handlers.views.text import literal, moment

MAX_CONDITIONS = 8
OVERDUE = N_("🔴 Not revoked in time: {count}")
ALARMS: Mapping[NoticeKind, str] = {
    NoticeKind.STOLEN_KEY: N_("🔴 Somebody else used the app's access key: {count}"),
    NoticeKind.NOT_IN_RECORD: N_("🔴 Changes of the app that ActionTrail lacks: {count}"),
    NoticeKind.OUTSIDE_WRITES: N_("🟠 Changes by others that ActionTrail shows: {count}"),
    NoticeKind.VANISHED: N_("🟠 Access removed elsewhere, to be confirmed: {count}"),
    NoticeKind.NEW_ADMIN: N_("🟠 New administrators to be confirmed: {count}"),
    NoticeKind.LEAVER: N_("🟠 Access of people who left: {count}"),
    NoticeKind.BLOCKED_END: N_("🟠 Revokes that need manual work: {count}"),
    NoticeKind.UNKNOWN_ORIGIN: N_("🟠 Access of unknown origin: {count}"),
    NoticeKind.MORE_UNKNOWN_ORIGIN: N_("🟠 More of unknown origin, in `/pairec-access drift`"),
    NoticeKind.FEW_APPROVERS: N_("🟠 Fewer than two approvers are left."),
    NoticeKind.OTHER_LEDGER: N_("🔴 Another copy of the app is running."),
    NoticeKind.WRONG_ACCOUNT: N_("🔴 The app's access key belongs to another account."),
}
CONDITIONS: Mapping[str, str] = {
    "ledger": N_("The app's database does not answer"),
    "ram": N_("RAM does not answer the app"),
    "users": N_("The list of RAM users cannot be read"),
    "sts": N_("STS does not answer the app"),
    "slack": N_("Slack does not answer the app"),
    "slack messages": N_("Slack rejects messages of the app"),
    "approvers": N_("No approver can be reached in Slack"),
    "connection": N_("The app has no connection to Slack"),
    "account": N_("The app's access key belongs to another account"),
    "clock": N_("The app's clock is wrong"),
    "cloud_record": N_("ActionTrail cannot be read"),
    "cloud_record_members": N_("ActionTrail does not show who changes members of products"),
}
"""What is the matter with the app, by the names that `/readyz` has; others are shown by name."""


@dataclass(frozen=True, slots=True)
class HomeAttention:
    """What an approver's App Home says besides requests."""

    counted: Attention
    conditions: Mapping[str, int]
    """Since when, in milliseconds of real time, by name."""


def attention_blocks(shown: HomeAttention, translations: Translations) -> list[Block]:
    """Alarms and drift, each with where they are looked after; and health."""
    counted = shown.counted
    lines = [translations.gettext(OVERDUE).format(count=counted.overdue)] if counted.overdue else []
    lines += [translations.gettext(ALARMS[kind]).format(count=number) for kind, number in counted.alarms.items()]
    if lines:
        lines.append(translations.gettext("Your messages have the details and buttons."))
    alarms = "\n".join([translations.gettext("*Alarms*"), *lines]) if lines else translations.gettext("✅ No alarms.")
    return [divider(), section(alarms), _drift(counted.drift, translations), _health(shown.conditions, translations)]


def _drift(number: int, translations: Translations) -> Block:
    if not number:
        return section(translations.gettext("*Drift:* none found so far. `/pairec-access drift` looks now."))
    text = translations.ngettext(
        "*Drift:* {count} thing that no request accounts for.",
        "*Drift:* {count} things that no request accounts for.",
        number,
    ).format(count=number)
    return section(text, button(translations.gettext("Show all"), PAGE, "1"))


def _health(conditions: Mapping[str, int], translations: Translations) -> Block:
    if not conditions:
        return section(translations.gettext("✅ The app works normally."))
    line = translations.gettext("⚠️ {what}, since {when}")
    lines = [
        line.format(what=_what(name, translations), when=moment(since))
        for name, since in sorted(conditions.items(), key=lambda each: each[1])[:MAX_CONDITIONS]
    ]
    return section("\n".join([translations.gettext("*Health of the app*"), *lines]))


def _what(name: str, translations: Translations) -> str:
    kind, _, product = name.partition(" ")
    if kind == "product":
        return translations.gettext("{product} does not answer the app").format(product=product_title(product))
    return translations.gettext(CONDITIONS[name]) if name in CONDITIONS else literal(name)
