"""A policy is to be reviewed: what it allows in plain words, what became other since it was reviewed last, and a button
by which approvers say that it may be given so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from approvals.catalog.model import Catalog
from approvals.kinds import NoticeOutcome
from approvals.notice import Notice
from approvals.operations.policy_reviews.approve import REVIEWERS_NEEDED
from approvals.policies.summary import ActionLine, Allowance, difference, summary
from handlers.translations import N_, Translations
from handlers.views.blocks import Block, Message, button, buttons, confirmation, context_block, in_sections, section
from handlers.views.notice_blocks import resolved
from handlers.views.text import all_of, first_lines, first_of, literal, person, truncated

APPROVE = "approve_policy"
MAX_LINES = 20
MAX_ACTIONS = 12
MAX_RESOURCES = 4
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.REVIEWED: N_("✅ {policy} {version} was reviewed by {reviewers}."),
    NoticeOutcome.OUTDATED: N_("📜 {policy} changed again after {version}: see below."),
}
RIGHT_AGAIN = N_("✅ {policy} is again as it was reviewed.")


def policy_review(notice: Notice, catalog: Catalog, translations: Translations) -> Message:
    """The document that a notice is about; once that is resolved, how."""
    details = notice.details
    named = {"policy": literal(details["policy"]), "version": literal(details["version"])}
    words = [person(word["slack"]) for word in details["reviewed_by"]]
    if not notice.open:
        reviewers = all_of(words, translations) if words else ""
        return resolved(notice, OUTCOMES, RIGHT_AGAIN, translations, reviewers=reviewers, **named)
    if details["document"] is None:
        text = translations.gettext(
            "📜 *Cannot be read:* the document of {policy} ({version}), so it is not granted. Correct it: RAM console >"
            " Permissions > Policies > {policy}."
        ).format(**named)
        return Message(text, [section(text)])
    heading = _heading(details, named, translations)
    blocks = [section(heading), *_changes(details, translations), *_allows(details["document"], translations)]
    if words:
        reviewed = translations.gettext("*{count} of {needed}* reviewed: {by}")
        blocks.append(context_block(reviewed.format(count=len(words), needed=REVIEWERS_NEEDED, by=", ".join(words))))
    return Message(heading, [*blocks, _approve(notice, translations)])


def _heading(details: Mapping[str, Any], named: Mapping[str, str], translations: Translations) -> str:
    if details["before"] is None:
        return translations.gettext(
            "📜 *Not reviewed yet:* {policy} ({version}). Two approvers confirm that it may be granted as it is."
        ).format(**named)
    return translations.gettext(
        "📜 *Changed since it was reviewed:* {policy} ({before} → {version}). It is not granted until two approvers"
        " have reviewed the change."
    ).format(before=literal(details["before_version"]), **named)


def _changes(details: Mapping[str, Any], translations: Translations) -> list[Block]:
    if details["before"] is None:
        return []
    added, removed = difference(details["before"], details["document"])
    if not added and not removed:
        return [section(translations.gettext("No action was added or removed; the statements are in another order."))]
    parts = []
    for title, sign, lines in (
        (translations.gettext("*Added*"), "➕", added),
        (translations.gettext("*Removed*"), "➖", removed),
    ):
        if lines:
            shown = first_lines([f"{sign} {_action(each, translations)}" for each in lines], translations, MAX_LINES)
            parts += [title, *shown]
    return in_sections(parts)


def _allows(document: str, translations: Translations) -> list[Block]:
    lines = [f"• {_allowance(each, translations)}" for each in summary(document)]
    return in_sections([translations.gettext("*Allows now*"), *first_lines(lines, translations, MAX_LINES)])


def _allowance(allowance: Allowance, translations: Translations) -> str:
    said = []
    if allowance.all_but:
        names = [*allowance.reads, *allowance.changes]
        said.append(translations.gettext("everything but {actions}").format(actions=_listed(names, translations)))
    else:
        if allowance.reads:
            said.append(translations.gettext("reads {actions}").format(actions=_listed(allowance.reads, translations)))
        if "*" in allowance.changes:
            said.append(translations.gettext("everything"))
        elif allowance.changes:
            actions = _listed(allowance.changes, translations)
            said.append(translations.gettext("writes {actions}").format(actions=actions))
    service = translations.gettext("all services") if allowance.service == "*" else allowance.service
    what = "; ".join(said) + _restricted(allowance.resources, allowance.conditions, translations)
    template = N_("{service}: {what}") if allowance.allows else N_("{service}, denied: {what}")
    return translations.gettext(template).format(service=literal(service), what=what)


def _action(line: ActionLine, translations: Translations) -> str:
    template = N_("{action}")
    if line.all_but:
        template = N_("everything but {action}") if line.allows else N_("deny everything but {action}")
    elif not line.allows:
        template = N_("deny {action}")
    return translations.gettext(template).format(action=literal(line.action)) + _restricted(
        line.resources, line.conditions, translations
    )


def _restricted(resources: Sequence[str], conditions: Iterable[str], translations: Translations) -> str:
    if "*" in resources:
        text = ""
    else:
        text = " " + translations.gettext("on {resources}").format(
            resources=first_of([literal(each, 120) for each in resources], translations, MAX_RESOURCES)
        )
    for condition in conditions:
        text += ", " + translations.gettext("only if {condition}").format(condition=literal(condition, 120))
    return text


def _listed(names: Sequence[str], translations: Translations) -> str:
    return first_of([literal(name) for name in names], translations, MAX_ACTIONS)


def _approve(notice: Notice, translations: Translations) -> Block:
    asks = translations.gettext("You have read what {policy} {version} allows, and it may be granted.").format(
        policy=truncated(notice.details["policy"], 128), version=truncated(notice.details["version"], 20)
    )
    sure = confirmation(
        translations.gettext("Grant it like this?"),
        asks,
        translations.gettext("Reviewed"),
        translations.gettext("Cancel"),
    )
    return buttons(button(translations.gettext("Reviewed"), APPROVE, notice.id, confirm=sure))
