"""Whoever makes a call chooses what is in it: what no ledger takes hides no call from whoever reads ActionTrail."""

from __future__ import annotations

from contextlib import closing

from approvals.ledger import cloud_events, open_ledger
from bot.cloud.action_trail import event_of

ODD = {
    "eventId": "E-1",
    "eventTime": "2027-03-01T10:00:00Z",
    "eventName": "AttachPolicyToUser",
    "requestId": "R-1",
    "sourceIpAddress": "198.51.100.66\0",
    "userIdentity": {"type": "ram-user", "principalId": "1", "userName": "dave\ud800"},
    "requestParameters": {"UserName": "dave\0", "PolicyName": "x\0\ud800"},
}


def test_a_call_with_characters_that_no_ledger_takes_is_kept(address: str) -> None:
    event = event_of(ODD)
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert cloud_events.add(tx, event, "stolen")
        [kept] = cloud_events.of_writes(tx, [], ["R-1"])
    assert kept.event == event
    assert (event.params["PolicyName"], event.actor.name) == ("x\ufffd\ufffd", "dave\ufffd")
