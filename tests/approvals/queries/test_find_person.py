"""Whom a typed word means, by the ledger and RAM's list of users."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from approvals.entitlements import role_policy
from approvals.evidence import RamUser
from approvals.grant import GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, open_ledger, people
from approvals.model import RequestState
from approvals.people import Link, Principal
from approvals.queries.find_person import as_slack_id, only_person_named, people_named
from approvals.refusals.people import SeveralPeople
from tests.harness.builders import CAROL, NOW, approve, ask

DOMAIN = "example.onaliyun.com"


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    opened = open_ledger(address)
    yield opened
    opened.close()


def user(user_id: str, name: str, email: str | None = None, domain: str = DOMAIN) -> RamUser:
    return RamUser(Principal(RamUserId(user_id), name), email=email, login=f"{name}@{domain}")


def found(ledger: Ledger, typed: str, *roster: RamUser, asked: bool = True) -> list[str]:
    """UserIds."""
    with ledger.read() as tx:
        return [each.principal.user_id for each in people_named(tx, typed, roster if asked else None)]


def over(ledger: Ledger, number: int, principal: Principal) -> None:
    """Something was granted, and has ended."""
    with ledger.write() as tx:
        approve(tx, number, principal=principal)
        tx.run("UPDATE grants SET state = 'ended' WHERE request_id = :id", id=number)


def test_everything_that_fits_is_found_and_everybody_is_found_once(ledger: Ledger) -> None:
    with ledger.write() as tx:
        approve(tx, 1001, principal=Principal(RamUserId("21"), "dave"))
        people.add_link(tx, Link("T1", SlackUserId("U1"), Principal(RamUserId("21"), "dave"), NOW))
    roster = (user("21", "dave.kim", "dave@example.com"), user("22", "dave"), user("23", "dave2"))
    assert found(ledger, "dave", *roster) == ["22", "21"]
    assert found(ledger, "dave.kim", *roster) == ["21"]
    assert found(ledger, "dave@example.com", *roster) == ["21"]
    for typed in ("", "@", f"@{DOMAIN}", "  ", "%", "dav_", "*"):
        assert found(ledger, typed, *roster) == []


def test_a_login_name_is_one_of_the_accounts_domains_or_of_those_that_alibaba_cloud_gives(ledger: Ledger) -> None:
    own = user("21", "dave", domain="corp.example")
    assert found(ledger, "dave@corp.example", own) == ["21"]
    assert found(ledger, "dave@1000000000000001.onaliyun.com", own) == ["21"]
    assert found(ledger, "dave@gmail.com", own) == []
    assert found(ledger, "dave@onaliyun.com.evil.example", own) == []


def test_two_whose_names_differ_in_case_alone_are_two(ledger: Ledger) -> None:
    assert found(ledger, "dave", user("21", "Dave"), user("22", "dave")) == ["21", "22"]


def test_somebody_who_is_no_more_and_has_nothing_does_not_stand_beside_who_is_there(ledger: Ledger) -> None:
    over(ledger, 1001, Principal(RamUserId("20"), "dave"))
    assert found(ledger, "dave", user("21", "dave")) == ["21"]
    assert found(ledger, "dave") == ["20"], "and is found where there is nobody else"
    with ledger.read() as tx:
        [gone] = people_named(tx, "dave", ())
    assert not gone.has_unfinished and gone.in_ram is False


@pytest.mark.parametrize("state", [GrantState.PLANNED, GrantState.ACTIVE, GrantState.ENDING, GrantState.FAILED])
def test_somebody_who_is_no_more_and_has_something_does(ledger: Ledger, state: GrantState) -> None:
    with ledger.write() as tx:
        approve(tx, 1001, principal=Principal(RamUserId("20"), "dave"))
        tx.run("UPDATE grants SET state = :state WHERE request_id = 1001", state=state.value)
    assert found(ledger, "dave", user("21", "dave")) == ["20", "21"]
    with ledger.read() as tx, pytest.raises(SeveralPeople):
        only_person_named(tx, "dave", (user("21", "dave"),))


def test_somebody_for_whom_a_request_waits_has_something(ledger: Ledger) -> None:
    with ledger.write() as tx:
        ask(tx, 1001, principal=Principal(RamUserId("20"), "dave"))
    assert found(ledger, "dave", user("21", "dave")) == ["20", "21"]


def test_a_slack_account_is_who_it_is_linked_to_and_for_whom_it_asked_and_that_runs(ledger: Ledger) -> None:
    over(ledger, 1001, Principal(RamUserId("20"), "mistaken"))
    with ledger.write() as tx:
        approve(tx, 1002, principal=Principal(RamUserId("21"), "dave"))
        people.add_link(tx, Link("T9", SlackUserId("U1"), Principal(RamUserId("22"), "dora"), NOW))
    for typed in ("U1", "u1", "<@U1>", "<@U1|dave>", "@U1", " <@u1|Dave K.> "):
        typed = typed.replace("U1", "U1AB").replace("u1", "u1ab")
        assert as_slack_id(typed) == "U1AB"
    assert as_slack_id("dave") is None
    with ledger.write() as tx:
        tx.run("UPDATE requests SET subject = 'U1AB'")
        tx.run("UPDATE links SET slack_user_id = 'U1AB'")
    assert found(ledger, "u1ab", asked=False) == ["21", "22"]


def test_the_accounts_own_roles_are_nobody(ledger: Ledger) -> None:
    role = Principal(RamUserId("30"), "AliyunPAIRecEASRole")
    with ledger.write() as tx:
        approve(tx, 1001, principal=role, entitlement=role_policy("PaiRecEngineAccess"))
    assert found(ledger, role.name) == []
    with ledger.write() as tx:
        tx.run("UPDATE requests SET subject = 'U1AB'")
    assert found(ledger, "U1AB") == []


def test_what_ram_was_not_asked_is_not_made_up(ledger: Ledger) -> None:
    with ledger.write() as tx:
        approve(tx, 1001)
    with ledger.read() as tx:
        [carol] = people_named(tx, "carol", None)
    assert carol.in_ram is None and carol.principal == CAROL


def test_the_names_that_are_recorded_are_told_the_newest_first(ledger: Ledger) -> None:
    for number, name in enumerate(("first", "second", "third")):
        with ledger.write() as tx:
            ask(
                tx,
                1001 + number,
                principal=Principal(RamUserId("20"), name),
                created_at=NOW + number,
                state=RequestState.PENDING,
            )
    with ledger.read() as tx:
        [one] = people_named(tx, "20", None)
    assert (one.principal.name, one.recorded) == ("third", ("second", "first"))
