"""The board of /pairec-status: a line for each row, in the order of PAI-Rec's own page, worst news in full."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from approvals.durations import format_duration
from approvals.findings import Change, CheckState, Finding
from approvals.status.boards import BoardLine, BoardView, RepairOffer
from approvals.status.checks.kind import StatusRow, source_of
from approvals.status.plan import StatusPlan
from handlers.translations import N_, Translations
from handlers.views.blocks import (
    MAX_TEXT_CHARACTERS,
    Block,
    Message,
    button,
    confirmation,
    context_block,
    header,
    in_sections,
    section,
)
from handlers.views.findings import SIGNS, advice, source_name, state_name, summary
from handlers.views.sure import role_loses
from handlers.views.text import moment, person

NOTIFIED = 3
"""Changes that a notification names."""
STATES_SINCE = {
    CheckState.OK: N_("OK since {when}"),
    CheckState.CONDITIONAL: N_("Conditional since {when}"),
    CheckState.FAILED: N_("Failed since {when}"),
    CheckState.UNKNOWN: N_("Unknown since {when}"),
    CheckState.NOT_SET: N_("Not set up since {when}"),
}
MAX_BOARD_BLOCKS = 48
"""Besides the header and the foot, in a message of Slack's."""


def board(shown: BoardView, translations: Translations) -> Message:
    """Every drawing of a board shows all of it."""
    title = _title(shown, translations)
    rows = _rows(shown, translations, roomy=True)
    if len(rows) > MAX_BOARD_BLOCKS:
        rows = _rows(shown, translations, roomy=False)
    if len(rows) > MAX_BOARD_BLOCKS:
        rows = [
            *rows[: MAX_BOARD_BLOCKS - 1],
            context_block(translations.gettext("There is more; `/pairec-status` and a name shows one row.")),
        ]
    return Message(title, [header(title), *rows, context_block(_foot(shown, translations))])


def changes_message(changes: Sequence[Change], looked_at: StatusPlan, translations: Translations) -> Message:
    """What a watching channel is told: nothing but what changed."""
    lines = [change_line(change, looked_at, translations) for change in changes]
    title = translations.ngettext("The status of PAI-Rec changed", "The status of PAI-Rec changed", len(lines))
    # A notification has the text alone.
    return Message("\n".join((title, *lines[:NOTIFIED])), in_sections(lines))


def history_message(changes: Sequence[Change], looked_at: StatusPlan, translations: Translations) -> Message:
    title = translations.gettext("The last changes in the status of PAI-Rec")
    if not changes:
        return Message(title, [section(translations.gettext("Nothing has changed since it was first looked at."))])
    lines = [f"{moment(change.at)} · {change_line(change, looked_at, translations)}" for change in changes]
    return Message(title, [section(f"*{title}*"), *in_sections(lines)])


def change_line(change: Change, looked_at: StatusPlan, translations: Translations) -> str:
    name, source = change.finding.check.partition("/")[0], source_of(change.finding.check)
    row = next((row.title for row in looked_at.rows if row.name == name), name)
    state = change.finding.state
    was, now = state_name(change.was, translations), state_name(state, translations)
    what, found = source_name(source, translations), summary(change.finding, translations)
    return f"{SIGNS[state]} *{row}* · {what}: {was} → *{now}* · {found}"


def _title(shown: BoardView, translations: Translations) -> str:
    about = (
        translations.gettext("PAI-Rec status")
        if len(shown.lines) > 1
        else f"{translations.gettext('PAI-Rec status')} · {shown.lines[0].row.title}"
    )
    if not shown.finished:
        checks = [check for line in shown.lines for check in line.row.checks]
        left = sum(len(line.looking) for line in shown.lines)
        return f"{about} · " + translations.gettext("looking, {done} of {all} done").format(
            done=len(checks) - left, all=len(checks)
        )
    states = [line.state for line in shown.lines if line.state is not None]
    counts = {state: states.count(state) for state in (CheckState.FAILED, CheckState.UNKNOWN, CheckState.CONDITIONAL)}
    bad = [_counted(state, count, translations) for state, count in counts.items() if count]
    if bad:
        return f"{about} · {', '.join(bad)}"
    return f"{about} · " + (
        translations.gettext("all good") if CheckState.OK in states else translations.gettext("not set up")
    )


def _counted(state: CheckState, count: int, translations: Translations) -> str:
    """So many rows that need attention."""
    if state is CheckState.FAILED:
        text = translations.ngettext("{count} failed", "{count} failed", count)
    elif state is CheckState.UNKNOWN:
        text = translations.ngettext("{count} unknown", "{count} unknown", count)
    else:
        text = translations.ngettext("{count} conditional", "{count} conditional", count)
    return text.format(count=count)


