"""The board of /pairec-status: a line for each row, in the order of PAI-Rec's own page, worst news in full."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from approvals.durations import format_duration
from approvals.findings import Change, Finding, State
from approvals.status import plan
from approvals.status.boards import Line, Offer, Shown
from approvals.status.plan import Plan
from handlers.translations import Words
from handlers.views.blocks import (
    TEXT_LIMIT,
    Block,
    Message,
    button,
    confirmation,
    context,
    header,
    in_sections,
    section,
)
from handlers.views.findings import SIGNS, advice, said, source_word, state_word
from handlers.views.sure import role_loses
from handlers.views.text import moment, person

NOTIFIED = 3
"""Changes that a notification names."""
MOST_BLOCKS = 48
"""Besides the header and the foot, in a message of Slack's."""


def board(shown: Shown, words: Words) -> Message:
    """Every drawing of a board shows all of it."""
    title = _title(shown, words)
    rows = _rows(shown, words, roomy=True)
    if len(rows) > MOST_BLOCKS:
        rows = _rows(shown, words, roomy=False)
    if len(rows) > MOST_BLOCKS:
        _ = words.gettext
        rows = [*rows[: MOST_BLOCKS - 1], context(_("There is more; `/pairec-status` and a name shows one row."))]
    return Message(title, [header(title), *rows, context(_foot(shown, words))])


def changes_message(changes: Sequence[Change], looked_at: Plan, words: Words) -> Message:
    """What a watching channel is told: nothing but what changed."""
    _ = words.gettext
    lines = [change_line(change, looked_at, words) for change in changes]
    told = words.ngettext("The status of PAI-Rec changed", "The status of PAI-Rec changed", len(lines))
    # A notification has the text alone.
    return Message("\n".join((told, *lines[:NOTIFIED])), in_sections(lines))


def history_message(changes: Sequence[Change], looked_at: Plan, words: Words) -> Message:
    _ = words.gettext
    told = _("The last changes in the status of PAI-Rec")
    if not changes:
        return Message(told, [section(_("Nothing has changed since it was first looked at."))])
    lines = [f"{moment(change.at)} · {change_line(change, looked_at, words)}" for change in changes]
    return Message(told, [section(f"*{told}*"), *in_sections(lines)])


def change_line(change: Change, looked_at: Plan, words: Words) -> str:
    name, _slash, source = change.finding.check.partition("/")
    row = next((row.title for row in looked_at.rows if row.name == name), name)
    state = change.finding.state
    was, now = state_word(change.was, words), state_word(state, words)
    return f"{SIGNS[state]} *{row}* · {source_word(source, words)}: {was} → *{now}* · {said(change.finding, words)}"


def _title(shown: Shown, words: Words) -> str:
    _ = words.gettext
    about = _("PAI-Rec status") if len(shown.lines) > 1 else f"{_('PAI-Rec status')} · {shown.lines[0].row.title}"
    if not shown.finished:
        checks = [check for line in shown.lines for check in line.row.checks]
        left = sum(len(line.looking) for line in shown.lines)
        return f"{about} · " + _("looking, {done} of {all} done").format(done=len(checks) - left, all=len(checks))
    states = [line.state for line in shown.lines if line.state is not None]
    counts = {state: states.count(state) for state in (State.FAILED, State.UNKNOWN, State.CONDITIONAL)}
    bad = [f"{count} {state_word(state, words).lower()}" for state, count in counts.items() if count]
    if bad:
        return f"{about} · {', '.join(bad)}"
    return f"{about} · " + (_("all good") if State.OK in states else _("not set up"))


def _rows(shown: Shown, words: Words, *, roomy: bool) -> list[Block]:
    """Rows that need no attention share blocks; the others have one each, with what can be clicked. Where there is no
    room for that, only those with something to click have one of their own."""
    blocks: list[Block] = []
    waiting: list[str] = []
    offered: set[str] = set()
    for line in shown.lines:
        control = _control(line, shown, offered, words)
        good = line.state in (State.OK, State.NOT_SET, None) and len(shown.lines) > 1
        if control is None and (good or not roomy):
            waiting.append(_short(line, shown, words) if good else _long(line, shown, words))
            continue
        blocks += in_sections(waiting)
        waiting = []
        blocks.append(section(_long(line, shown, words), accessory=control))
    return blocks + in_sections(waiting)


