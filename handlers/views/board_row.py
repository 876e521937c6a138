"""One row of the board: how it stands and since when, what to do about it, and what can be clicked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from slack_sdk.models.blocks import ButtonElement

from approvals.findings import CheckState, Finding
from approvals.status.boards import BoardLine, RepairOffer
from approvals.status.causes import NEEDS_ATTENTION, Cause
from approvals.status.checks.kind import StatusRow, source_of
from approvals.status.last_findings import LastFinding
from handlers.translations import N_, Translations
from handlers.views.access_buttons import role_loss_warning
from handlers.views.blocks import MAX_TEXT_CHARACTERS, button, confirmation
from handlers.views.findings import SIGNS, advice, source_name, state_name, summary
from handlers.views.row_titles import row_title
from handlers.views.text import first_of, moment

Offers = Mapping[str, RepairOffer]
"""Repairs by their names."""
MAX_NAMES = 20
"""Rows that are named where several have one cause."""
STATES_SINCE = {
    CheckState.OK: N_("OK since {when}"),
    CheckState.CONDITIONAL: N_("Conditional since {when}"),
    CheckState.FAILED: N_("Failed since {when}"),
    CheckState.UNKNOWN: N_("Unknown since {when}"),
    CheckState.NOT_SET: N_("Not set up since {when}"),
}


def short_row(line: BoardLine, offers: Offers, translations: Translations) -> str:
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
    return " · ".join(parts) + _by_us(line, offers, translations)


def long_row(line: BoardLine, offers: Offers, translations: Translations) -> str:
    """All that is known of it, a line for each source, and what to do about it."""
    findings = [each.finding for each in line.kept if each is not None]
    lines = [_head(line, translations) + (" · " + translations.gettext("checking") if line.looking else "")]
    lines += [f"• {_source(finding, line.row, translations)}" for finding in findings]
    lines += steps(findings, offers, translations)
    lines[0] += _by_us(line, offers, translations)
    return _fitting(lines)


def cause_row(cause: Cause, offers: Offers, translations: Translations) -> str:
    """Every row that it is the cause for by name, what is wrong, and what to do about it."""
    if len(cause.lines) == 1 and len(cause.found) == len(_attention(cause.lines[0])):
        return long_row(cause.lines[0], offers, translations)
    findings = [each.finding for each in cause.found] if len(cause.lines) == 1 else [cause.finding]
    sources = dict.fromkeys(source_name(source_of(each.finding.check), translations) for each in cause.found)
    lines = [f"{names_of(cause.lines, translations)} · {_since(cause.state, cause.since, translations)}"]
    lines += [f"• {', '.join(sources)}: {summary(finding, translations)}" for finding in findings]
    return _fitting([f"{SIGNS[cause.state]} {lines[0]}", *lines[1:], *steps(findings, offers, translations)])


def names_of(lines: Sequence[BoardLine], translations: Translations) -> str:
    """The titles of rows, as many as one reads."""
    return first_of([f"*{row_title(line.row.title, translations)}*" for line in lines], translations, MAX_NAMES)


def steps(findings: Sequence[Finding], offers: Offers, translations: Translations) -> list[str]:
    """What to do about them, each once."""
    found = [step for finding in findings if (step := _step(finding, offers, translations))]
    return [f"→ {step}" for step in dict.fromkeys(found)]


def _attention(line: BoardLine) -> list[LastFinding]:
    return [each for each in line.kept if each is not None and each.finding.state in NEEDS_ATTENTION]


def authorize_button(
    found: Iterable[LastFinding | None], offers: Offers, offered: set[str], translations: Translations
) -> ButtonElement | None:
    """Where something of it can be put right with one click; once on a board, which `offered` is for."""
    for each in found:
        repair = each.finding.repair if each is not None and each.finding.state is CheckState.FAILED else None
        offer = offers.get(repair or "")
        if repair and offer and offer.waiting is None and repair not in offered:
            offered.add(repair)
            return button(translations.gettext("Authorize"), "authorize", repair, "primary")
    return None


def revoke_button(line: BoardLine, offers: Offers, translations: Translations) -> ButtonElement | None:
    """Where this app put it right."""
    ours = _offer_of(line, offers)
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
    state = _since(line.state, line.since, translations)
    return f"{SIGNS[line.state]} *{row_title(line.row.title, translations)}* · {state}"


def _since(state: CheckState, since: int | None, translations: Translations) -> str:
    if since is None:
        return state_name(state, translations)
    return translations.gettext(STATES_SINCE[state]).format(when=moment(since))


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


def _step(finding: Finding, offers: Offers, translations: Translations) -> str | None:
    offer = offers.get(finding.repair or "")
    if offer is not None:
        if offer.waiting:
            return translations.gettext("{request} requests it already.").format(request=offer.waiting.ref)
        return translations.gettext("Authorize asks an administrator to let the app fix it.")
    return advice(finding, translations) if finding.state in (CheckState.FAILED, CheckState.UNKNOWN) else None


def _by_us(line: BoardLine, offers: Offers, translations: Translations) -> str:
    offer = _offer_of(line, offers)
    if offer is None or offer.ours is None or line.state is not CheckState.OK:
        return ""
    return " · " + translations.gettext("by this app, {request}").format(request=offer.ours.ref)


def _offer_of(line: BoardLine, offers: Offers) -> RepairOffer | None:
    """The repair that is about this very row: those are named alike."""
    return offers.get(line.row.name)
