"""A step that finds nothing to write waits for nobody who writes; one that does is begun anew, and done once."""

from __future__ import annotations

from contextlib import closing

import pytest

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Tx, open_ledger, people
from approvals.ledger.looking import look_and_write
from approvals.people import Link, Principal
from benchmarks.one_request import TEAM
from tests.harness.builders import NOW


def _link(number: int) -> Link:
    return Link(TEAM, SlackUserId(f"U{number}"), Principal(RamUserId(f"{number}"), f"n{number}"), NOW)


def _one_more(tx: Tx) -> int:
    """How many are linked after it."""
    linked = len(people.every_link(tx))
    people.add_link(tx, _link(linked))
    return linked + 1


def test_whoever_only_reads_waits_for_no_writer(ledger_address: str) -> None:
    with closing(open_ledger(ledger_address)) as ledger, closing(open_ledger(ledger_address)) as other:
        with ledger.write() as tx:
            people.add_link(tx, _link(1))
            assert look_and_write(other, people.every_link) == []
        assert look_and_write(other, people.every_link) == [_link(1)]


def test_whoever_writes_after_all_does_so_once_by_what_is_so_then(ledger_address: str) -> None:
    with closing(open_ledger(ledger_address)) as ledger:
        assert [look_and_write(ledger, _one_more) for _ in range(3)] == [1, 2, 3]
        with ledger.read() as tx:
            assert len(people.every_link(tx)) == 3


def test_what_a_step_raises_is_raised_and_leaves_nothing(ledger_address: str) -> None:
    def fails(tx: Tx) -> None:
        _one_more(tx)
        raise LookupError

    with closing(open_ledger(ledger_address)) as ledger:
        with pytest.raises(LookupError):
            look_and_write(ledger, fails)
        assert look_and_write(ledger, people.every_link) == []
