"""A ledger from before people were onboarded takes onboardings, and everything in it stays."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, onboardings, open_ledger, requests
from approvals.ledger.copying import TABLES
from approvals.millis import DAY
from approvals.onboarding import NewUser, Onboarding, OnboardingProblem, OnboardingState
from tests.harness.builders import NOW, ask
from tests.harness.older_ledgers import program_of_step

BEFORE = 19
ASKED = Onboarding(
    public_id="a" * 32,
    team_id="T1",
    requester=SlackUserId("U1"),
    requester_ram_id=RamUserId("200"),
    subject=SlackUserId("U9"),
    user=NewUser("heidi", "Heidi Roth", "heidi@example.com"),
    domain="example.onaliyun.com",
    sso=None,
    item="algorithm-engineer",
    state=OnboardingState.PENDING,
    created_at=NOW,
    expires_at=NOW + 7 * DAY,
)


@pytest.fixture
def upgraded(address: str) -> Ledger:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        ask(tx, 1001)
    return open_ledger(address)


def test_what_was_asked_before_stays_and_an_onboarding_reads_as_it_was_written(upgraded: Ledger) -> None:
    with closing(upgraded), upgraded.write() as tx:
        assert requests.get(tx, 1001)
        assert onboardings.open_of(tx, "T1", ASKED.subject) is None
        onboardings.insert(tx, ASKED, "line:1")
        assert onboardings.get(tx, ASKED.public_id) == ASKED == onboardings.by_asked_key(tx, "line:1")
        after = replace(
            ASKED,
            state=OnboardingState.DONE,
            sso=None,
            decided_at=NOW + 1,
            decided_by=SlackUserId("U2"),
            ram_user_id=RamUserId("201"),
            problem=OnboardingProblem.NOT_ASKED,
            error_action="CreateUser",
            error_code="X",
            error_request_id="Y",
            request_id=1002,
        )
        assert onboardings.update(tx, after, was=OnboardingState.PENDING)
        assert not onboardings.update(tx, after, was=OnboardingState.PENDING), "it moved on meanwhile"
        assert onboardings.get(tx, ASKED.public_id) == after
        assert onboardings.open_names(tx) == set()


def test_of_one_person_one_is_open_at_a_time(upgraded: Ledger) -> None:
    with closing(upgraded):
        with upgraded.write() as tx:
            onboardings.insert(tx, ASKED, "line:1")
        with pytest.raises(upgraded.engine_errors), upgraded.write() as tx:
            onboardings.insert(tx, replace(ASKED, public_id="b" * 32), "line:2")
        with upgraded.write() as tx:
            onboardings.update(tx, replace(ASKED, state=OnboardingState.DENIED), was=OnboardingState.PENDING)
            onboardings.insert(tx, replace(ASKED, public_id="b" * 32), "line:2")


def test_what_is_open_moves_to_another_workspace_but_for_whom_one_is_open_there(upgraded: Ledger) -> None:
    other = replace(ASKED, public_id="c" * 32, subject=SlackUserId("U8"))
    with closing(upgraded), upgraded.write() as tx:
        onboardings.insert(tx, ASKED, "line:1")
        onboardings.insert(tx, other, "line:2")
        onboardings.insert(tx, replace(other, public_id="d" * 32, team_id="T2"), "line:3")
        onboardings.move(tx, "T1", "T2")
        moved, stayed = onboardings.get(tx, ASKED.public_id), onboardings.get(tx, other.public_id)
        assert moved and stayed and (moved.team_id, stayed.team_id) == ("T2", "T1")


def test_a_copy_of_a_ledger_has_its_onboardings(tmp_path: Path) -> None:
    assert "onboardings" in TABLES
