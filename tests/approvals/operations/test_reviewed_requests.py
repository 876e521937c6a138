"""Something that several requests give is revoked or shortened in a review: what speaks against one of them keeps none
of the others, and nothing is said to be revoked that is still there; on both engines.
"""

from __future__ import annotations

import pytest

from approvals.access_review import AccessReview, ReviewedAccess, ReviewItem, ReviewVerdict, Stays, Unreviewed
from approvals.catalog.model import Catalog
from approvals.entitlements import Entitlement, policy
from approvals.grant import GrantState
from approvals.ids import SlackUserId
from approvals.ledger import Tx, access_reviews, grants, people, requests
from approvals.millis import DAY
from approvals.operations.access_reviews.decide import RevokedItem, revoke_reviewed
from approvals.operations.access_reviews.shorten import ShortenedItem, shorten_reviewed
from approvals.operations.access_reviews.unreviewed import end_unreviewed
from approvals.people import Link, Person
from approvals.refusals.drift import GrantedMeanwhile
from approvals.refusals.grant import EndsSooner
from approvals.refusals.status import RoleStays
from handlers.refusals.sentences import sentence
from handlers.translations import load_translations
from handlers.views.access_review import revoked_answer
from handlers.views.shorten_select import shortened_answer
from tests.harness.builders import CAROL, ENGINE, NOW, approve
from tests.harness.jobs import Work
from tests.harness.large_review import ADMINS, HOLDERS, TEAM

DATA, ROLE = policy("PaiRecDataManagementAccess"), Entitlement.parse("service_role/AliyunServiceRoleForPaiRec")
ITEM = "b" * 32
BOB = Person(TEAM, SlackUserId("UADMIN0"))
FIRST, SECOND, LATER = 1001, 1002, 1009


@pytest.fixture
def review(work: Work) -> Work:
    """A review with what two requests gave Carol until revoked: bob's part."""
    with work.ledger.write() as tx:
        for at, admin in enumerate(ADMINS):
            people.add_link(tx, Link(TEAM, SlackUserId(f"UADMIN{at}"), admin, NOW))
        gives(tx, FIRST)
        gives(tx, SECOND)
        review = AccessReview("a" * 32, NOW, "somebody", NOW + 10 * DAY, NOW, unreviewed=Unreviewed.REVOKE)
        access_reviews.add(tx, review)
        access = ReviewedAccess(CAROL, ENGINE, requests=(FIRST, SECOND))
        access_reviews.collect(tx, review, [ReviewItem(ITEM, review.id, access, True, BOB.user_id)])
    return work


def gives(tx: Tx, number: int) -> None:
    approve(tx, number, ends_at=None)
    becomes(tx, number, GrantState.GRANTING, GrantState.ACTIVE)


def becomes(tx: Tx, number: int, *states: GrantState, what: Entitlement = ENGINE) -> None:
    for state in states:
        [grant] = [each for each in grants.of_request(tx, number) if each.entitlement == what]
        grants.move(tx, grant, state)


def gives_a_role_as_well(work: Work, number: int = FIRST) -> None:
    with work.ledger.write() as tx:
        grants.plan(tx, number, CAROL, ROLE, None)
        becomes(tx, number, GrantState.GRANTING, GrantState.ACTIVE, what=ROLE)


def had_something_else_before(work: Work) -> None:
    """Of the first request nothing is left but what was there before it."""
    with work.ledger.write() as tx:
        grants.plan(tx, FIRST, CAROL, DATA, None)
        becomes(tx, FIRST, GrantState.HELD, what=DATA)
        becomes(tx, FIRST, GrantState.ENDING, GrantState.ENDED)


def revokes(work: Work) -> RevokedItem:
    return revoke_reviewed(work.ledger, Catalog({}), TEAM, ITEM, BOB, HOLDERS, NOW)


def shortens(work: Work) -> ShortenedItem:
    return shorten_reviewed(work.ledger, Catalog({}), TEAM, ITEM, 7 * DAY, BOB, HOLDERS, NOW)


def item(work: Work) -> ReviewItem:
    with work.ledger.read() as tx:
        [found] = access_reviews.items(tx, "a" * 32)
    return found


def state(work: Work, number: int) -> GrantState:
    with work.ledger.read() as tx:
        return grants.of_request(tx, number)[0].state


