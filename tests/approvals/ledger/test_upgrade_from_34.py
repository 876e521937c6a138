"""A ledger from before the cloud's own record was compared: nothing of it is known, and it is kept from then on."""

from __future__ import annotations

from contextlib import closing

from approvals.audit_events import AuditEvent
from approvals.ledger import cloud_events, cloud_reads, open_ledger, trail
from approvals.ledger.cloud_reads import CloudRead
from approvals.millis import DomainMillis
from tests.harness.builders import NOW, stolen
from tests.harness.older_ledgers import program_of_step

BEFORE = 34


def test_a_ledger_of_before_takes_events_and_keeps_its_trail(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what="settings")
        head = trail.last(tx)
    event = stolen(NOW)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert trail.last(tx) == head and cloud_reads.every_one(tx) == {}
        assert cloud_events.add(tx, event, "stolen") and not cloud_events.add(tx, event, "ours")
        [kept] = cloud_events.of_writes(tx, [], [event.request_id])
        assert (kept.event, kept.verdict) == (event, "stolen")
        assert cloud_events.since(tx, NOW) == {"stolen": 1}
        read = CloudRead("ram", "cn-hangzhou", NOW, "read", NOW, None, NOW)
        cloud_reads.put(tx, read)
        assert cloud_reads.every_one(tx) == {"ram": read}
        cloud_events.forget_others(tx, DomainMillis(NOW + 1))
        assert cloud_events.of_writes(tx, [], [event.request_id]) == []
