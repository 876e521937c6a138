"""What kinds of due work there are, as the ledger stores them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class JobKind(StrEnum):
    """What a piece of due work is, as the ledger stores it."""

    # in the cloud
    RECONCILE_KEY = "reconcile_key"
    """Bring one key in line."""
    FIND_DRIFT = "find_drift"
    """Compare all keys with the cloud."""
    DRIFT = "drift"
    """See what no request accounts for, and tell approvers what of it is new."""
    ACCESS_REVIEW = "access_review"
    """Collect what is to be reviewed, remind of it, and end it."""
    ADMINS = "admins"
    """See who holds the admin policy."""
    CLOUD_RECORD = "cloud_record"
    """Compare the cloud's own record of calls with ours."""
    POLICIES = "policies"
    """See whether policies are the reviewed ones."""
    ONBOARD = "onboard"
    """Take an approved onboarding a step further."""
    # messages to Slack
    POST = "post"
    """A request's card, or one approver's copy of it."""
    REDRAW = "redraw"
    """A copy of a card."""
    TELL = "tell"
    """A direct message that is drawn from the record when it is sent."""
    ANSWER = "answer"
    """A direct message that was drawn when it was put."""
    ALARM = "alarm"
    """That a revoke is overdue."""
    NOTICE = "notice"
    REDRAW_NOTICE = "redraw_notice"
    BOARD = "board"
    """Post or redraw a board of `/pairec-status`."""
    ASK_AGAIN = "ask_again"
    """Approvers are reminded of a request that waits."""
    ESCALATE = "escalate"
    """A request that nobody decided is shown to a second place."""
    COMMENT = "comment"
    """What somebody said about a request, for those whom it is for."""
    CHANGES = "changes"
    """What a channel that watches the status has not been told yet."""
    HOME = "home"
    """Somebody's App Home."""
    LEAVERS = "leavers"
    """See whose Slack accounts are gone."""
    ORIGIN = "origin"
    """See what was given that the ledger does not know of."""
    ANCHOR_POST = "anchor_post"
    """The same as `ANCHOR`, for a channel of Slack's."""
    WORKFLOW_STEP = "workflow_step"
    """A step of a workflow asks, or is told what became of what it asked for."""
    # elsewhere
    ANCHOR = "anchor"
    """Tell a webhook of the audit trail's head."""
    ANCHOR_OBJECT = "anchor_object"
    """The same as `ANCHOR`, for a bucket of OSS."""
    EXPORT_FILE = "export_file"
    """Write the audit trail's newest entries to a file."""
    EXPORT_WEBHOOK = "export_webhook"
    """Send them to a webhook."""
    # status
    CHECK = "check"
    """One run of status checks."""
    WATCH = "watch"
    """The next run for a channel that watches."""
    # time that passes, in the ledger alone
    EXPIRE = "expire"
    START = "start"
    """What was approved for later begins."""
    REMIND = "remind"
    AWAY_ENDS = "away_ends"
    """Somebody who is away is back."""
    GIVE_UP_FAILED = "give_up_failed"
    """What has failed until the end of its request is not tried again."""
    EXPIRE_ONBOARDING = "expire_onboarding"
    ERASE = "erase"
    """What people wrote in requests that are over goes."""
    OTHER_LEDGER = "other_ledger"
    """Clicks on requests of another ledger have ceased."""


FORMER_KINDS = {
    "settle": JobKind.RECONCILE_KEY,
    "reconcile": JobKind.FIND_DRIFT,
    "lapse": JobKind.GIVE_UP_FAILED,
}
"""What the ledger called these kinds before schema step 18. A replica of the version before still writes such rows, and
claims what is called so: none of these words may ever name another kind.
"""


def is_one_of(kinds: Iterable[JobKind]) -> tuple[str, dict[str, str]]:
    """That a row of `jobs` is of one of these kinds, under whichever word it is stored: the SQL and its parameters."""
    wanted = set(kinds)
    words = [*sorted(wanted), *(word for word, kind in FORMER_KINDS.items() if kind in wanted)]
    named = {f"kind{number}": word for number, word in enumerate(words)}
    return f"jobs.kind IN ({', '.join(f':{name}' for name in named)})", named


def kind_of(stored: str) -> JobKind:
    """The kind of a job that is stored under this word.

    Raises:
        ValueError: no kind is stored as that.
    """
    return FORMER_KINDS.get(stored) or JobKind(stored)
