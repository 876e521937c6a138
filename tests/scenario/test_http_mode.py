"""HTTP mode: the same bot, called by Slack instead of calling it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.scenario.claiming import claims

HTTP = {"PAIREC_SLACK_MODE": "http", "SLACK_APP_TOKEN": ""}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, HTTP, pace=10.0) as opened:
        yield opened
        assert opened.sandbox.call(opened.sandbox.slack.sockets.open_sockets) == [], "it used Socket Mode"


def test_access_that_was_asked_for_in_the_form_is_granted_and_taken_back_on_time(office: AppHarness) -> None:
    office.carol.types("/pairec-access request")
    assert office.carol.submit({"What": ENGINE, "For how long": "8h", "Why": "rolling out"}) == {}
    ref = office.card("R-1001").plain.split()[0]
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    office.carol.direct_message_with("is active until")
    office.people.advance(8 * HOUR + 1)
    office.comes_to_lose("carol", ENGINE)
    office.carol.direct_message_with("has ended, its time is up")
    assert office.course(ref) == ["asked", "approved", "granting", "active", "ending", "ended"]
    assert office.chain_holds()


def test_mistakes_stand_under_their_fields_and_the_form_stays_open(office: AppHarness) -> None:
    office.carol.types("/pairec-access request")
    errors = office.carol.submit({"What": ENGINE, "For how long": "8x", "Why": "  "})
    assert sorted(name.partition(":")[0] for name in errors) == ["duration", "reason"]
    assert "8x is not a duration" in office.carol.modal("8x is not a duration").plain
    assert office.carol.submit({"For how long": "2h", "Why": "on call"}) == {}
    office.card("R-1001", "waiting for approval")


def test_ram_users_are_offered_as_they_are_typed_and_a_claim_is_made_of_one(office: AppHarness) -> None:
    ref = claims(office, office.erin, "erin", DATA)
    assert "erin" in office.card(ref).plain
    claim = office.record(ref).claim
    assert claim and claim.principal.name == "erin"


def test_app_home_is_drawn_when_it_is_opened(office: AppHarness) -> None:
    office.carol.open_home()
    office.until(lambda: "Request access" in office.carol.home().buttons, "her home tab")


def test_a_click_that_is_delivered_twice_counts_once(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rolling out")
    office.people.order_slack({"fault": "redeliver"})
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)
    assert office.events(ref).count("approved") == 1
    assert office.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def test_a_command_whose_answer_is_lost_was_taken_and_is_said_to_have_timed_out(office: AppHarness) -> None:
    office.people.order_slack({"fault": "lose_ack"})
    answer = office.carol.types(f"/pairec-access request {ENGINE} 8h rolling out")
    assert answer == {"ok": False, "error": "operation_timeout"}
    office.card("R-1001")
    assert office.requests() == 1


def test_what_a_person_does_while_no_replica_is_there_fails_and_goes_on_after_the_restart(office: AppHarness) -> None:
    office.stop_bot()
    assert office.carol.types("/pairec-access list") == {"ok": False, "error": "dispatch_failed"}
    office.start_bot()
    office.asked(office.carol, f"{ENGINE} 8h rolling out")
