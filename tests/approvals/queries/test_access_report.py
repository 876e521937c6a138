"""Whose a holding is, by what the ledger has before and after the cloud was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from approvals.entitlements import Entitlement, member_role, policy
from approvals.evidence import Held, Survey
from approvals.grant import Grant, GrantState
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.people import Principal
from approvals.queries.access_report import AccessRow, AccessSource, rows

CAROL = Principal(RamUserId("21"), "carol")
ENGINE = policy("PaiRecEngineAccess")
DEVELOPER = member_role("dataworks", "10001", "role_project_dev")
FOLLOWS = member_role("maxcompute", "ranking_dev", "role_project_dev")


def grant(state: GrantState, number: int = 1, what: Entitlement = ENGINE, ends_at: int | None = 1_000) -> Grant:
    end = None if ends_at is None else DomainMillis(ends_at)
    return Grant(
        number, 1000 + number, CAROL, what, state, end, DomainMillis(1), None, None, None, 0, False, None, None
    )


def only(survey: Survey, before: list[Grant], after: list[Grant]) -> AccessRow:
    [row] = rows(survey, before, after, {FOLLOWS: DEVELOPER})
    return row


SHOWN = Survey((Held(CAROL, ENGINE),))
ABSENT = Survey(absent=frozenset({grant(GrantState.ACTIVE).key}))


@pytest.mark.parametrize("state", [GrantState.GRANTING, GrantState.ACTIVE, GrantState.ENDING])
def test_what_is_shown_is_ours_while_a_grant_of_ours_may_be_in_the_cloud(state: GrantState) -> None:
    ours = [grant(state)]
    assert only(SHOWN, ours, ours) == AccessRow(CAROL, ENGINE, None, AccessSource.BOT, tuple(ours))


def test_what_is_shown_before_our_grant_begins_is_not_ours() -> None:
    planned = [grant(GrantState.PLANNED)]
    assert only(SHOWN, planned, planned) == AccessRow(CAROL, ENGINE, None, AccessSource.OTHERWISE)


def test_what_is_given_while_the_cloud_is_read_is_ours() -> None:
    assert only(SHOWN, [grant(GrantState.PLANNED)], [grant(GrantState.ACTIVE)]).source is AccessSource.BOT
    assert only(SHOWN, [], [grant(GrantState.ACTIVE)]).source is AccessSource.BOT


def test_what_is_taken_away_while_the_cloud_is_read_was_ours() -> None:
    assert only(SHOWN, [grant(GrantState.ACTIVE)], []).source is AccessSource.BOT


def test_what_the_cloud_does_not_show_is_told_of_a_grant_that_is_active_all_the_while() -> None:
    ours = [grant(GrantState.ACTIVE)]
    assert only(ABSENT, ours, ours) == AccessRow(CAROL, ENGINE, None, AccessSource.NOT_SHOWN, tuple(ours))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([grant(GrantState.ACTIVE)], []),
        ([grant(GrantState.ACTIVE)], [grant(GrantState.ENDING)]),
        ([grant(GrantState.GRANTING)], [grant(GrantState.ACTIVE)]),
        ([grant(GrantState.ACTIVE)], [grant(GrantState.ACTIVE, number=2)]),
    ],
)
def test_what_changes_while_the_cloud_is_read_is_not_called_missing(before: list[Grant], after: list[Grant]) -> None:
    assert rows(ABSENT, before, after, {}) == ()


def test_what_comes_through_a_group_is_never_ours() -> None:
    both = Survey((Held(CAROL, ENGINE), Held(CAROL, ENGINE, "platform")))
    ours = [grant(GrantState.ACTIVE)]
    direct, through = rows(both, ours, ours, {})
    assert (direct.source, direct.via_group) == (AccessSource.BOT, None)
    assert (through.source, through.via_group) == (AccessSource.OTHERWISE, "platform")


def test_a_grant_to_somebody_else_makes_nothing_ours() -> None:
    ours = [replace(grant(GrantState.ACTIVE), principal=Principal(RamUserId("22"), "carol"))]
    assert only(SHOWN, ours, ours).source is AccessSource.OTHERWISE


def test_what_a_product_gives_by_itself_is_from_the_grant_that_brought_it() -> None:
    shown = Survey((Held(CAROL, FOLLOWS),))
    bringing = [grant(GrantState.ACTIVE, what=DEVELOPER)]
    row = only(shown, bringing, bringing)
    assert (row.source, row.implying, row.grants) == (AccessSource.BOT, DEVELOPER, tuple(bringing))
    own = [grant(GrantState.ACTIVE, number=2, what=FOLLOWS)]
    assert only(shown, bringing + own, bringing + own) == AccessRow(CAROL, FOLLOWS, None, AccessSource.BOT, tuple(own))
    assert only(shown, [], []).source is AccessSource.OTHERWISE


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ([grant(GrantState.ACTIVE, 1, ends_at=1_000), grant(GrantState.ACTIVE, 2, ends_at=2_000)], 2_000),
        ([grant(GrantState.ACTIVE, 1, ends_at=1_000), grant(GrantState.ACTIVE, 2, ends_at=None)], None),
        ([grant(GrantState.ACTIVE, 1, ends_at=1_000), grant(GrantState.ENDING, 2, ends_at=None)], 1_000),
        ([grant(GrantState.ENDING, 1, ends_at=DomainMillis(500))], 500),
    ],
)
def test_of_several_grants_the_last_to_end_says_until_when(given: list[Grant], ends: int | None) -> None:
    assert only(SHOWN, given, given).ends_at == ends
