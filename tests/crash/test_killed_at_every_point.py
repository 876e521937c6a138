"""Killed at any point between the click and the last message, a bot leaves nothing undone and nothing done twice; and
stopped there until others took over, it does no harm when it goes on.

`make test` tries some points of each course, beginning with one that chance chooses; PAIREC_TESTS_EVERY_POINT=1 tries
all of them, and PAIREC_TESTS_FIRST_POINT begins where a failure says.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import SystemRandom

import pytest

from tests.harness.access_review_kill_points import AccessReviewKillPoints, ShortenedReviewKillPoints
from tests.harness.away_kill_points import AwayKillPoints
from tests.harness.break_glass_kill_points import BreakGlassKillPoints
from tests.harness.cloud_record_kill_points import CloudRecordKillPoints
from tests.harness.comment_kill_points import CommentKillPoints
from tests.harness.databases import Databases
from tests.harness.drift_kill_points import DriftKillPoints
from tests.harness.escalation_kill_points import EscalationKillPoints
from tests.harness.extension_kill_points import ExtensionKillPoints
from tests.harness.hand_kill_points import HandKillPoints
from tests.harness.kill_points import Course, KillPoints
from tests.harness.offboarding_kill_points import OffboardingKillPoints
from tests.harness.onboarding_kill_points import OnboardingKillPoints
from tests.harness.process_pool import ProcessPool
from tests.harness.reminder_kill_points import ReminderKillPoints
from tests.harness.review_kill_points import ReviewKillPoints
from tests.harness.rule_kill_points import RuleKillPoints
from tests.harness.scheduled_review_kill_points import ScheduledReviewKillPoints
from tests.harness.start_kill_points import StartKillPoints
from tests.harness.unreminded_kill_points import UnremindedKillPoints
from tests.harness.unreviewed_kill_points import UnreviewedKillPoints
from tests.harness.workflow_kill_points import WorkflowKillPoints

EVERY_POINT = os.environ.get("PAIREC_TESTS_EVERY_POINT") == "1"
FIRST_POINT = int(os.environ.get("PAIREC_TESTS_FIRST_POINT") or SystemRandom().randrange(1, 1_000))
OFFICES = 4
"""So many work side by side, since most of a bot's short life is waiting."""


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_ends_as_if_it_had_not_been(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 3 if databases_of is None else 12
    assert _try(tmp_path, process_pool, Course(), databases_of, every) > 80, "hardly any points were counted"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_is_replaced_by_the_one_beside_it(
    tmp_path: Path, process_pool: ProcessPool, databases: Databases
) -> None:
    """On PostgreSQL alone: one process is what a SQLite file is for."""
    _try(tmp_path, process_pool, Course(beside=True), databases, 12)


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_stopped_at_any_point_until_others_took_over_does_no_harm_when_it_goes_on(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    _try(tmp_path, process_pool, Course(dies=False), databases_of, 12)


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_what_is_given_by_hand_is_asked_for_and_ends_once_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 24 if databases_of is None else 36
    assert _try(tmp_path, process_pool, Course(), databases_of, every, HandKillPoints) > 40, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_creates_one_user_and_asks_once(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 12 if databases_of is None else 36
    assert _try(tmp_path, process_pool, Course(), databases_of, every, OnboardingKillPoints) > 100, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_offboards_somebody_once(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 15 if databases_of is None else 48
    assert _try(tmp_path, process_pool, Course(), databases_of, every, OffboardingKillPoints) > 40, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_reminds_of_a_request_and_at_most_once_more(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 3 if databases_of is None else 9
    assert _try(tmp_path, process_pool, Course(), databases_of, every, ReminderKillPoints) > 8, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_says_that_nobody_was_reminded_and_at_most_once_more(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 3 if databases_of is None else 9
    assert _try(tmp_path, process_pool, Course(), databases_of, every, UnremindedKillPoints) > 8, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_who_is_away_is_so_once_and_back_at_that_moment_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 3 if databases_of is None else 9
    assert _try(tmp_path, process_pool, Course(), databases_of, every, AwayKillPoints) > 8, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_comment_is_recorded_once_and_reaches_whom_it_is_for_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 3 if databases_of is None else 9
    assert _try(tmp_path, process_pool, Course(), databases_of, every, CommentKillPoints) > 8, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_what_nobody_decides_is_escalated_once_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 3 if databases_of is None else 9
    assert _try(tmp_path, process_pool, Course(), databases_of, every, EscalationKillPoints) > 8, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_of_a_review_records_it_once_and_goes_on(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 15 if databases_of is None else 48
    assert _try(tmp_path, process_pool, Course(), databases_of, every, ReviewKillPoints) > 60, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_revokes_what_was_granted_elsewhere_once(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 15 if databases_of is None else 48
    assert _try(tmp_path, process_pool, Course(), databases_of, every, DriftKillPoints) > 60, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_what_is_extended_is_held_to_its_new_end_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 12 if databases_of is None else 48
    assert _try(tmp_path, process_pool, Course(), databases_of, every, ExtensionKillPoints) > 20, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_what_is_taken_in_an_emergency_and_its_review_happen_once_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 12 if databases_of is None else 48
    assert _try(tmp_path, process_pool, Course(), databases_of, every, BreakGlassKillPoints) > 20, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_workflow_asks_once_and_is_told_what_became_of_it_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 12 if databases_of is None else 48
    assert _try(tmp_path, process_pool, Course(), databases_of, every, WorkflowKillPoints) > 40, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_bot_killed_at_any_point_of_a_look_at_the_clouds_record_misses_no_theft_and_tells_it_once(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 9 if databases_of is None else 36
    assert _try(tmp_path, process_pool, Course(), databases_of, every, CloudRecordKillPoints) > 10, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_an_access_review_is_gone_through_and_signed_once_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 24 if databases_of is None else 72
    assert _try(tmp_path, process_pool, Course(), databases_of, every, AccessReviewKillPoints) > 60, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_what_a_review_shortens_ends_at_its_new_time_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 24 if databases_of is None else 72
    assert _try(tmp_path, process_pool, Course(), databases_of, every, ShortenedReviewKillPoints) > 60, (
        "hardly any points"
    )


def test_what_nobody_reviewed_is_revoked_once_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 12 if databases_of is None else 36
    assert _try(tmp_path, process_pool, Course(), databases_of, every, UnreviewedKillPoints) > 30, "hardly any points"


@pytest.mark.timeout(1_800 if EVERY_POINT else 180)
def test_a_review_that_is_due_starts_once_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 24 if databases_of is None else 72
    assert _try(tmp_path, process_pool, Course(), databases_of, every, ScheduledReviewKillPoints) > 30, "hardly any"


def test_what_a_rule_approves_is_given_once_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 9 if databases_of is None else 36
    assert _try(tmp_path, process_pool, Course(), databases_of, every, RuleKillPoints) > 20, "hardly any points"


def test_what_was_approved_for_later_begins_once_although_the_bot_is_killed_at_any_point(
    tmp_path: Path, process_pool: ProcessPool, databases_of: Databases | None
) -> None:
    every = 9 if databases_of is None else 36
    assert _try(tmp_path, process_pool, Course(), databases_of, every, StartKillPoints) > 20, "hardly any points"


def _try(
    folder: Path,
    process_pool: ProcessPool,
    course: Course,
    databases: Databases | None,
    every: int,
    of_kind: type[KillPoints] = KillPoints,
) -> int:
    """Every so many points, each app its share of them, until a bot lives to the end; the first number that no bot
    came to.
    """
    step = 1 if EVERY_POINT else every
    first = (FIRST_POINT - 1) % step + 1
    failed = threading.Event()

    def share(number: int) -> int:
        own = folder / f"app-{number}"
        own.mkdir()
        at = first + number * step
        try:
            with of_kind(own, process_pool, course, databases.new() if databases else None) as kill_points:
                while not failed.is_set() and kill_points.live_through(at):
                    at += OFFICES * step
        except BaseException as error:
            failed.set()
            error.add_note(f"To see it again: PAIREC_TESTS_FIRST_POINT={first}")
            raise
        return at

    with ThreadPoolExecutor(OFFICES) as pool:
        shares = [pool.submit(share, number) for number in range(OFFICES)]
    for each in shares:
        if error := each.exception():
            raise error
    return min(each.result() for each in shares)
