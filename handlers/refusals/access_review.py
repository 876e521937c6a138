"""Sentences about access reviews."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.access_review import (
    BadReviewTime,
    ItemDecided,
    NoReview,
    OthersPart,
    ReviewOver,
    ReviewRuns,
    UnknownItemOfReview,
)
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    ReviewRuns: N_("An access review is open already. `pairec-access review show` says how it stands."),
    BadReviewTime: N_("A review takes {shortest} at least, and {longest} at most."),
    NoReview: N_("No access review is open."),
    OthersPart: N_("{by} reviews this. Nothing was changed."),
    ReviewOver: N_("This access review is over. Nothing was changed."),
    UnknownItemOfReview: N_("No access review has this. `/pairec-access review` shows what is left."),
    ItemDecided: N_("Another approver decided on this already. Nothing was changed."),
}
