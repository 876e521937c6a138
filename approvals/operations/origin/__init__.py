"""What somebody has, that this program may have given and its ledger does not know of: told to the approvers, who take
it back or let it stay.

A ledger knows nothing of what happened after it was written for the last time. A backup that was put back, or a file
that somebody copied there, lacks what was given since, and nobody would ever take that back. So at each start RAM is
asked what was attached after that moment. The products of member roles have no such dates: there it is who is new since
they were looked at last.
"""

from approvals.operations.origin.decide import keep, take_back
from approvals.operations.origin.gap import record_stop, schedule
from approvals.operations.origin.look import LOOK_INTERVAL_MS, our_keys, record_survey

__all__ = [
    "LOOK_INTERVAL_MS",
    "keep",
    "our_keys",
    "record_stop",
    "record_survey",
    "schedule",
    "take_back",
]