def ends_at(work: Work, number: int) -> int | None:
    with work.ledger.read() as tx:
        found = requests.get(tx, number)
    return found.ends_at if found else None


def test_a_request_that_cannot_be_revoked_keeps_no_other_and_the_item_is_to_be_decided_yet(review: Work) -> None:
    gives_a_role_as_well(review)
    came = revokes(review)
    assert (came.verdict, came.ended, [each.request for each in came.stays]) == (None, (SECOND,), [FIRST])
    assert item(review).verdict is None
    assert (state(review, FIRST), state(review, SECOND)) == (GrantState.ACTIVE, GrantState.ENDING)
    said = revoked_answer(came, sentence, load_translations())
    assert said.startswith("Revoking what *R-1002* granted. It stays all the same, by *R-1001*.") and "own role" in said


def test_where_nothing_more_can_be_revoked_that_is_said_and_nothing_is_changed(review: Work) -> None:
    gives_a_role_as_well(review)
    revokes(review)
    with pytest.raises(RoleStays):
        revokes(review)
    assert item(review).verdict is None and state(review, FIRST) is GrantState.ACTIVE


def test_what_another_request_gives_meanwhile_keeps_none_that_was_under_review(review: Work) -> None:
    with review.ledger.write() as tx:
        gives(tx, LATER)
    came = revokes(review)
    assert (came.verdict, came.ended, came.stays[0].request) == (None, (FIRST, SECOND), LATER)
    assert {state(review, number) for number in (FIRST, SECOND)} == {GrantState.ENDING}
    assert state(review, LATER) is GrantState.ACTIVE and item(review).verdict is None
    assert "*R-1009* granted it meanwhile" in revoked_answer(came, sentence, load_translations())
    with pytest.raises(GrantedMeanwhile):
        revokes(review)


def test_what_a_request_asked_for_besides_and_was_there_before_keeps_nothing(review: Work) -> None:
    had_something_else_before(review)
    assert revokes(review).verdict is ReviewVerdict.REVOKE and state(review, SECOND) is GrantState.ENDING


def test_likewise_what_is_shortened(review: Work) -> None:
    had_something_else_before(review)
    came = shortens(review)
    assert (came.verdict, came.ends_at) == (ReviewVerdict.SHORTEN, NOW + 7 * DAY)
    assert ends_at(review, SECOND) == NOW + 7 * DAY


def test_what_is_on_its_way_out_by_one_request_is_shortened_by_the_other(review: Work) -> None:
    with review.ledger.write() as tx:
        becomes(tx, FIRST, GrantState.ENDING)
    assert shortens(review).verdict is ReviewVerdict.SHORTEN and ends_at(review, SECOND) == NOW + 7 * DAY


def test_where_all_of_it_is_on_its_way_out_that_is_said_and_nothing_is_shortened(review: Work) -> None:
    with review.ledger.write() as tx:
        becomes(tx, FIRST, GrantState.ENDING)
        becomes(tx, SECOND, GrantState.ENDING)
    with pytest.raises(EndsSooner):
        shortens(review)
    assert item(review).verdict is None


def test_what_another_request_gives_for_longer_keeps_none_from_ending_sooner(review: Work) -> None:
    with review.ledger.write() as tx:
        gives(tx, LATER)
    came = shortens(review)
    assert (came.verdict, came.shortened, came.stays[0].request) == (None, (FIRST, SECOND), LATER)
    assert ends_at(review, FIRST) == NOW + 7 * DAY and item(review).verdict is None
    said = shortened_answer(came, sentence, load_translations())
    assert said.startswith("What *R-1001*, *R-1002* granted ends ") and "*R-1009* granted it meanwhile" in said


def test_what_nobody_reviewed_is_not_called_gone_while_a_request_of_since_gives_it(review: Work) -> None:
    with review.ledger.write() as tx:
        for number in (FIRST, SECOND):
            becomes(tx, number, GrantState.ENDING, GrantState.ENDED)
        gives(tx, LATER)
        open_one = access_reviews.open_one(tx)
        assert open_one is not None
        end_unreviewed(tx, open_one, TEAM, HOLDERS, None, NOW + 10 * DAY, implied_by={}, reminded=True)
    assert (item(review).verdict, item(review).stays) == (None, Stays.GRANTED_MEANWHILE)
