"""People of one workspace are in another one now, and the record says what the trail says of it."""

from __future__ import annotations

from contextlib import closing

from approvals import audit
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import identity, open_ledger, people, requests, trail
from approvals.operations.link_identity import link_identity, unlink_identity
from approvals.operations.move_workspace import move_workspace
from approvals.people import Person, Principal
from bot.cli.audit_record import differences
from tests.harness.builders import NOW

OLD, NEW = "T0OLD", "T0NEW"
CAROL, DAVE = Principal(RamUserId("21"), "carol"), Principal(RamUserId("22"), "dave")


def test_links_follow_and_what_was_linked_otherwise_meanwhile_is_left(address: str) -> None:
    with closing(open_ledger(address)) as ledger:
        carols = link_identity(ledger, OLD, Person(OLD, SlackUserId("UOLDCAROL")), CAROL, "a test", NOW)[0]
        daves = link_identity(ledger, OLD, Person(OLD, SlackUserId("UOLDDAVE")), DAVE, "a test", NOW)[0]
        with ledger.write() as tx:
            identity.put(tx, identity.TEAM, OLD)
            people.opened_home(tx, OLD, SlackUserId("UOLDCAROL"), NOW)
        unlink_identity(ledger, OLD, SlackUserId("UOLDDAVE"), "a test", NOW)
        link_identity(ledger, OLD, Person(OLD, SlackUserId("UOLDDAVE2")), DAVE, "a test", NOW)
        moves = [(carols, Person(NEW, SlackUserId("UCAROL"))), (daves, Person(NEW, SlackUserId("UDAVE")))]
        made, moved = move_workspace(ledger, moves, OLD, NEW, "a test", NOW + 1)
        assert [(link.team_id, link.slack_user_id) for link in made] == [(NEW, "UCAROL")] and moved == 0
        with ledger.read() as tx:
            assert (
                people.link_of(tx, NEW, SlackUserId("UCAROL")) == made[0]
                and people.link_of(tx, NEW, SlackUserId("UDAVE")) is None
            )
            assert people.link_of(tx, OLD, SlackUserId("UOLDDAVE2")) is not None
            assert identity.get(tx, identity.TEAM) == NEW
            assert not tx.rows("SELECT * FROM homes WHERE team_id = :team", team=OLD)
            assert requests.count_of_team(tx, OLD) == 0
            assert not differences(tx)
            assert audit.verify(trail.entries(tx)) is None


def test_a_link_that_is_moved_and_moved_back_is_what_the_trail_says(address: str) -> None:
    with closing(open_ledger(address)) as ledger:
        link_identity(ledger, OLD, Person(OLD, SlackUserId("U1")), CAROL, "a test", NOW)
        link_identity(ledger, NEW, Person(NEW, SlackUserId("U1")), CAROL, "a test", NOW + 1, move=True)
        link_identity(ledger, NEW, Person(NEW, SlackUserId("U2")), CAROL, "a test", NOW + 2, move=True)
        link_identity(ledger, OLD, Person(OLD, SlackUserId("U1")), CAROL, "a test", NOW + 3, move=True)
        with ledger.read() as tx:
            [link] = people.every_link(tx)
            assert (link.team_id, link.slack_user_id) == (OLD, "U1")
            assert not differences(tx)
