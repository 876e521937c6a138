"""A step of a workflow that asks for access: recorded before Slack is told that it was heard."""

from __future__ import annotations

import re
from collections.abc import Mapping

from approvals.ledger import Ledger
from approvals.millis import DomainMillis
from approvals.outbox import enqueue
from approvals.text_input import MAX_REASON_CHARACTERS

_EXECUTION = re.compile(r"[A-Za-z0-9]{1,64}", re.ASCII)


def record_step(ledger: Ledger, execution: str, asks: Mapping[str, str], now: DomainMillis) -> bool:
    """Have what a step asks for asked, once, however often Slack says so. `execution` is Slack's id of the step's run;
    False where it cannot be one.
    """
    if not _EXECUTION.fullmatch(execution):
        return False
    with ledger.write() as tx:
        enqueue.workflow_step(tx, now, execution, **{name: text[:MAX_REASON_CHARACTERS] for name, text in asks.items()})
    return True
