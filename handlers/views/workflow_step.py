"""What a workflow's step ends with."""

from __future__ import annotations

from approvals.queries.request_view import RequestView
from approvals.queries.workflow_steps import StepOutcome
from handlers.translations import N_, Translations

REQUEST, ENDS = "request", "ends"
"""The step's outputs, as the manifest names them."""
_FAILURES = {
    StepOutcome.DENIED: N_("{ref} was denied."),
    StepOutcome.CANCELLED: N_("{ref} was cancelled."),
    StepOutcome.EXPIRED: N_("{ref} expired: nobody decided in time."),
    StepOutcome.FAILED: N_("{ref} was approved, and could not be granted. Approvers see why on its card."),
    StepOutcome.OVER: N_("{ref} has ended already."),
}


def outputs(record: RequestView) -> dict[str, str | int]:
    """Of a step whose access is there. The end is in seconds since 1970, as Slack's timestamps are; without one, it is
    until revoked.
    """
    ends_at = record.request.ends_at
    return {REQUEST: record.request.ref, **({} if ends_at is None else {ENDS: ends_at // 1_000})}


def failure(record: RequestView, outcome: StepOutcome, translations: Translations) -> str:
    """Why there is none."""
    return translations.gettext(_FAILURES[outcome]).format(ref=record.request.ref)
