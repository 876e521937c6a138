"""What nobody reviewed when a review ends that revokes: what the program itself has stays, as does what people decided
on meanwhile, on both engines.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest

from approvals.access_review import AccessReview, ReviewedAccess, ReviewItem, ReviewVerdict, Stays, Unreviewed
from approvals.drift import DriftKind, DriftRow
from approvals.entitlements import Entitlement, policy
from approvals.evidence import Holder, Holders
from approvals.grant import Grant, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Tx, access_reviews, away, drift_rows, grants, people
from approvals.millis import DAY
from approvals.operations.access_reviews.unreviewed import end_unreviewed
from approvals.people import Link, Principal
from tests.harness.builders import CAROL, ENGINE, NOW, approve
from tests.harness.jobs import Work

TEAM = "T1"
ADMINS = tuple(Principal(RamUserId(f"30{number}"), f"admin-{number}") for number in range(3))
HOLDERS = Holders(tuple(map(Holder, ADMINS)))
DATA = policy("PaiRecDataManagementAccess")
LEADER, GUEST = policy("Lead"), policy("Guest")
IMPLIED_BY = {GUEST: LEADER}
FOURTH = Principal(RamUserId("309"), "admin-4")
REVIEWER = SlackUserId("UADMIN0")


def runs(tx: Tx, number: int = 1001, *more: Entitlement) -> Grant:
    """What a request gave Carol, until revoked, and what it gave her besides."""
    approve(tx, number, ends_at=None)
    for each in more:
        grants.plan(tx, number, CAROL, each, None)
    for planned in grants.of_request(tx, number):
        grants.move(tx, planned, GrantState.GRANTING)
    for granting in grants.of_request(tx, number):
        grants.move(tx, granting, GrantState.ACTIVE, active_at=NOW)
    return grants.of_request(tx, number)[0]


def reviewed(
    tx: Tx, *requests: int, beside: Entitlement | None = None, by: SlackUserId | None = REVIEWER
) -> AccessReview:
    """A review with what they gave Carol, which three approvers could have reviewed, and with this beside it."""
    for at, admin in enumerate(ADMINS):
        people.add_link(tx, Link(TEAM, SlackUserId(f"UADMIN{at}"), admin, NOW))
    review = AccessReview("a" * 32, NOW, "somebody", NOW + DAY, NOW, unreviewed=Unreviewed.REVOKE)
    access_reviews.add(tx, review)
    access = ReviewedAccess(CAROL, ENGINE, requests=requests)
    accesses = [access, *([replace(access, entitlement=beside)] if beside else [])]
    items = [ReviewItem(secrets.token_hex(16), review.id, each, True, by) for each in accesses]
    access_reviews.collect(tx, review, items)
    return review


def end(
    tx: Tx, review: AccessReview, own_user: Principal | None = None, holders: Holders | None = HOLDERS
) -> ReviewItem:
    end_unreviewed(tx, review, TEAM, holders, own_user, NOW + DAY, implied_by=IMPLIED_BY, reminded=True)
    [item] = access_reviews.items(tx, review.id)
    return item


def state(tx: Tx, number: int = 1001) -> GrantState:
    return grants.of_request(tx, number)[0].state


def test_what_a_request_granted_ends(work: Work) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        item = end(tx, reviewed(tx, 1001))
        assert (item.verdict, item.stays, state(tx)) == (ReviewVerdict.REVOKE_UNREVIEWED, None, GrantState.ENDING)


@pytest.mark.parametrize("own", [replace(CAROL, name="renamed"), replace(CAROL, user_id=RamUserId(""))])
def test_what_the_ram_user_has_that_the_program_is_stays(work: Work, own: Principal) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        item = end(tx, reviewed(tx, 1001), own_user=own)
        assert (item.verdict, item.stays, state(tx)) == (None, Stays.OWN_IDENTITY, GrantState.ACTIVE)


def test_what_somebody_else_has_goes_whatever_they_are_called(work: Work) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        item = end(tx, reviewed(tx, 1001), own_user=Principal(RamUserId("999"), CAROL.name))
        assert item.verdict is ReviewVerdict.REVOKE_UNREVIEWED


def test_what_was_nobodys_part_stays(work: Work) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        item = end(tx, reviewed(tx, 1001, by=None))
        assert (item.verdict, item.stays, state(tx)) == (None, Stays.NOBODYS_PART, GrantState.ACTIVE)


@pytest.mark.parametrize("said", [ReviewVerdict.KEEP, ReviewVerdict.SHORTEN])
def test_what_was_granted_with_something_that_an_approver_kept_stays(work: Work, said: ReviewVerdict) -> None:
    with work.ledger.write() as tx:
        runs(tx, 1001, DATA)
        review = reviewed(tx, 1001, beside=DATA)
        kept = next(each for each in access_reviews.items(tx, review.id) if each.access.entitlement == DATA)
        access_reviews.say(tx, kept, said, SlackUserId("UADMIN0"), NOW)
        end_unreviewed(tx, review, TEAM, HOLDERS, None, NOW + DAY, implied_by=IMPLIED_BY, reminded=True)
        [left] = access_reviews.open_items(tx, review.id)
        assert (left.stays, state(tx)) == (Stays.BOUND, GrantState.ACTIVE)


def test_what_was_granted_with_something_that_was_never_under_review_stays(work: Work) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        runs(tx, 1002, DATA)
        item = end(tx, reviewed(tx, 1001, 1002))
        assert (item.verdict, item.stays) == (None, Stays.BOUND)
        assert {grant.state for number in (1001, 1002) for grant in grants.of_request(tx, number)} == {
            GrantState.ACTIVE
        }


def test_what_comes_along_with_what_is_reviewed_does_not_keep_it(work: Work) -> None:
    with work.ledger.write() as tx:
        runs(tx, 1001, LEADER, GUEST)
        review = reviewed(tx, 1001, beside=LEADER)
        end_unreviewed(tx, review, TEAM, HOLDERS, None, NOW + DAY, implied_by=IMPLIED_BY, reminded=True)
        assert access_reviews.open_items(tx, review.id) == []
        assert {grant.state for grant in grants.of_request(tx, 1001)} == {GrantState.ENDING}


def test_what_another_request_gives_by_then_stays(work: Work) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        review = reviewed(tx, 1001)
        runs(tx, 1002)
        item = end(tx, review)
        assert (item.verdict, item.stays) == (None, Stays.GRANTED_MEANWHILE)
        assert {state(tx, number) for number in (1001, 1002)} == {GrantState.ACTIVE}


def test_what_is_over_by_then_is_gone(work: Work) -> None:
    with work.ledger.write() as tx:
        given = runs(tx)
        review = reviewed(tx, 1001)
        grants.move(tx, given, GrantState.ENDING, ending_at=NOW)
        grants.move(tx, grants.of_request(tx, 1001)[0], GrantState.ENDED, ended_at=NOW)
        assert end(tx, review).verdict is ReviewVerdict.GONE


@pytest.mark.parametrize(
    ("holders", "why"),
    [
        (None, Stays.APPROVERS_UNKNOWN),
        (Holders(), Stays.FEW_APPROVERS),
        (Holders(HOLDERS.holders[:2]), Stays.FEW_APPROVERS),
        (Holders((*HOLDERS.holders[:2], Holder(HOLDERS.holders[0].principal, "leads"))), Stays.FEW_APPROVERS),
    ],
    ids=["unknown", "nobody", "two", "two in three ways"],
)
def test_nothing_ends_unless_three_are_known_who_may_approve(work: Work, holders: Holders | None, why: Stays) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        item = end(tx, reviewed(tx, 1001), holders=holders)
        assert (item.verdict, item.stays, state(tx)) == (None, why, GrantState.ACTIVE)


@pytest.mark.parametrize("why", ["no approver any more", "away", "left Slack"])
def test_what_was_the_part_of_somebody_who_is_not_there_in_the_end_stays(work: Work, why: str) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        review = reviewed(tx, 1001)
        people.add_link(tx, Link(TEAM, SlackUserId("UADMIN3"), FOURTH, NOW))
        holders = HOLDERS.holders if why != "no approver any more" else HOLDERS.holders[1:]
        if why == "away":
            away.put(tx, TEAM, REVIEWER, NOW + 2 * DAY)
        elif why == "left Slack":
            row = DriftRow(DriftKind.LINK, ADMINS[0], since=NOW, account=REVIEWER)
            drift_rows.put(tx, row, None, NOW)
        item = end(tx, review, holders=Holders((*holders, Holder(FOURTH))))
        assert (item.verdict, item.stays, state(tx)) == (None, Stays.NOBODYS_PART, GrantState.ACTIVE)


@pytest.mark.parametrize("part", [ENGINE, DATA], ids=["one part", "the other"])
def test_what_was_granted_with_the_part_of_somebody_who_is_not_there_stays(work: Work, part: Entitlement) -> None:
    with work.ledger.write() as tx:
        runs(tx, 1001, DATA)
        review = reviewed(tx, 1001, beside=DATA)
        access_reviews.assign(
            tx,
            {
                each.id: SlackUserId("UADMIN1")
                for each in access_reviews.items(tx, review.id)
                if each.access.entitlement == part
            },
        )
        away.put(tx, TEAM, REVIEWER, NOW + 2 * DAY)
        fourth = Holders((*HOLDERS.holders, Holder(FOURTH)))
        people.add_link(tx, Link(TEAM, SlackUserId("UADMIN3"), FOURTH, NOW))
        end_unreviewed(tx, review, TEAM, fourth, None, NOW + DAY, implied_by=IMPLIED_BY, reminded=True)
        found = {each.access.entitlement == part: each.stays for each in access_reviews.items(tx, review.id)}
        assert found == {True: Stays.BOUND, False: Stays.NOBODYS_PART}
        assert {grant.state for grant in grants.of_request(tx, 1001)} == {GrantState.ACTIVE}


@pytest.mark.parametrize("other", [ENGINE, DATA], ids=["one part", "the other"])
def test_what_was_granted_with_what_another_request_gives_by_then_stays(work: Work, other: Entitlement) -> None:
    with work.ledger.write() as tx:
        runs(tx, 1001, DATA)
        review = reviewed(tx, 1001, beside=DATA)
        approve(tx, 1002, ends_at=None)
        if other == DATA:
            tx.run("UPDATE grants SET entitlement = :what WHERE request_id = 1002", what=str(DATA))
        end_unreviewed(tx, review, TEAM, HOLDERS, None, NOW + DAY, implied_by=IMPLIED_BY, reminded=True)
        assert {each.verdict for each in access_reviews.items(tx, review.id)} == {None}
        assert {grant.state for grant in grants.of_request(tx, 1001)} == {GrantState.ACTIVE}


def test_whoever_has_left_slack_is_none_of_the_three_who_may_approve(work: Work) -> None:
    with work.ledger.write() as tx:
        runs(tx)
        review = reviewed(tx, 1001)
        drift_rows.put(tx, DriftRow(DriftKind.LINK, ADMINS[2], since=NOW, account=SlackUserId("UADMIN2")), None, NOW)
        assert end(tx, review).stays is Stays.FEW_APPROVERS
