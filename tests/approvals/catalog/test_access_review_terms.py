"""What a catalogue may say of access reviews, and what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.access_review import Unreviewed
from approvals.catalog.access_reviews import ReviewSchedule, ReviewTerms
from approvals.catalog.load import load_catalog
from approvals.errors import CatalogError
from approvals.millis import DAY
from tests.harness.rules import catalog_with


def terms(folder: Path, *lines: str) -> ReviewTerms:
    return load_catalog(catalog_with(folder, "[access_review]", *lines)).access_review


def test_nothing_is_revoked_and_none_starts_by_itself_unless_the_file_says_so(tmp_path: Path) -> None:
    assert load_catalog().access_review == terms(tmp_path) == ReviewTerms(Unreviewed.ESCALATE, None)


def test_what_it_says_holds(tmp_path: Path) -> None:
    found = terms(tmp_path, 'unreviewed = "revoke"', 'every = "90d"', 'by = "14d"')
    assert found == ReviewTerms(Unreviewed.REVOKE, ReviewSchedule(90 * DAY, 14 * DAY))


@pytest.mark.parametrize(("every", "duration"), [("90d", 30 * DAY), ("7d", 7 * DAY)])
def test_a_review_of_its_own_accord_runs_for_a_month_and_never_into_the_next(
    tmp_path: Path, every: str, duration: int
) -> None:
    schedule = terms(tmp_path, f'every = "{every}"').schedule
    assert schedule is not None and schedule.duration == duration


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (['unreviewed = "keep"'], "access_review.unreviewed: "),
        (['after = "90d"'], "access_review.after: is not a known key; the keys there are unreviewed, every, by"),
        (['by = "30d"'], "access_review.by: is for what starts by itself, which takes `every` as well"),
        (['every = "20d"', 'by = "30d"'], "access_review.every: must not be shorter than `by`"),
        (['every = "365d"', 'by = "200d"'], "access_review.by: a review takes '1d' at least, and '180d' at most"),
        (['every = "12h"'], "access_review.every: a review takes '1d' at least, and '180d' at most"),
        (["every = 90"], "access_review.every: a duration is text"),
    ],
)
def test_what_cannot_be_ends_the_start(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(CatalogError) as refused:
        terms(tmp_path, *lines)
    assert says in str(refused.value) and "rules.toml" in str(refused.value)
