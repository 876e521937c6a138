"""No command brings a ledger up to date from which a bot of an earlier version works: its jobs might wait for none."""

from __future__ import annotations

import pytest

from approvals.errors import LedgerError
from approvals.ledger import Ledger, open_ledger, replicas
from approvals.ledger.replicas import ALIVE_FOR_MS, Replica
from tests.harness.older_ledgers import program_of_step

BEFORE = 17


def older(address: str, seen_ago: int) -> None:
    """A ledger of the version before, from which a bot said so long ago that it works."""
    with program_of_step(BEFORE):
        ledger = open_ledger(address)
        seen = ledger.real() - seen_ago
        with ledger.write() as tx:
            replicas.beat(tx, Replica("bot", seen, seen, 1))
        ledger.close()


def steps(ledger: Ledger) -> int:
    with ledger.read() as tx:
        row = tx.row("SELECT MAX(number) AS last FROM schema_steps")
    ledger.close()
    return int(row["last"]) if row else 0


def test_a_command_leaves_it_as_it_is_and_says_what_to_do_first(address: str) -> None:
    older(address, seen_ago=0)
    with pytest.raises(LedgerError, match="upgrade and start it first"):
        open_ledger(address, upgrade_in_use=False)
    with program_of_step(BEFORE):
        assert steps(open_ledger(address, upgrade_in_use=False)) == BEFORE


def test_a_bot_brings_it_up_to_date_and_then_a_command_opens_it(address: str) -> None:
    older(address, seen_ago=0)
    assert steps(open_ledger(address)) > BEFORE
    assert steps(open_ledger(address, upgrade_in_use=False)) > BEFORE


def test_a_bot_that_has_not_said_so_for_long_keeps_no_command_from_it(address: str) -> None:
    older(address, seen_ago=ALIVE_FOR_MS + 1_000)
    assert steps(open_ledger(address, upgrade_in_use=False)) > BEFORE
