"""Calls about RAM groups are judged once more when more is known of what these had."""

from __future__ import annotations

from dataclasses import replace

from approvals.cloud_events import KEPT_MS
from approvals.ledger import Tx, cloud_events
from approvals.millis import DomainMillis
from approvals.operations.cloud_record import groups, tell
from approvals.operations.cloud_record.judge import CallVerdict, Watched


def judge_anew(tx: Tx, watched: Watched, now: DomainMillis) -> None:
    """Those about groups that had nothing as far as was known when they were read: what these had may have been on a
    later page, or in a query that is read after theirs.
    """
    waiting = cloud_events.of_verdict(tx, CallVerdict.WAITING, DomainMillis(now - KEPT_MS))
    if not waiting:
        return
    former = groups.Former(tx, waiting[0].at, watched.policies)
    then = [(event, replace(watched, groups=former.at(event.at))) for event in waiting]
    concerning = [(event, known) for event, known in then if known.concerns(event)]
    for event, _ in concerning:
        cloud_events.judge_anew(tx, event.id, CallVerdict.OTHERS)
    tell.of_events(tx, concerning, CallVerdict.OTHERS, now)
