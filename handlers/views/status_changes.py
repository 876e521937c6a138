"""What changed in the status: on the board, for a channel that watches it, and for whoever looks back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from approvals.findings import Change, CheckState
from approvals.status.boards import BoardLine
from approvals.status.causes import cause_of, united
from approvals.status.checks.kind import source_of
from approvals.status.plan import StatusPlan
from handlers.translations import Translations
from handlers.views.blocks import Message, in_sections, section
from handlers.views.board_row import MAX_NAMES
from handlers.views.findings import SIGNS, source_name, state_name, summary
from handlers.views.row_titles import row_title
from handlers.views.text import first_lines, first_of, moment, person

NOTIFIED = 3
"""Changes that a notification names."""
MAX_SHOWN_CHANGES = 4
"""Lines of a board for what changed."""


def board_changes(changes: Sequence[Change], lines: Sequence[BoardLine], translations: Translations) -> str:
    """What is otherwise than before, a line for what changed in the same way; empty where nothing did."""
    titles = {line.row.name: row_title(line.row.title, translations) for line in lines}
    together = _together(changes, lambda each: (each.was, each.finding.state, each.doer))
    told = []
    for each in together:
        changed = {_row(change) for change in each}
        rows = [title for name, title in titles.items() if name in changed]
        line = f"{_turn(each[0], translations)}: {first_of(rows, translations, MAX_NAMES)}"
        told.append(f"{SIGNS[each[0].finding.state]} {line}{_by(each[0], translations)}")
    if not told:
        return ""
    title = translations.gettext("*Changed since the last check*")
    return "\n".join([title, *first_lines(told, translations, MAX_SHOWN_CHANGES)])


def changes_message(changes: Sequence[Change], looked_at: StatusPlan, translations: Translations) -> Message:
    """What a watching channel is told: nothing but what changed, and what is of one cause in one line."""

    def reason(change: Change) -> Hashable:
        return (change.was, source_of(change.finding.check), cause_of(change.finding), change.doer)

    lines = [_change_line(each, looked_at, translations) for each in _together(changes, reason)]
    title = translations.ngettext("The status of PAI-Rec changed", "The status of PAI-Rec changed", len(lines))
    # A notification has the text alone.
    return Message("\n".join((title, *lines[:NOTIFIED])), in_sections(lines))


def history_message(changes: Sequence[Change], looked_at: StatusPlan, translations: Translations) -> Message:
    """The changes that it is given, each with when it was seen."""
    title = translations.gettext("The last changes in the status of PAI-Rec")
    if not changes:
        return Message(title, [section(translations.gettext("No changes since the first check."))])
    lines = [f"{moment(change.at)} · {_change_line([change], looked_at, translations)}" for change in changes]
    return Message(title, [section(f"*{title}*"), *in_sections(lines)])


def _together(changes: Sequence[Change], by: Callable[[Change], Hashable]) -> list[list[Change]]:
    found: dict[Hashable, list[Change]] = {}
    for change in changes:
        found.setdefault(by(change), []).append(change)
    return list(found.values())


def _change_line(changes: Sequence[Change], looked_at: StatusPlan, translations: Translations) -> str:
    """Which rows, by which of their sources, from what to what, what was found, and who did it."""
    first = changes[0]
    known = {row.name: row_title(row.title, translations) for row in looked_at.rows}
    names = dict.fromkeys(known.get(_row(change), _row(change)) for change in changes)
    rows = first_of([f"*{name}*" for name in names], translations, MAX_NAMES)
    what = source_name(source_of(first.finding.check), translations)
    found = summary(united([change.finding for change in changes]), translations)
    line = f"{rows} · {what}: {_turn(first, translations)} · {found}"
    return f"{SIGNS[first.finding.state]} {line}{_by(first, translations)}"


def _turn(change: Change, translations: Translations) -> str:
    return f"{state_name(change.was, translations)} → *{state_name(change.finding.state, translations)}*"


def _by(change: Change, translations: Translations) -> str:
    """Who or what did it, where that is recorded here."""
    doer = change.doer
    if doer is None:
        return ""
    if change.finding.state is CheckState.OK:
        if doer.by is None:
            return " · " + translations.gettext("by this app, {request}").format(request=doer.ref)
        text = translations.gettext("by this app, {request}, approved by {person}")
    elif doer.by is None:
        return " · " + translations.gettext("{request} ended").format(request=doer.ref)
    else:
        text = translations.gettext("{request} ended by {person}")
    return " · " + text.format(request=doer.ref, person=person(doer.by))


def _row(change: Change) -> str:
    return change.finding.check.partition("/")[0]
