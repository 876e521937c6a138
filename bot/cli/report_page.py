"""The page that `pairec-access report html` writes: one file, without a script or anything that it would have to fetch.
Whatever is in the ledger is shown as text, however it came to be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from approvals.ledger.history import GivenNow
from approvals.queries.history import DECISION_BOUNDS, PastWeeks, weeks_until
from approvals.queries.review_results import ReviewResult
from bot.cli.report_cells import STYLE, BadText, MomentText, moment_text, shown, table
from bot.cli.report_charts import columns, lines
from bot.cli.report_reviews import access_reviews
from handlers.translations import Translations
from handlers.views.report_words import grant_state, request_state, rough_time, words_of

WEEKS = 52
"""That the charts go back."""
MOST_ITEMS = 10


class ReportedChange(NamedTuple):
    """One change of the status, in words."""

    at: int
    row: str
    was: str
    now: str
    found: str


class ReportedReview(NamedTuple):
    """One policy that was reviewed."""

    policy: str
    version: str
    at: int
    by: Sequence[str]


class ReportContent(NamedTuple):
    """All that the page says."""

    ledger: str
    account: str
    now: int
    past: PastWeeks
    given: Iterable[GivenNow]
    """Read while the page is written."""
    open: int
    changes: Sequence[ReportedChange]
    reviews: Sequence[ReportedReview]
    access_reviews: Sequence[ReviewResult]


class ReportPage:
    """One page, in one language."""

    def __init__(self, content: ReportContent, translations: Translations) -> None:
        self._content = content
        self._translations = translations
        self._words = words_of(translations)
        past = content.past
        first = min([*past.asked, *past.begun[True], *past.begun[False]], default=content.now)
        self._weeks = weeks_until(content.now, WEEKS, first)
        self._dates = [moment_text(week)[:10] for week in self._weeks]

    def parts(self) -> Iterator[str]:
        """A piece at a time."""
        content, words = self._content, self._words
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        locale = self._translations.locale.replace("_", "-")
        yield f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{words['title']}</title><style>{STYLE}</style></head><body><h1>{words['title']}</h1>"
        made = words["made"].format(
            ledger=content.ledger[:8], account=content.account or "-", moment=moment_text(content.now)
        )
        yield f'<p class="quiet">{shown(made)}</p>'
        yield from self._figures()
        yield from self._requests()
        yield from self._decisions()
        yield from self._standing()
        yield from self._late()
        yield from self._status()
        yield from self._reviews()
        yield from access_reviews(content.access_reviews, words, self._translations)
        yield from self._who()
        yield "</body></html>"

    def _figures(self) -> Iterator[str]:
        past, words = self._content.past, self._words
        median = past.decisions.quantile(0.5)
        told = (
            (words["open"], f"{self._content.open:,}", False),
            (words["waiting"], f"{past.states['pending']:,}", False),
            (words["median"], "-" if median is None else rough_time(median, self._translations), False),
            (words["overdue"], f"{past.overdue:,}", past.overdue > 0),
        )
        yield '<div class="figures">'
        for name, value, bad in told:
            yield f"<div>{name}<b{' class=bad' if bad else ''}>{value}</b></div>"
        yield "</div>"

    def _requests(self) -> Iterator[str]:
        past, words = self._content.past, self._words
        yield f"<section><h2>{words['requests']}</h2>"
        yield f'<p class="quiet">{words["requests_per_week"]}</p>'
        asked = [past.asked[week] for week in self._weeks]
        yield columns([*zip(self._dates, asked, strict=True)], thinned=True)
        yield from self._table(
            ("state", "number"),
            ((request_state(state, self._translations), number) for state, number in past.states.most_common()),
        )
        if past.items:
            yield f"<h2>{words['most_asked']}</h2>"
            yield from self._table(("what", "number"), past.items.most_common(MOST_ITEMS))
        yield "</section>"

    def _decisions(self) -> Iterator[str]:
        spread, words = self._content.past.decisions, self._words
        yield f"<section><h2>{words['decision']}</h2>"
        median, most = spread.quantile(0.5), spread.quantile(0.9)
        if median is None or most is None:
            yield f"<p>{words['no_decision']}</p></section>"
            return
        said = words["decision_said"].format(
            count=f"{spread.number:,}",
            median=rough_time(median, self._translations),
            most=rough_time(most, self._translations),
        )
        yield f"<p>{said}</p>"
        within = [spread.within(bound) for bound in DECISION_BOUNDS]
        names = [f"≤ {rough_time(bound, self._translations)}" for bound in DECISION_BOUNDS]
        counts = [after - before for before, after in pairwise([0, *within])]
        named = [*zip(names, counts, strict=True)]
        yield columns([*named, (words["more"], spread.number - within[-1])])
        yield "</section>"

    def _standing(self) -> Iterator[str]:
        past, words = self._content.past, self._words
        yield f"<section><h2>{words['standing']}</h2><p>{words['standing_said']}</p>"
        series = [
            (words["timed"], past.standing(self._weeks, timed=True)),
            (words["until_revoked"], past.standing(self._weeks, timed=False)),
        ]
        yield lines(self._dates, series)
        yield "</section>"

    def _late(self) -> Iterator[str]:
        past, words = self._content.past, self._words
        yield f"<section><h2>{words['late']}</h2>"
        late = sum(past.late.values())
        said = words["late_said" if late else "none_late"].format(
            count=f"{past.grants:,}", late=f"{late:,}", longest=rough_time(past.longest_late, self._translations)
        )
        yield f"<p>{said}</p>"
        if past.overdue:
            yield f'<p class="bad">{words["overdue_now"].format(count=past.overdue)}</p>'
        if late:
            yield columns([*zip(self._dates, [past.late[week] for week in self._weeks], strict=True)], thinned=True)
        yield "</section>"

    def _who(self) -> Iterator[str]:
        words, now = self._words, self._content.now
        yield f"<section><h2>{words['who']}</h2>"
        if not self._content.open:
            yield f"<p>{words['nobody']}</p></section>"
            return
        yield f'<p class="quiet">{words["who_said"]}</p>'

        def rows() -> Iterator[Sequence[object]]:
            for each in self._content.given:
                late = each.ends_at is not None and each.ends_at < now
                state = words["is_overdue"] if late else grant_state(each.state, self._translations)
                ends = words["until_revoked"] if each.ends_at is None else moment_text(each.ends_at)
                what = each.entitlement.partition("/")[2] or each.entitlement
                yield each.name, what, BadText(state) if late else state, MomentText(ends), f"R-{each.request_id}"

        yield from self._table(("ram_user", "what", "state", "ends", "request"), rows())
        yield "</section>"

    def _status(self) -> Iterator[str]:
        words, changes = self._words, self._content.changes
        yield f"<section><h2>{words['status']}</h2>"
        said = words["status_said"].format(count=len(changes)) if changes else words["no_status"]
        yield f'<p class="quiet">{shown(said)}</p>'
        if changes:
            rows = ((MomentText(moment_text(each.at)), each.row, each.was, each.now, each.found) for each in changes)
            yield from self._table(("when", "row", "from", "to", "found"), rows)
        yield "</section>"

    def _reviews(self) -> Iterator[str]:
        words, reviews = self._words, self._content.reviews
        yield f"<section><h2>{words['reviews']}</h2>"
        if not reviews:
            yield f"<p>{words['no_reviews']}</p></section>"
            return
        rows = (
            (each.policy, each.version, MomentText(moment_text(each.at)), ", ".join(each.by) or words["published"])
            for each in reviews
        )
        yield from self._table(("policy", "version", "when", "reviewed_by"), rows)
        yield "</section>"

    def _table(self, names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
        return table(names, rows, self._words)
