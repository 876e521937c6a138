"""What came of access reviews, as the report shows it: one row each, and what nobody reviewed by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from approvals.access_review import AccessReview, ReviewItem, ReviewVerdict
from approvals.queries.review_results import NOT_REVIEWED, ReviewResult
from bot.cli.report_cells import BadText, MomentText, moment_text, shown, table
from handlers.translations import Translations
from handlers.views.report_words import unreviewed_outcome

COUNTED = tuple(verdict for verdict in ReviewVerdict if verdict not in NOT_REVIEWED)
"""Verdicts with a column each; what nobody reviewed has one besides."""
NUMBERS = (*(verdict.value for verdict in COUNTED), "unreviewed")


def access_reviews(
    results: Sequence[ReviewResult], words: Mapping[str, str], translations: Translations
) -> Iterator[str]:
    """The whole section, a piece at a time."""
    yield f"<section><h2>{words['access_reviews']}</h2>"
    if not results:
        yield f"<p>{words['no_access_reviews']}</p></section>"
        return
    yield from table(("started", *NUMBERS), (_counts(each) for each in results), words, NUMBERS)
    yield from table(("review_time", "reviewed_by", "signed_by"), (_people(each, words) for each in results), words)
    for each in results:
        since = _day(each.review.started_at)
        if not each.review.complete:
            yield f'<p class="bad">{shown(words["incomplete"].format(since=since))}</p>'
        if each.unreviewed:
            yield f"<h2>{shown(words['unreviewed_of'].format(since=since))}</h2>"
            rows = (_unreviewed(item, each.review, words, translations) for item in each.unreviewed)
            yield from table(("ram_user", "what", "reviewer", "outcome"), rows, words)
    yield "</section>"


def _counts(result: ReviewResult) -> Sequence[object]:
    came = [result.came.get(verdict, 0) for verdict in COUNTED]
    return MomentText(_day(result.review.started_at)), *came, len(result.unreviewed)


def _people(result: ReviewResult, words: Mapping[str, str]) -> Sequence[object]:
    review = result.review
    time = f"{_day(review.started_at)} – {_day(review.closed_at or review.due_at)}"
    said = ", ".join(f"{by} ({number})" for by, number in result.said.items())
    return MomentText(time), said or "-", _signed(review, words)


def _signed(review: AccessReview, words: Mapping[str, str]) -> str:
    if review.open:
        return words["open_until"].format(until=_day(review.due_at))
    if review.signed_by is None or review.signed_at is None:
        return BadText(words["not_signed"])
    return f"{review.signed_by}, {_day(review.signed_at)}"


def _unreviewed(
    item: ReviewItem, review: AccessReview, words: Mapping[str, str], translations: Translations
) -> Sequence[object]:
    what = str(item.access.entitlement).partition("/")[2] or str(item.access.entitlement)
    outcome = words["open_yet"] if review.open else unreviewed_outcome(item, translations)
    return item.access.principal.name, what, item.reviewer or "-", outcome


def _day(milliseconds: int) -> str:
    """In UTC."""
    return moment_text(milliseconds)[:10]
