"""A ledger from before holders of the admin policy were looked at."""

from __future__ import annotations

from contextlib import closing

from approvals.evidence import Holder, Holders
from approvals.ids import RamUserId
from approvals.ledger import open_ledger
from approvals.ledger.admins import every_one
from approvals.people import Principal
from approvals.queries.actor import may_decide, unconfirmed_admins

BOB, DAVE = Principal(RamUserId("101"), "bob"), Principal(RamUserId("104"), "dave")


def test_until_somebody_has_looked_everybody_who_holds_the_policy_may_decide(address: str) -> None:
    holders = Holders((Holder(BOB), Holder(DAVE, via_group="platform")))
    with closing(open_ledger(address)) as ledger, ledger.read() as tx:
        assert every_one(tx) == {}
        assert unconfirmed_admins(tx, holders) == frozenset()
        assert may_decide(tx, holders) == {"101", "104"}
