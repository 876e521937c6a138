"""Tickets lead to the tracker that a setting names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, AppHarness
from tests.scenario.test_lists_and_home import Look, by_home, by_list

SETTING = {"PAIREC_TICKET_URL": "https://tracker.example.com/browse/{ticket}"}
LINK = "<https://tracker.example.com/browse/rec%2F12%233|`rec/12#3`>"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, SETTING, pace=10.0) as opened:
        yield opened


def test_the_card_and_its_details_lead_to_the_ticket(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h ticket:rec/12#3 rollout")
    assert f"*Ticket*\n{LINK}" in app.card(ref).plain
    app.bob.click("Details", app.card(ref))
    assert f"*Ticket*\n{LINK}" in app.bob.modal(ref).plain


@pytest.mark.parametrize("look", [by_list, by_home])
def test_an_approver_is_shown_the_ticket_of_what_waits_for_them(app: AppHarness, look: Look) -> None:
    app.asked(app.carol, f"{ENGINE} 8h ticket:rec/12#3 rollout")
    app.asked(app.carol, f"{DATA} 8h rollout")
    shown = look(app.bob).plain
    assert f"Ticket {LINK}" in shown
    assert shown.count("Ticket ") == 1


@pytest.mark.parametrize("ticket", ["A|B", "A>B", "&lt;!channel&gt;", "工单-7", "..", "/../../admin"])
def test_what_is_no_ticket_is_refused_before_anybody_is_shown_a_link(app: AppHarness, ticket: str) -> None:
    app.carol.type(f"/pairec-access request {ENGINE} 8h ticket:{ticket} rollout")
    app.carol.ephemeral_with("A ticket is a reference such as ABC-1")
    assert app.requests() == 0
