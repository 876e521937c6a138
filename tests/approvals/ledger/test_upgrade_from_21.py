"""A ledger from before what is open was told apart from all that is closed: what was there is found as it was, and so
is what a replica of the version before writes while it is being replaced.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from approvals.entitlements import Entitlement
from approvals.grant import UNFINISHED, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, decisions, grants, move_to_server, open_ledger, open_requests, people, requests
from approvals.ledger.store import schema_steps
from approvals.model import Decision, RequestState, Verdict
from approvals.people import Link, Principal
from tests.harness.builders import CAROL, ENGINE, NOW, ask
from tests.harness.databases import Databases
from tests.harness.older_ledgers import program_of_step

BEFORE = 21
STEP = 22
BOB = Principal(RamUserId("201"), "Bob")
OF_ROLE = Entitlement.parse("role_policy/AliyunPAIRecDefaultRole")
STATES = list(GrantState)
OTHER = 1_100
"""The number of a request for somebody else."""


def written(tx: Tx, first: int) -> None:
    """A request for each state of a grant, a denied one, one that waits, one for a role, and one for Bob."""
    for number, state in enumerate(STATES, first):
        ask(tx, number)
        requests.close(tx, number, RequestState.APPROVED, now=NOW, by=SlackUserId("U2"))
        grants.plan(tx, number, CAROL, ENGINE, None)
        [planned] = grants.of_request(tx, number)
        grants.move(tx, planned, state, active_at=NOW + number)
    ask(tx, first + len(STATES))
    ask(tx, first + len(STATES) + 1)
    requests.close(tx, first + len(STATES) + 1, RequestState.DENIED, now=NOW, by=SlackUserId("U2"))
    ask(tx, first + 50, principal=Principal(RamUserId("AliyunRole"), "AliyunRole"), entitlements=(OF_ROLE,))
    ask(tx, first + 51, principal=BOB, subject=SlackUserId("U3"), requester=SlackUserId("U3"), requester_ram_id=None)
    decisions.add(
        tx,
        Decision(first, Principal(BOB.user_id, f"bob-{first}"), SlackUserId("U2"), Verdict.APPROVE, None, NOW, True),
    )


@pytest.fixture
def upgraded(address: str) -> Iterator[Ledger]:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        written(tx, 1_001)
        people.add_link(tx, Link("T1", SlackUserId("U1"), CAROL, NOW))
    with closing(open_ledger(address)) as ledger:
        yield ledger


def flags(tx: Tx) -> dict[int, tuple[int, int]]:
    return {row["id"]: (row["unfinished"], row["held"]) for row in tx.rows("SELECT id, unfinished, held FROM requests")}


def by_states(tx: Tx) -> dict[int, tuple[int, int]]:
    """The same, as the states of requests and their grants say."""
    found = {}
    for request in requests.of_rows(tx.rows("SELECT * FROM requests")):
        states = {grant.state for grant in grants.of_request(tx, request.id)}
        waits = request.state is RequestState.PENDING or bool(states & set(UNFINISHED))
        found[request.id] = (int(waits), int(GrantState.HELD in states))
    return found


def test_what_is_open_and_what_was_held_before_is_known(upgraded: Ledger) -> None:
    with upgraded.read() as tx:
        known = flags(tx)
        assert known == by_states(tx)
        assert {flag for flag, _ in known.values()} == {held for _, held in known.values()} == {0, 1}
        mine = open_requests.concerning(tx, "T1", SlackUserId("U1"), CAROL.user_id)
        assert {request.id for request in mine} == {number for number, each in known.items() if any(each)} - {1_052}
        assert [request.id for request in mine] == sorted((request.id for request in mine), reverse=True)
        assert {request.id for request in open_requests.unfinished(tx)} == {n for n, each in known.items() if each[0]}


def test_what_is_written_from_then_on_is_known_too(upgraded: Ledger) -> None:
    """By whichever program: the statements are those of the version before."""
    with upgraded.write() as tx:
        written(tx, 2_001)
        assert flags(tx) == by_states(tx)
        for start in STATES:
            for end in STATES:
                [grant] = grants.of_request(tx, 2_001)
                tx.run("UPDATE grants SET state = :state WHERE id = :id", state=start.value, id=grant.id)
                tx.run("UPDATE grants SET state = :state WHERE id = :id", state=end.value, id=grant.id)
                assert flags(tx)[2_001] == by_states(tx)[2_001], f"{start} to {end}"


def test_a_request_with_several_grants_is_open_until_the_last_is_over(upgraded: Ledger) -> None:
    other = Entitlement.parse("policy/PaiRecMonitorAccess")
    with upgraded.write() as tx:
        ask(tx, 3_001, entitlements=(ENGINE, other))
        assert flags(tx)[3_001] == (1, 0)
        for each in (ENGINE, other):
            grants.plan(tx, 3_001, CAROL, each, None)
        requests.close(tx, 3_001, RequestState.APPROVED, now=NOW, by=SlackUserId("U2"))
        assert flags(tx)[3_001] == (1, 0)
        first, second = grants.of_request(tx, 3_001)
        grants.move(tx, first, GrantState.HELD)
        assert flags(tx)[3_001] == (1, 1)
        grants.move(tx, second, GrantState.ENDED)
        assert flags(tx)[3_001] == (0, 1)


def test_names_are_found_as_they_were_recorded(upgraded: Ledger) -> None:
    with upgraded.write() as tx:
        assert people.ids_named(tx, "carol") == {CAROL.user_id}
        assert people.ids_named(tx, "bob") == people.ids_named(tx, "bob-1001") == {BOB.user_id}
        assert people.names_of(tx, BOB.user_id) == ["Bob", "bob-1001"]
        assert people.ids_named(tx, "aliyunrole") == set(), "the account's own roles are no people"
        decisions.add(
            tx,
            Decision(1_002, Principal(BOB.user_id, "rob"), SlackUserId("U2"), Verdict.APPROVE, None, NOW + 9, True),
        )
        assert people.names_of(tx, BOB.user_id) == ["rob", "Bob", "bob-1001"]
        people.add_link(tx, Link("T1", SlackUserId("U3"), Principal(BOB.user_id, "robert"), NOW + 99))
        assert people.names_of(tx, BOB.user_id)[0] == "robert" and people.ids_named(tx, "robert") == {BOB.user_id}
        people.remove_link(tx, "T1", SlackUserId("U3"))
        assert people.ids_named(tx, "robert") == set()


def test_an_upgrade_says_how_far_it_is_and_a_new_ledger_does_not(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with program_of_step(BEFORE):
        open_ledger(address).close()
    assert not [record for record in caplog.records if "up to date" in record.message]
    open_ledger(address).close()
    said = [record.__dict__ for record in caplog.records if "up to date" in record.message]
    assert STEP in schema_steps("sqlite") and {each["step"] for each in said} >= {STEP}
    assert [each["part"] for each in said] == list(range(1, len(said) + 1)) and said[0]["of"] == len(said)


def test_a_move_that_the_program_before_left_half_done_arrives_with_what_is_open(
    tmp_path: Path, databases: Databases
) -> None:
    file, database = f"sqlite:///{tmp_path / 'before.db'}", databases.new()
    with program_of_step(BEFORE), closing(open_ledger(file, moving=True)) as source:
        with source.write() as tx:
            written(tx, 1_001)
        move_to_server.prepare(source)
        with closing(open_ledger(database, moving=True)) as destination:
            move_to_server._leave(source, destination)
    with closing(open_ledger(file, moving=True)) as source, closing(open_ledger(database, moving=True)) as destination:
        move_to_server.prepare(source)
        move_to_server.move(source, destination)
    with closing(open_ledger(database)) as moved, moved.read() as tx:
        assert flags(tx) == by_states(tx) and people.names_of(tx, BOB.user_id) == ["Bob", "bob-1001"]
