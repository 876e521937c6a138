"""What is written to the audit trail is in the log once it is committed, and never where it is not."""

from __future__ import annotations

import logging
from contextlib import closing

import pytest

from approvals.audit_events import AuditEvent
from approvals.ledger import Tx, open_ledger, trail
from tests.harness.builders import NOW


def asked(tx: Tx) -> None:
    trail.append_event(
        tx, NOW, AuditEvent.ASKED, request_id=1_001, grant=7, by_slack="U0CAROL", reason="a secret plan", code="A.B"
    )


def test_an_entry_is_logged_once_it_is_committed_without_what_people_wrote(
    ledger_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with closing(open_ledger(ledger_address)) as ledger:
        caplog.clear()
        with pytest.raises(RuntimeError), ledger.write() as tx:
            asked(tx)
            raise RuntimeError("the disk is full")
        assert caplog.records == []
        with ledger.write() as tx:
            asked(tx)
            assert caplog.records == []
        [record] = caplog.records
    said = {name: record.__dict__.get(name) for name in ("request", "grant", "code", "by_slack", "reason")}
    assert record.getMessage() == "asked"
    assert said == {"request": "R-1001", "grant": 7, "code": "A.B", "by_slack": None, "reason": None}