def _rows(shown: BoardView, translations: Translations, *, roomy: bool) -> list[Block]:
    """Rows that need no attention share blocks; the others have one each, with what can be clicked. Where there is no
    room for that, only those with something to click have one of their own.
    """
    blocks: list[Block] = []
    waiting: list[str] = []
    offered: set[str] = set()
    for line in shown.lines:
        control = _control(line, shown, offered, translations)
        good = line.state in (CheckState.OK, CheckState.NOT_SET, None) and len(shown.lines) > 1
        if control is None and (good or not roomy):
            waiting.append(_short(line, shown, translations) if good else _long(line, shown, translations))
            continue
        blocks += in_sections(waiting)
        waiting = []
        blocks.append(section(_long(line, shown, translations), accessory=control))
    return blocks + in_sections(waiting)


def _head(line: BoardLine, translations: Translations) -> str:
    if line.state is None:
        return f"⏳ *{line.row.title}*"
    state = state_name(line.state, translations)
    if line.since is not None:
        state = translations.gettext(STATES_SINCE[line.state]).format(when=moment(line.since))
    return f"{SIGNS[line.state]} *{line.row.title}* · {state}"


def _short(line: BoardLine, shown: BoardView, translations: Translations) -> str:
    """One line: what is said of it is enough, as long as it is good."""
    sign = "⏳" if line.state is None else SIGNS[line.state]
    known = [each.finding for each in line.kept if each is not None]
    parts = [f"{sign} *{line.row.title}*", *(_source(finding, line.row, translations) for finding in known)]
    if line.since is not None:
        parts.append(translations.gettext("since {when}").format(when=moment(line.since)))
    if line.looking:
        parts.append(translations.gettext("being looked at"))
    return " · ".join(parts) + _by_us(line, shown, translations)


def _long(line: BoardLine, shown: BoardView, translations: Translations) -> str:
    findings = [each.finding for each in line.kept if each is not None]
    lines = [_head(line, translations) + (" · " + translations.gettext("being looked at") if line.looking else "")]
    lines += [f"• {_source(finding, line.row, translations)}" for finding in findings]
    steps = [step for finding in findings if (step := _step(finding, shown, translations))]
    lines += [f"→ {step}" for step in dict.fromkeys(steps)]
    lines[0] += _by_us(line, shown, translations)
    return _fitting(lines)


def _fitting(lines: Sequence[str]) -> str:
    """As many whole lines as a block takes: one that is cut would show the rest of itself as something else."""
    while sum(len(line) + 1 for line in lines) > MAX_TEXT_CHARACTERS and len(lines) > 1:
        lines = lines[:-1]
    return "\n".join(lines)


def _source(finding: Finding, row: StatusRow, translations: Translations) -> str:
    """Where a row has one source only, its title says which that is."""
    if len(row.kinds) > 1:
        return f"{source_name(source_of(finding.check), translations)}: {summary(finding, translations)}"
    return summary(finding, translations)


def _step(finding: Finding, shown: BoardView, translations: Translations) -> str | None:
    offer = shown.offers.get(finding.repair or "")
    if offer is not None:
        if offer.waiting:
            return translations.gettext("{request} asks for it already.").format(request=offer.waiting.ref)
        return translations.gettext("Authorize asks an administrator to let the bot put it right.")
    return advice(finding, translations) if finding.state in (CheckState.FAILED, CheckState.UNKNOWN) else None


def _control(line: BoardLine, shown: BoardView, offered: set[str], translations: Translations) -> ButtonElement | None:
    """Authorize where something can be put right with one click, once on a board; Take back where we did that."""
    for each in line.kept:
        repair = each.finding.repair if each is not None and each.finding.state is CheckState.FAILED else None
        offer = shown.offers.get(repair or "")
        if repair and offer and offer.waiting is None and repair not in offered:
            offered.add(repair)
            return button(translations.gettext("Authorize"), "authorize", repair, "primary")
    ours = _offer_of(line, shown)
    if ours is None or ours.ours is None or any(each.stays for each in ours.ours.entitlements):
        return None
    return button(
        translations.gettext("Take back"),
        "give_back",
        ours.ours.public_id,
        confirm=confirmation(
            translations.gettext("Take it back?"),
            role_loses(translations),
            translations.gettext("Take back"),
            translations.gettext("Not now"),
            danger=True,
        ),
    )


def _by_us(line: BoardLine, shown: BoardView, translations: Translations) -> str:
    offer = _offer_of(line, shown)
    if offer is None or offer.ours is None or line.state is not CheckState.OK:
        return ""
    return " · " + translations.gettext("by this bot, {request}").format(request=offer.ours.ref)


def _offer_of(line: BoardLine, shown: BoardView) -> RepairOffer | None:
    """The repair that is about this very row: those are named alike."""
    return shown.offers.get(line.row.name)


def _foot(shown: BoardView, translations: Translations) -> str:
    parts = [translations.gettext("asked by {person}").format(person=person(shown.board.asked_by))]
    if shown.checked_at is not None:
        parts.insert(0, translations.gettext("Looked at {when}").format(when=moment(shown.checked_at)))
    if shown.every is not None:
        parts.append(translations.gettext("watched every {interval}").format(interval=format_duration(shown.every)))
    return " · ".join(parts)
