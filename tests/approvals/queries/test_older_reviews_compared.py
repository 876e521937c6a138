"""Access reviews that a program of before recorded, whose trail does not say what is under review: what it says is
compared, and nothing is called changed of which it says nothing; on both engines.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest

from approvals.access_review import AccessReview, ReviewedAccess, ReviewItem, ReviewVerdict
from approvals.audit_events import AuditEvent
from approvals.entitlements import policy
from approvals.ids import SlackUserId
from approvals.ledger import Tx, access_reviews, trail
from approvals.millis import DAY
from bot.cli.audit_record import differences
from tests.harness.builders import CAROL, NOW
from tests.harness.jobs import Work

BOB = SlackUserId("U0BOB")
REVIEW = AccessReview("a" * 32, NOW, "somebody", NOW + DAY)


@pytest.fixture
def older(work: Work) -> Work:
    """One that is open: of four items one is kept, of one another approver was asked, who agreed, and of one that was
    denied.
    """
    with work.ledger.write() as tx:
        access_reviews.add(tx, REVIEW)
        trail.append_event(
            tx, NOW, AuditEvent.ACCESS_REVIEW_STARTED, review=REVIEW.id, due_at=REVIEW.due_at, by="somebody"
        )
        items = [
            ReviewItem(secrets.token_hex(16), REVIEW.id, ReviewedAccess(CAROL, policy(f"P{number}")), False, BOB)
            for number in range(4)
        ]
        access_reviews.collect(tx, replace(REVIEW, collected_at=NOW), items)
        trail.append_event(
            tx, NOW, AuditEvent.ACCESS_REVIEW_COLLECTED, review=REVIEW.id, items=4, complete=True, reviewers=[BOB]
        )
        kept, agreed, denied, _ = items
        says(tx, kept, ReviewVerdict.KEEP)
        says(tx, agreed, ReviewVerdict.ASKED)
        access_reviews.came_of(tx, agreed, ReviewVerdict.REVOKE)
        says(tx, denied, ReviewVerdict.ASKED)
        access_reviews.ask_again(tx, denied)
    return work


def says(tx: Tx, item: ReviewItem, verdict: ReviewVerdict) -> None:
    access_reviews.say(tx, item, verdict, BOB, NOW)
    trail.append_event(
        tx,
        NOW,
        AuditEvent.ACCESS_REVIEWED,
        review=item.review_id,
        item=item.id,
        verdict=verdict.value,
        entitlement=str(item.access.entitlement),
        ram_user_id=item.access.principal.user_id,
        ram_user=item.access.principal.name,
        requests=list(item.access.requests),
        by_slack=BOB,
    )


def found(work: Work, *deeds: str) -> list[str]:
    """After these, of which each changes one row."""
    with work.ledger.write() as tx:
        assert [tx.changed(deed) for deed in deeds] == [1] * len(deeds)
        return [str(each) for each in differences(tx)]


def test_nothing_of_it_is_called_changed(older: Work) -> None:
    assert found(older) == []


def test_what_somebody_kept_is_still_compared(older: Work) -> None:
    [difference] = found(older, "UPDATE review_items SET verdict = 'gone' WHERE verdict = 'keep'")
    assert difference.endswith('verdict is "gone", and by the trail "keep"')


def test_a_word_that_nobody_gave_is_found(older: Work) -> None:
    last = "WHERE id = (SELECT id FROM review_items WHERE about LIKE '%P3')"
    [difference] = found(older, f"UPDATE review_items SET verdict = 'keep', said_by = 'U0BOB' {last}")
    assert difference.endswith("is decided, and by the trail nobody did that")


def test_an_item_that_is_gone_is_found_although_nobody_knows_which(older: Work) -> None:
    [difference] = found(older, "DELETE FROM review_items WHERE about LIKE '%P3'")
    assert difference == f"access_reviews {REVIEW.id}: has 3 items, and by the trail 4"


def test_a_decided_item_that_is_gone_is_named(older: Work) -> None:
    differences_found = found(older, "DELETE FROM review_items WHERE verdict = 'keep'")
    assert any(each.endswith("is in the trail, and not in the table") for each in differences_found)
