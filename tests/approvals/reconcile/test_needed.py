"""A role that nobody has without another one waits for it, however long that takes, and goes before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from approvals.entitlements import RoleLinks, RoleNeeds, member_role
from approvals.errors import CloudErrorKind
from approvals.grant import GrantState
from approvals.millis import MINUTE, SECOND
from tests.approvals.reconcile.test_ordering import Pair
from tests.harness.one_key import GONE

USER = member_role("hologres", "hgprecn-cn-a", "normal")
VIEWER = member_role("hologres_database", "hgprecn-cn-a/ranking", "viewer")


class NeedingPair(Pair):
    links = RoleLinks(needs=RoleNeeds({("hologres_database", "viewer"): ("hologres", "normal")}))

    def waits_for_long(self, wanted: object) -> None:
        """However often it is looked, it is not its turn."""
        for _ in range(60):
            assert self.begins(VIEWER if wanted is VIEWER else USER)[1] is None
            self.passed += 11 * SECOND


@pytest.fixture
def pair(ledger_address: str) -> Iterator[NeedingPair]:
    made = NeedingPair(ledger_address)
    yield made
    made.ledger.close()


def test_the_permission_waits_until_the_user_is_there(pair: NeedingPair) -> None:
    pair.approved(1001, USER, VIEWER)
    assert pair.begins(VIEWER)[1] is None
    pair.attaches(USER)
    pair.passed += SECOND
    pair.attaches(VIEWER)
    assert pair.state(USER, 1001) is pair.state(VIEWER, 1001) is GrantState.ACTIVE


def test_it_waits_for_as_long_as_the_user_is_tried(pair: NeedingPair) -> None:
    pair.approved(1001, USER, VIEWER)
    pair.attaches(USER, CloudErrorKind.THROTTLED)
    pair.waits_for_long(VIEWER)
    assert pair.state(VIEWER, 1001) is GrantState.PLANNED


def test_of_a_user_who_cannot_be_made_it_does_not_wait_any_more(pair: NeedingPair) -> None:
    pair.approved(1001, USER, VIEWER)
    pair.attaches(USER, CloudErrorKind.LIMIT)
    assert pair.state(USER, 1001) is GrantState.FAILED
    assert pair.begins(VIEWER)[1] is not None


def test_the_user_goes_last_however_long_the_permission_takes(pair: NeedingPair) -> None:
    pair.approved(1001, USER, VIEWER)
    pair.attaches(USER)
    pair.passed += SECOND
    pair.attaches(VIEWER)
    pair.passed += MINUTE
    pair.taken_back(1001)
    pair.waits_for_long(USER)
    pair.detaches(VIEWER)
    assert pair.state(VIEWER, 1001) is GrantState.ENDED
    pair.passed += 11 * SECOND
    pair.detaches(USER)
    assert pair.state(USER, 1001) is GrantState.ENDED


def test_a_user_whom_another_request_needs_passes_to_that_one(pair: NeedingPair) -> None:
    pair.approved(1001, USER)
    pair.attaches(USER)
    pair.approved(1002, VIEWER)
    pair.attaches(VIEWER)
    pair.passed += MINUTE
    pair.taken_back(1001)
    pair.observe(USER, GONE)
    assert pair.state(USER, 1001) is GrantState.ENDED
    assert pair.state(USER, 1002) is GrantState.ACTIVE, "the catalogue did not say so when it was asked for"
    assert "comes with" in pair.events()
