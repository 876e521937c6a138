"""Sentences about policies that are not the ones that were reviewed."""

from __future__ import annotations

from collections.abc import Mapping

from approvals.errors import Refusal
from approvals.refusals.policies import (
    PolicyChanged,
    PolicyMissing,
    PolicyNotReviewed,
    PolicyUnreadable,
    ReviewedAlready,
    ReviewOutdated,
    ReviewTooLong,
)
from handlers.translations import N_

SENTENCES: Mapping[type[Refusal], str] = {
    PolicyChanged: N_(
        "{policy} changed since it was reviewed. Two approvers review the change where cards are posted; then approve"
        " this again."
    ),
    PolicyNotReviewed: N_(
        "{policy} has not been reviewed. Two approvers review it where cards are posted; then approve this again."
    ),
    PolicyUnreadable: N_(
        "The document of {policy} cannot be read, so it is not granted. Correct it in the RAM console; then approve"
        " this again."
    ),
    PolicyMissing: N_(
        "This account no longer has {policy}. Find out who deleted it before anybody creates it again: whoever does"
        " decides what it allows."
    ),
    ReviewedAlready: N_("You have reviewed {policy} already. It needs another approver."),
    ReviewOutdated: N_("{policy} changed again. A new message shows how."),
    ReviewTooLong: N_(
        "A message cannot show all of {policy}, so it cannot be reviewed here. Make it shorter, or split it, in the RAM"
        " console."
    ),
}
