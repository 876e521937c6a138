"""What is decided on what Slack and RAM said a moment ago, and on nothing older."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from approvals.errors import StaleEvidence
from approvals.operations.fresh import FreshLedger
from approvals.refusals.service import TooBusy
from approvals.transaction import Ledger
from handlers.context import HandlerContext

log = logging.getLogger(__name__)
Evidence = TypeVar("Evidence")
Result = TypeVar("Result")

MAX_READS = 3


def act_on_fresh_evidence(
    context: HandlerContext, read: Callable[[], Evidence], act: Callable[[Ledger, Evidence], Result]
) -> Result:
    """`act` on what `read` returned. Where the ledger let nobody write for so long that it holds no more,
    it is read again first.

    Raises:
        Refusal: as `read` and `act` do; TooBusy when it is old each time.
    """
    for _ in range(MAX_READS):
        begun = context.clock.steady()

        def fresh(begun: int = begun) -> bool:
            return context.clock.steady() - begun <= context.evidence_holds

        evidence = read()
        try:
            return act(FreshLedger(context.ledger, fresh), evidence)
        except StaleEvidence:
            log.warning("what was read is too old to act on", extra={"milliseconds": context.clock.steady() - begun})
    raise TooBusy()
