"""One row of the board: how it stands and since when, what to do about it, and what can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from approvals.findings import CheckState, Finding
from approvals.status.boards import BoardLine, BoardView, RepairOffer
from approvals.status.checks.kind import StatusRow, source_of
from handlers.translations import N_, Translations
from handlers.views.access_buttons import role_loss_warning
from handlers.views.blocks import MAX_TEXT_CHARACTERS, button, confirmation
from handlers.views.findings import SIGNS, advice, source_name, state_name, summary
from handlers.views.row_titles import row_title
from handlers.views.text import moment

STATES_SINCE = {
    CheckState.OK: N_("OK since {when}"),
    CheckState.CONDITIONAL: N_("Conditional since {when}"),
    CheckState.FAILED: N_("Failed since {when}"),
    CheckState.UNKNOWN: N_("Unknown since {when}"),
    CheckState.NOT_SET: N_("Not set up since {when}"),
}


def short_row(line: BoardLine, shown: BoardView, translations: Translations) -> str:
    """One line: what is said of it is enough, as long as it is good."""
    sign = "⏳" if line.state is None else SIGNS[line.state]
    known = [each.finding for each in line.kept if each is not None]
    parts = [
        f"{sign} *{row_title(line.row.title, translations)}*",
        *(_source(finding, line.row, translations) for finding in known),
    ]
    if line.since is not None:
        parts.append(translations.gettext("since {when}").format(when=moment(line.since)))
    if line.looking:
        parts.append(translations.gettext("checking"))
    return " · ".join(parts) + _by_us(line, shown, translations)


def long_row(line: BoardLine, shown: BoardView, translations: Translations) -> str:
    """All that is known of it, a line for each source, and what to do about it."""
    findings = [each.finding for each in line.kept if each is not None]
    lines = [_head(line, translations) + (" · " + translations.gettext("checking") if line.looking else "")]
    lines += [f"• {_source(finding, line.row, translations)}" for finding in findings]
    steps = [step for finding in findings if (step := _step(finding, shown, translations))]
    lines += [f"→ {step}" for step in dict.fromkeys(steps)]
    lines[0] += _by_us(line, shown, translations)
    return _fitting(lines)


def control_of(
    line: BoardLine, shown: BoardView, offered: set[str], translations: Translations
) -> ButtonElement | None:
    """Authorize where something can be put right with one click, once on a board; Take back where we did that."""
    for each in line.kept:
        repair = each.finding.repair if each is not None and each.finding.state is CheckState.FAILED else None
        offer = shown.offers.get(repair or "")
        if repair and offer and offer.waiting is None and repair not in offered:
            offered.add(repair)
            return button(translations.gettext("Authorize"), "authorize", repair, "primary")
    ours = _offer_of(line, shown)
    if ours is None or ours.ours is None or any(each.irrevocable for each in ours.ours.entitlements):
        return None
    return button(
        translations.gettext("Revoke"),
        "give_back",
        ours.ours.public_id,
        confirm=confirmation(
            translations.gettext("Revoke it?"),
            role_loss_warning(translations),
            translations.gettext("Revoke"),
            translations.gettext("Cancel"),
            danger=True,
        ),
    )


def _head(line: BoardLine, translations: Translations) -> str:
    if line.state is None:
        return f"⏳ *{row_title(line.row.title, translations)}*"
    state = state_name(line.state, translations)
    if line.since is not None:
        state = translations.gettext(STATES_SINCE[line.state]).format(when=moment(line.since))
    return f"{SIGNS[line.state]} *{row_title(line.row.title, translations)}* · {state}"


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
            return translations.gettext("{request} requests it already.").format(request=offer.waiting.ref)
        return translations.gettext("Authorize asks an administrator to let the app fix it.")
    return advice(finding, translations) if finding.state in (CheckState.FAILED, CheckState.UNKNOWN) else None


def _by_us(line: BoardLine, shown: BoardView, translations: Translations) -> str:
    offer = _offer_of(line, shown)
    if offer is None or offer.ours is None or line.state is not CheckState.OK:
        return ""
    return " · " + translations.gettext("by this app, {request}").format(request=offer.ours.ref)


def _offer_of(line: BoardLine, shown: BoardView) -> RepairOffer | None:
    """The repair that is about this very row: those are named alike."""
    return shown.offers.get(line.row.name)
