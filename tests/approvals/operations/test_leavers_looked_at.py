"""Who is looked at when, and what follows from what Slack said of them."""

from __future__ import annotations

from dataclasses import replace

from approvals.entitlements import role_policy
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import NoticeKind
from approvals.ledger import notices, people
from approvals.ledger.job_kinds import JobKind
from approvals.millis import DAY, MINUTE, DomainMillis
from approvals.operations import leavers
from approvals.operations.leavers import LeaverAccount, Presence, presence
from approvals.people import Link, Person, Principal
from tests.harness.builders import NOW, REAL, approve
from tests.harness.jobs import Work

TEAM = "T1"


def holds(work: Work, number: int) -> None:
    """Somebody who is linked here has something."""
    principal = Principal(RamUserId(str(2000 + number)), f"user{number}")
    with work.ledger.write() as tx:
        approve(tx, 1000 + number, principal=principal, ends_at=None)
        people.add_link(tx, Link(TEAM, SlackUserId(f"U{number:04d}"), principal, NOW))


def round_of(
    work: Work, now: DomainMillis, found: Presence | None = Presence.MEMBER, refused_after: int = 999
) -> list[str]:
    """One run of the job: whose accounts were looked at. Slack answers so many times."""
    job = work.claimed(now=now, real=REAL + now - NOW, kinds=("leavers",))
    seen = [(account, found) for account in leavers.accounts_to_check(work.ledger, TEAM, job)][:refused_after]
    not_before = REAL + now - NOW + MINUTE if refused_after < 999 else 0
    leavers.record_presence(work.ledger, TEAM, job, seen, now, not_before)
    return [account.slack_user_id for account, _ in seen]


def test_of_many_accounts_each_is_looked_at_in_turn_and_none_left_out(work: Work) -> None:
    for number in range(120):
        holds(work, number)
    leavers.schedule(work.ledger, NOW)
    looked = [round_of(work, NOW), round_of(work, NOW + MINUTE), round_of(work, NOW + 2 * MINUTE)]
    assert [len(each) for each in looked] == [50, 50, 20]
    assert sorted(account for each in looked for account in each) == [f"U{number:04d}" for number in range(120)]
    assert work.claim(now=NOW + 6 * MINUTE, real=REAL + 6 * MINUTE, kinds=(JobKind.LEAVERS,)) is None
    assert round_of(work, NOW + 7 * MINUTE) == looked[0]


def test_where_slack_stops_answering_it_goes_on_from_there_after_the_pause(work: Work) -> None:
    for number in range(60):
        holds(work, number)
    leavers.schedule(work.ledger, NOW)
    assert len(round_of(work, NOW, refused_after=7)) == 7
    assert round_of(work, NOW + MINUTE)[0] == "U0007"
    leavers.schedule(work.ledger, NOW + MINUTE)
    assert round_of(work, NOW + 2 * MINUTE, refused_after=0) == []
    assert round_of(work, NOW + 3 * MINUTE)[0] == "U0057", "nothing is left out by a look that saw nothing"


def test_nobody_is_looked_at_for_what_is_a_roles_or_another_workspaces_or_over(work: Work) -> None:
    with work.ledger.write() as tx:
        approve(tx, 1001, principal=Principal(RamUserId("30"), "AliyunPAIRecEASRole"), entitlement=role_policy("X"))
        approve(tx, 1002, principal=Principal(RamUserId("31"), "elsewhere"))
        people.add_link(tx, Link("T0OTHER", SlackUserId("U31"), Principal(RamUserId("31"), "elsewhere"), NOW))
        for number, state in ((1003, "ending"), (1004, "ended"), (1005, "failed"), (1006, "held")):
            approve(tx, number, principal=Principal(RamUserId(str(number)), "over"))
            tx.run("UPDATE grants SET state = :state WHERE request_id = :id", state=state, id=number)
    leavers.schedule(work.ledger, NOW)
    assert round_of(work, NOW) == []


def test_what_slack_does_not_say_neither_raises_nor_closes_anything(work: Work) -> None:
    holds(work, 1)
    leavers.schedule(work.ledger, NOW)
    round_of(work, NOW, None)
    assert open_ones(work) == []
    round_of(work, NOW + 5 * MINUTE, Presence.DEACTIVATED)
    [notice] = open_ones(work)
    round_of(work, NOW + 10 * MINUTE, None)
    assert open_ones(work) == [notice]
    round_of(work, NOW + 2 * DAY, None)
    assert open_ones(work) == [notice]


def open_ones(work: Work) -> list[str]:
    with work.ledger.read() as tx:
        return [notice.id for notice in notices.open_of(tx, NoticeKind.LEAVER)]


def test_an_account_is_the_same_whatever_its_ram_user_is_called() -> None:
    assert LeaverAccount(SlackUserId("U1"), RamUserId("21"), "dave") == LeaverAccount(
        SlackUserId("U1"), RamUserId("21"), "dave.kim"
    )


def test_presence_is_what_slack_says_plainly() -> None:
    dave = Person(TEAM, SlackUserId("U1"))
    assert presence(dave, TEAM) is Presence.MEMBER
    assert presence(replace(dave, deleted=True, team_id="T2"), TEAM) is Presence.DEACTIVATED
    for changed in ({"team_id": "T2"}, {"is_stranger": True}, {"is_guest": True}):
        assert presence(replace(dave, **changed), TEAM) is Presence.NO_MEMBER
    assert presence(replace(dave, is_bot=True, deleted=True), TEAM) is None