def _head(line: Line, words: Words) -> str:
    _ = words.gettext
    if line.state is None:
        return f"⏳ *{line.row.title}*"
    told = f"{SIGNS[line.state]} *{line.row.title}* · {state_word(line.state, words)}"
    if line.since is not None:
        told += " " + _("since {when}").format(when=moment(line.since))
    return told


def _short(line: Line, shown: Shown, words: Words) -> str:
    """One line: what is said of it is enough, as long as it is good."""
    _ = words.gettext
    sign = "⏳" if line.state is None else SIGNS[line.state]
    known = [each.finding for each in line.kept if each is not None]
    parts = [f"{sign} *{line.row.title}*", *(_source(finding, words) for finding in known)]
    if line.since is not None:
        parts.append(_("since {when}").format(when=moment(line.since)))
    if line.looking:
        parts.append(_("being looked at"))
    return " · ".join(parts) + _by_us(line, shown, words)


def _long(line: Line, shown: Shown, words: Words) -> str:
    _ = words.gettext
    findings = [each.finding for each in line.kept if each is not None]
    lines = [_head(line, words) + (" · " + _("being looked at") if line.looking else "")]
    lines += [f"• {_source(finding, words)}" for finding in findings]
    steps = [step for finding in findings if (step := _step(finding, shown, words))]
    lines += [f"→ {step}" for step in dict.fromkeys(steps)]
    lines[0] += _by_us(line, shown, words)
    return _fitting(lines)


def _fitting(lines: Sequence[str]) -> str:
    """As many whole lines as a block takes: one that is cut would show the rest of itself as something else."""
    while sum(len(line) + 1 for line in lines) > TEXT_LIMIT and len(lines) > 1:
        lines = lines[:-1]
    return "\n".join(lines)


def _source(finding: Finding, words: Words) -> str:
    """Where a row has one source only, its title says which that is."""
    source = finding.check.partition("/")[2]
    if source in (plan.PERMISSION, plan.CONNECTION):
        return f"{source_word(source, words)}: {said(finding, words)}"
    return said(finding, words)


def _step(finding: Finding, shown: Shown, words: Words) -> str | None:
    _ = words.gettext
    offer = shown.offers.get(finding.repair or "")
    if offer is not None:
        if offer.waiting:
            return _("{request} asks for it already.").format(request=offer.waiting.ref)
        return _("Authorize asks an administrator to let the bot put it right.")
    return advice(finding, words) if finding.state in (State.FAILED, State.UNKNOWN) else None


def _control(line: Line, shown: Shown, offered: set[str], words: Words) -> ButtonElement | None:
    """Authorize where something can be put right with one click, once on a board; Take back where we did that."""
    _ = words.gettext
    for each in line.kept:
        repair = each.finding.repair if each is not None and each.finding.state is State.FAILED else None
        offer = shown.offers.get(repair or "")
        if repair and offer and offer.waiting is None and repair not in offered:
            offered.add(repair)
            return button(_("Authorize"), "authorize", repair, "primary")
    ours = _offer_of(line, shown)
    if ours is None or ours.ours is None or any(each.stays for each in ours.ours.entitlements):
        return None
    return button(
        _("Take back"),
        "give_back",
        ours.ours.public_id,
        confirm=confirmation(
            _("Take it back?"),
            role_loses(words),
            _("Take back"),
            _("Not now"),
            danger=True,
        ),
    )


def _by_us(line: Line, shown: Shown, words: Words) -> str:
    _ = words.gettext
    offer = _offer_of(line, shown)
    if offer is None or offer.ours is None or line.state is not State.OK:
        return ""
    return " · " + _("by this bot, {request}").format(request=offer.ours.ref)


def _offer_of(line: Line, shown: Shown) -> Offer | None:
    """The repair that is about this very row: those are named alike."""
    return shown.offers.get(line.row.name) if line.row.name in (plan.SERVICE_ROLE, plan.ENGINE_ROLE) else None


def _foot(shown: Shown, words: Words) -> str:
    _ = words.gettext
    parts = [_("asked by {person}").format(person=person(shown.board.asked_by))]
    if shown.checked_at is not None:
        parts.insert(0, _("Looked at {when}").format(when=moment(shown.checked_at)))
    if shown.every is not None:
        parts.append(_("watched every {interval}").format(interval=format_duration(shown.every)))
    return " · ".join(parts)
