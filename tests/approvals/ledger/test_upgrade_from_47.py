"""A ledger from before others' calls were found without reading ours: those that it has are found."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from approvals.ledger import cloud_events, open_ledger
from tests.harness.builders import NOW, stolen
from tests.harness.older_ledgers import program_of_step

BEFORE = 47


def test_what_others_called_before_is_found_and_what_we_called_is_not(address: str) -> None:
    event = stolen(NOW)
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        assert cloud_events.add(tx, event, "stolen")
        assert cloud_events.add(tx, replace(event, id="EVENT-2"), "ours")
    with closing(open_ledger(address)) as ledger, ledger.read() as tx:
        assert [each.event for each in cloud_events.of_names(tx, {event.name}, NOW)] == [event]
