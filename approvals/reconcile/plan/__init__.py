"""What to do about a key, given what the ledger wants for it and what the cloud shows: pure functions.

This is the whole of granting, revoking, overlapping requests, retries and take-overs. Each function gets the open
grants on one key and says which of them change state, and whether one write to the cloud follows. The changes are
recorded before the write is begun; the write's answer is recorded by `after_attach` or `after_detach`.

A write that was sent may have been carried out, whatever its answer: something between may have sent it twice, and
what comes back is the answer to the second. So no grant that was ever sent is over before a look shows its key gone.
"""

from approvals.reconcile.plan.answer import (
    GONE,
    MAX_UNCLEAR_ANSWERS,
    after_attach,
    after_detach,
    after_look,
    needs_a_look,
    was_there_before,
)
from approvals.reconcile.plan.observation import LOOKS_BEFORE_DETACHING_AGAIN, UNCONFIRMED_FOR_MS, by_observation
from approvals.reconcile.plan.transition import (
    NOTHING_LATE,
    SECOND_LOOK_MS,
    KeyPlan,
    Transition,
    Write,
    by_time,
    end,
    held,
    next_deadline,
)

__all__ = [
    "GONE",
    "LOOKS_BEFORE_DETACHING_AGAIN",
    "MAX_UNCLEAR_ANSWERS",
    "NOTHING_LATE",
    "SECOND_LOOK_MS",
    "UNCONFIRMED_FOR_MS",
    "KeyPlan",
    "Transition",
    "Write",
    "after_attach",
    "after_detach",
    "after_look",
    "by_observation",
    "by_time",
    "end",
    "held",
    "needs_a_look",
    "next_deadline",
    "was_there_before",
]
