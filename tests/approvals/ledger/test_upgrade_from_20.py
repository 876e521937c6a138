"""Onboardings of a ledger from before one could be withdrawn stay as they are, and may be withdrawn from then on."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from approvals.ids import SlackUserId
from approvals.ledger import Ledger, onboardings, open_ledger
from approvals.onboarding import OnboardingState, as_details, of_details
from tests.approvals.ledger.test_upgrade_from_19 import ASKED
from tests.harness.older_ledgers import program_of_step

BEFORE = 20
DENIED = replace(
    ASKED, public_id="b" * 32, subject=SlackUserId("U8"), state=OnboardingState.DENIED, decided_by=SlackUserId("U2")
)


@pytest.fixture
def upgraded(address: str) -> Ledger:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        onboardings.insert(tx, ASKED, "line:1")
        onboardings.insert(tx, DENIED, "line:2")
        tx.run("UPDATE onboardings SET decided_by = 'U2' WHERE public_id = :id", id=DENIED.public_id)
    return open_ledger(address)


def test_every_onboarding_is_there_as_it_was_and_an_open_one_is_withdrawn(upgraded: Ledger) -> None:
    with closing(upgraded), upgraded.write() as tx:
        assert (onboardings.get(tx, ASKED.public_id), onboardings.get(tx, DENIED.public_id)) == (ASKED, DENIED)
        cancelled = replace(ASKED, state=OnboardingState.CANCELLED)
        assert onboardings.update(tx, cancelled, was=OnboardingState.PENDING)
        assert onboardings.get(tx, ASKED.public_id) == cancelled
        assert onboardings.open_of(tx, ASKED.team_id, ASKED.subject) is None
        onboardings.insert(tx, replace(ASKED, public_id="c" * 32), "line:3")


def test_of_one_person_one_is_still_open_at_a_time_and_a_line_that_came_twice_is_one(upgraded: Ledger) -> None:
    with closing(upgraded):
        for again, key in ((ASKED, "line:3"), (replace(ASKED, subject=SlackUserId("U7")), "line:1")):
            with pytest.raises(upgraded.engine_errors), upgraded.write() as tx:
                onboardings.insert(tx, replace(again, public_id="c" * 32), key)


def test_a_denial_keeps_its_reason(upgraded: Ledger) -> None:
    denied = replace(ASKED, state=OnboardingState.DENIED, reason="not now")
    with closing(upgraded), upgraded.write() as tx:
        assert onboardings.update(tx, denied, was=OnboardingState.PENDING)
        assert onboardings.get(tx, ASKED.public_id) == denied


def test_a_card_of_before_is_read_although_it_says_nothing_of_a_reason() -> None:
    details = as_details(DENIED)
    del details["reason"]
    assert of_details(details) == DENIED
