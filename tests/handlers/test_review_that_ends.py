"""What an approver is shown of an access review that is being ended."""

from __future__ import annotations

from approvals.access_review import AccessReview
from approvals.catalog.model import Catalog
from approvals.millis import DAY
from approvals.queries.access_reviews import ReviewPart
from handlers.translations import load_translations
from handlers.views.access_review import review_page
from tests.harness.builders import NOW


def test_a_review_that_is_being_ended_has_no_buttons_and_says_that_it_is_over() -> None:
    ending = AccessReview("a" * 32, NOW, "somebody", NOW + DAY, NOW, ending_at=NOW + DAY)
    page = review_page(ReviewPart(ending), Catalog({}), load_translations(), NOW + DAY)
    assert "it is over" in page.text and len(page.blocks) == 1
