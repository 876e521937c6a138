"""A ledger from before it was known which direct messages have buttons: none of before is, on either engine."""

from __future__ import annotations

from contextlib import closing

from approvals.ids import SlackUserId
from approvals.kinds import MessageKind
from approvals.ledger import open_ledger, told
from approvals.ledger.told import Told
from tests.harness.builders import ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 29
CAROL = SlackUserId("U1")


def test_a_ledger_of_before_knows_of_no_message_and_takes_them(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, 1001)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert told.of_request(tx, 1001, CAROL) == []
        sent = [Told(1001, CAROL, CAROL, MessageKind.ASKED, "D1", f"{second}.0") for second in (1, 2)]
        for each in (*sent, sent[0]):
            told.put(tx, each)
        assert told.of_request(tx, 1001, CAROL) == sent
        told.forget(tx, sent[0])
        assert told.of_request(tx, 1001, CAROL) == sent[1:]
