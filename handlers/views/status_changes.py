"""What changed in the status: for a channel that watches it, and for whoever looks back."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.findings import Change
from approvals.status.checks.kind import source_of
from approvals.status.plan import StatusPlan
from handlers.translations import Translations
from handlers.views.blocks import Message, in_sections, section
from handlers.views.findings import SIGNS, source_name, state_name, summary
from handlers.views.row_titles import row_title
from handlers.views.text import moment

NOTIFIED = 3
"""Changes that a notification names."""


def changes_message(changes: Sequence[Change], looked_at: StatusPlan, translations: Translations) -> Message:
    """What a watching channel is told: nothing but what changed."""
    lines = [_change_line(change, looked_at, translations) for change in changes]
    title = translations.ngettext("The status of PAI-Rec changed", "The status of PAI-Rec changed", len(lines))
    # A notification has the text alone.
    return Message("\n".join((title, *lines[:NOTIFIED])), in_sections(lines))


def history_message(changes: Sequence[Change], looked_at: StatusPlan, translations: Translations) -> Message:
    """The changes that it is given, each with when it was seen."""
    title = translations.gettext("The last changes in the status of PAI-Rec")
    if not changes:
        return Message(title, [section(translations.gettext("No changes since the first check."))])
    lines = [f"{moment(change.at)} · {_change_line(change, looked_at, translations)}" for change in changes]
    return Message(title, [section(f"*{title}*"), *in_sections(lines)])


def _change_line(change: Change, looked_at: StatusPlan, translations: Translations) -> str:
    """Which row, by which of its sources, from what to what, and what was found."""
    name, source = change.finding.check.partition("/")[0], source_of(change.finding.check)
    row = next((row_title(row.title, translations) for row in looked_at.rows if row.name == name), name)
    state = change.finding.state
    was, now = state_name(change.was, translations), state_name(state, translations)
    what, found = source_name(source, translations), summary(change.finding, translations)
    return f"{SIGNS[state]} *{row}* · {what}: {was} → *{now}* · {found}"
