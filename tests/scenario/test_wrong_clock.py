"""A clock that is wrong for a while and put right: access is given and taken back as ever, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from approvals.ledger.job_kinds import JobKind
from approvals.operations import clock_set
from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.scenario.test_extend import HOUR_MS, active, extends

PACE = 10.0
TEN_MINUTES = 600.0
YEAR = 365 * 24 * 3600.0


@pytest.fixture
def app(tmp_path: Path, address: str) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, pace=PACE, ledger_address=address) as opened:
        yield opened


def given(app: AppHarness, line: str, policy: str) -> str:
    ref = app.asked(app.carol, line)
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", policy)
    app.card(ref, "active")
    return ref


def given_back(app: AppHarness, ref: str, policy: str) -> None:
    app.revokes(app.carol, ref)
    app.comes_to_lose("carol", policy)
    app.carol.direct_message_with("was ended")
    app.card(ref, "ended")


@pytest.mark.parametrize("by", [TEN_MINUTES, -TEN_MINUTES, YEAR], ids=["ahead", "behind", "a year ahead"])
def test_a_clock_that_is_wrong_for_a_while_holds_up_nothing_when_it_is_put_right(app: AppHarness, by: float) -> None:
    before = given(app, f"{ENGINE} until-revoked rollout", ENGINE)
    app.clock_is_set(by)
    meanwhile = given(app, f"{DATA} until-revoked rollout", DATA)
    app.clock_is_set(-by)
    given_back(app, before, ENGINE)
    given_back(app, meanwhile, DATA)


@pytest.mark.parametrize("by", [TEN_MINUTES, -TEN_MINUTES, YEAR], ids=["ahead", "behind", "a year ahead"])
def test_a_bot_that_was_started_by_a_wrong_clock_holds_up_nothing_when_it_is_started_by_a_right_one(
    app: AppHarness, by: float
) -> None:
    before = given(app, f"{ENGINE} until-revoked rollout", ENGINE)
    app.stop_bot()
    app.clock_is_set(by)
    app.start_bot()
    meanwhile = given(app, f"{DATA} until-revoked rollout", DATA)
    app.stop_bot()
    app.clock_is_set(-by)
    app.start_bot()
    given_back(app, before, ENGINE)
    given_back(app, meanwhile, DATA)


def test_a_revoke_that_fails_while_the_clock_is_ahead_is_tried_again_when_it_is_put_right(app: AppHarness) -> None:
    ref = given(app, f"{ENGINE} until-revoked rollout", ENGINE)
    app.clock_is_set(TEN_MINUTES)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "no_permission", "times": 2})
    app.revokes(app.carol, ref)
    app.until(lambda: any(grant.error_kind for grant in app.record(ref).grants), "the revoke to fail")
    app.clock_is_set(-TEN_MINUTES)
    app.comes_to_lose("carol", ENGINE)


def test_access_that_was_approved_by_a_clock_that_was_ahead_ends_when_it_was_meant_to(app: AppHarness) -> None:
    app.clock_is_set(YEAR)
    ref = given(app, f"{ENGINE} 1h rollout", ENGINE)
    app.clock_is_set(-YEAR)
    app.until(lambda: "clock was ahead" in app.events(ref), "its time to be put right")
    assert app.holds("carol", ENGINE)
    app.people.advance(HOUR + 1)
    app.comes_to_lose("carol", ENGINE)


@pytest.mark.parametrize("first_too", [False, True], ids=["the extension alone", "what it extends as well"])
def test_more_time_that_was_approved_by_a_clock_that_was_ahead_begins_where_what_it_extends_ends(
    app: AppHarness, first_too: bool
) -> None:
    if first_too:
        app.clock_is_set(2 * HOUR)
    ref, told = active(app)
    before = app.record(ref).request.ends_at or 0
    if not first_too:
        app.clock_is_set(2 * HOUR)
    more = extends(app, app.carol, told, ref, "1h")
    app.approve(more, app.bob)
    app.card(more, "· active")
    app.clock_is_set(-2 * HOUR)
    app.until(lambda: "clock was ahead" in app.events(more), "its time to be put right")
    ends_at = app.record(ref).request.ends_at or 0
    assert before - ends_at == pytest.approx(2 * HOUR_MS if first_too else 0, abs=HOUR_MS)
    assert app.record(more).request.ends_at == ends_at + HOUR_MS
    assert {grant.ends_at for grant in app.record(more).grants} == {ends_at + HOUR_MS}
    assert app.chain_holds()


def test_access_ends_on_time_by_a_clock_that_was_put_right(app: AppHarness) -> None:
    ref = given(app, f"{ENGINE} 1h rollout", ENGINE)
    app.clock_is_set(-TEN_MINUTES)
    app.clock_is_set(TEN_MINUTES)
    app.people.advance(HOUR + 1)
    app.comes_to_lose("carol", ENGINE)
    app.card(ref, "ended")


def test_of_every_kind_of_work_it_is_known_when_it_may_be_due(app: AppHarness) -> None:
    assert app.program is not None
    kinds = {kind for worker in app.program._all_workers for kind in worker._kinds}
    # An app that is told of no place for the trail has nobody to bring it there, and one of no region, to read there.
    kinds |= {
        JobKind.CLOUD_RECORD,
        JobKind.ANCHOR,
        JobKind.ANCHOR_POST,
        JobKind.ANCHOR_OBJECT,
        JobKind.EXPORT_FILE,
        JobKind.EXPORT_WEBHOOK,
    }
    assert kinds == {*clock_set.DUE_AT_ONCE_KINDS, *clock_set.MAX_INTERVALS_MS, *clock_set.DUE_LATER_KINDS}
