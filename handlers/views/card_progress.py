"""How a request stands: who has decided, how each grant is, and who ended it before its time."""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.grant import EndCause
from approvals.model import NOT_STARTED, CloseReason, RequestState, Verdict
from approvals.queries.request_view import RequestView
from handlers.translations import N_, Translations
from handlers.views.blocks import Block, section, typed
from handlers.views.cloud_errors import call_context
from handlers.views.emergency import emergency_line, emergency_review
from handlers.views.grants import grant_lines
from handlers.views.starts import starts_line, why_not_started
from handlers.views.text import literal, moment, person, truncated

EARLY_ENDS = {
    EndCause.GIVEN_BACK: N_("Ended by {by}, {when}."),
    EndCause.TAKEN_BACK: N_("Revoked by {by}, {when}."),
}
EARLY_ENDS_WITH_REASON = {
    EndCause.GIVEN_BACK: N_("Ended by {by}, {when}:"),
    EndCause.TAKEN_BACK: N_("Revoked by {by}, {when}:"),
}


def progress(record: RequestView, catalog: Catalog, translations: Translations) -> list[Block]:
    """Who has decided, how each grant stands, and who ended it before its time."""
    request = record.request
    lines = emergency_line(record, translations)
    by = ", ".join(f"{person(word.slack_user_id)} {moment(word.at)}" for word in record.approvals)
    if request.approved_by_rule is not None:
        lines.append(
            translations.gettext("The rule {rule} approved it.").format(rule=literal(request.approved_by_rule))
        )
    elif request.state in (RequestState.APPROVED, RequestState.SCHEDULED) and record.emergency is None:
        lines.append(translations.gettext("Approved by {by}.").format(by=by))
    elif record.pending and record.approvals:
        lines.append(
            translations.gettext("*{count} of {needed}* approved: {by}").format(
                count=len(record.approvals), needed=request.approvals_needed, by=by
            )
        )
    if record.scheduled:
        lines.append(starts_line(request, translations))
    else:
        lines += closing_line(record, translations)
    lines += grant_lines(record, catalog, translations)
    if record.shortened is not None:
        text = translations.gettext("Shortened by {by}, {when}.")
        lines.append(text.format(by=person(record.shortened.by), when=moment(record.shortened.at)))
    lines += following_line(record, translations)
    blocks = [section("\n".join(lines))] if lines else []
    blocks += call_context(record.grants, translations)
    denial = next((word for word in record.decisions if word.verdict is Verdict.DENY), None)
    if denial and denial.reason:
        blocks.append(typed(truncated(denial.reason)))
    return blocks + _early_end(record, translations) + emergency_review(record, translations)


def closing_line(record: RequestView, translations: Translations) -> list[str]:
    """Why a request was closed without being granted, and when; nothing of any other."""
    request = record.request
    if request.closed_at is None or request.state in (RequestState.APPROVED, RequestState.SCHEDULED):
        return []
    text = translations.gettext(_closing(record)).format(
        by=person(request.closed_by or ""), when=moment(request.closed_at), why=why_not_started(request, translations)
    )
    return [text]


def following_line(record: RequestView, translations: Translations) -> list[str]:
    """Which request goes on where this one ends, while that still matters."""
    following = record.following
    if following is None or not record.running:
        return []
    if following.ends_at is None:
        return [translations.gettext("{ref} requests more time.").format(ref=following.ref)]
    text = translations.gettext("Extended by {ref} until {end}.")
    return [text.format(ref=following.ref, end=moment(following.ends_at))]


def _early_end(record: RequestView, translations: Translations) -> list[Block]:
    if any(grant.end_cause is EndCause.UNREVIEWED for grant in record.grants):
        return [section(translations.gettext("Nobody reviewed it, so the access review revoked it."))]
    early = record.early_end
    if early is None:
        return []
    table = EARLY_ENDS_WITH_REASON if early.reason else EARLY_ENDS
    line = translations.gettext(table[early.cause]).format(by=person(early.by), when=moment(early.at))
    return [section(line), typed(truncated(early.reason))] if early.reason else [section(line)]


def _closing(record: RequestView) -> str:
    """Not translated yet."""
    request = record.request
    if request.state is RequestState.DENIED:
        return N_("Denied by {by}, {when}:")
    if request.state is RequestState.EXPIRED:
        return N_("No decision in time; expired {when}.")
    if (request.close_reason or "").startswith(NOT_STARTED):
        return N_("Closed {when}; it could not start: {why}.")
    if request.close_reason == CloseReason.LEFT:
        return N_("Cancelled {when}: all access of this RAM user was ended by an administrator.")
    if request.close_reason == CloseReason.EXTENDED_ENDED:
        if request.closed_by is None:
            return N_("Cancelled {when}: what it was to extend was revoked.")
        return N_("Cancelled {when}: {by} ended what it was to extend.")
    if request.close_reason == CloseReason.EXTENDED_SHORTENED:
        return N_("Cancelled {when}: {by} shortened what it was to extend.")
    if request.close_reason == CloseReason.OTHER_CLAIM:
        return N_("Closed {when}: its subject was confirmed to be another RAM user.")
    if request.close_reason == CloseReason.SUBJECT_REFUSED:
        return N_("Closed {when}: {by} says that they are not this RAM user.")
    if request.closed_by is None:
        return N_("Closed {when}: its RAM user was confirmed to be somebody else's.")
    return N_("Cancelled by {by}, {when}.")
