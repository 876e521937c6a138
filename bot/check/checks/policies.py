"""The policies that can be asked for, as the account has them."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.errors import CloudError, CloudErrorKind
from approvals.policies.document import UnreadableDocument, read_document
from approvals.policies.reviewed import PolicyNow, ReviewState, review_state
from approvals.queries import policy_reviews
from approvals.queries.policy_reviews import PolicyReview
from bot.check.context import CheckContext
from bot.check.row import CheckRow, NotTried, failed, ok, warning

NAME = "policies"
REVIEW = "`/pairec-access policies review` in Slack shows it to approvers."


def check_policies(context: CheckContext) -> Iterator[CheckRow]:
    """A row for each: that it is there, of which type, and that its text can be read."""
    for name in context.policies():
        yield _policy(context, name)


def _policy(context: CheckContext, name: str) -> CheckRow:
    try:
        kind = context.ram().types.of(name)
        text = context.texts().text(name, kind)
    except CloudError as error:
        if error.kind is CloudErrorKind.NO_POLICY:
            if _review_of(context, name):
                return failed(
                    name, "is not in this account any more", "Find out who deleted it; a new one is reviewed."
                )
            remedy = "Create it in PAI-Rec's console (Permission initialization), or take it out of the catalogue."
            return failed(name, "is not in this account", remedy)
        if error.kind is CloudErrorKind.AMBIGUOUS_TYPE:
            return failed(name, "is there as a custom and as a system policy", "Say its type in the catalogue.")
        raise
    try:
        read_document(text.document)
    except UnreadableDocument as error:
        return warning(name, f"{kind}, {text.version}; its text cannot be judged: {error}", "Look at its text in RAM.")
    return _reviewed(context, PolicyNow.of(name, kind, text.version, text.document))


def _reviewed(context: CheckContext, now: PolicyNow) -> CheckRow:
    """Whether it is the one that was reviewed."""
    there = f"{now.type}, {now.version}"
    review = _review_of(context, now.name)
    state = review_state(review.policy if review else None, now)
    if state is ReviewState.CHANGED:
        return failed(now.name, f"{there}; changed since it was reviewed, and not given", REVIEW)
    if state is ReviewState.UNREVIEWED and context.settings.policy_review_required:
        return failed(now.name, f"{there}; nobody has reviewed it, and it is not given", REVIEW)
    if state is ReviewState.UNREVIEWED:
        return ok(now.name, f"{there}, its text can be read; nobody has reviewed it")
    return ok(now.name, f"{there}, " + ("as it was reviewed" if review and review.by else "as published"))


def _review_of(context: CheckContext, name: str) -> PolicyReview | None:
    """None as well where there is no ledger to ask."""
    try:
        with context.ledger().read() as tx:
            return policy_reviews.every_one(tx).get(name)
    except NotTried:
        return None
