"""What was read of a user a moment ago counts as long as nothing can have changed it from here."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from approvals.ids import RamUserId
from approvals.people import Principal
from bot.cloud.recent_reads import NEW_FOR_SECONDS, RecentReads, UserLists

CAROL = Principal(RamUserId("u1"), "carol")
LISTS = UserLists(policies=Future(), groups=Future())


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def recent(time: Stopwatch) -> RecentReads:
    return RecentReads(time)


def test_it_counts_for_two_seconds_from_when_the_read_was_begun(recent: RecentReads, time: Stopwatch) -> None:
    begun_at = recent.now()
    time.seconds += 1.5
    recent.keep_user(CAROL, begun_at)
    recent.keep_lists(CAROL.user_id, LISTS, begun_at)
    assert recent.user(CAROL.user_id) == CAROL and recent.lists(CAROL.user_id) == LISTS
    time.seconds += NEW_FOR_SECONDS - 1.5
    assert recent.user(CAROL.user_id) is None and recent.lists(CAROL.user_id) is None


def test_a_write_ends_what_was_read_before_it_and_what_was_begun_before_it(
    recent: RecentReads, time: Stopwatch
) -> None:
    before = recent.now()
    recent.keep_user(CAROL, before)
    recent.keep_lists(CAROL.user_id, LISTS, before)
    time.seconds += 0.1
    recent.written(CAROL.user_id)
    assert recent.lists(CAROL.user_id) is None
    recent.keep_lists(CAROL.user_id, LISTS, before)
    assert recent.lists(CAROL.user_id) is None, "an answer that came late"
    assert recent.user(CAROL.user_id) == CAROL, "nobody has another name by that"


def test_what_is_read_anew_replaces_what_was_begun_before(recent: RecentReads, time: Stopwatch) -> None:
    before = recent.now()
    recent.keep_user(CAROL, before)
    recent.keep_lists(CAROL.user_id, LISTS, before)
    time.seconds += 0.1
    recent.forget(CAROL.user_id)
    recent.keep_user(CAROL, before)
    recent.keep_lists(CAROL.user_id, LISTS, before)
    assert recent.user(CAROL.user_id) is None and recent.lists(CAROL.user_id) is None


def test_what_is_read_after_that_counts_and_another_user_is_not_concerned(recent: RecentReads, time: Stopwatch) -> None:
    dave = Principal(RamUserId("u2"), "dave")
    recent.keep_user(dave, recent.now())
    recent.forget(CAROL.user_id)
    time.seconds += 0.1
    recent.keep_user(CAROL, recent.now())
    recent.keep_lists(CAROL.user_id, LISTS, recent.now())
    assert recent.user(CAROL.user_id) == CAROL and recent.user(dave.user_id) == dave
    assert recent.lists(CAROL.user_id) == LISTS
