"""Bring one key in line: what is recorded before, between and after the calls to the cloud.

`begin` applies deadlines, `observed` records what the cloud shows and the write that follows from it, `attached` and
`detached` record that write's answer. Each is one transaction, fenced by the job's lock; the calls between them are
made by whoever runs the job.
"""

from approvals.reconcile.steps.attach import after_attach, attached
from approvals.reconcile.steps.begin import begin, of_type
from approvals.reconcile.steps.conclude import WRITE_INTERVAL_MS
from approvals.reconcile.steps.detach import detached, wrote_late
from approvals.reconcile.steps.look import leave, not_observed, observed, postpone

__all__ = [
    "WRITE_INTERVAL_MS",
    "after_attach",
    "attached",
    "begin",
    "detached",
    "leave",
    "not_observed",
    "observed",
    "of_type",
    "postpone",
    "wrote_late",
]
