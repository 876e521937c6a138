"""HTTP mode: the same bot, called by Slack instead of calling it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, HOUR, AppHarness
from tests.harness.forms import other
from tests.scenario.claiming import claims

HTTP = {"PAIREC_SLACK_MODE": "http", "SLACK_APP_TOKEN": ""}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, HTTP, pace=10.0) as opened:
        yield opened
        assert opened.sandbox.call(opened.sandbox.slack.sockets.open_sockets) == [], "it used Socket Mode"


def test_access_that_was_asked_for_in_the_form_is_granted_and_taken_back_on_time(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    assert app.carol.submit({"What": ENGINE, "Duration": "8h", "Reason": "rolling out"}) == {}
    ref = app.card("R-1001").plain.split()[0]
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    app.carol.direct_message_with("is active until")
    app.people.advance(8 * HOUR + 1)
    app.comes_to_lose("carol", ENGINE)
    app.carol.direct_message_with("has expired")
    assert app.course(ref) == ["asked", "approved", "granting", "active", "ending", "ended"]
    assert app.chain_holds()


def test_mistakes_stand_under_their_fields_and_the_form_stays_open(app: AppHarness) -> None:
    app.carol.type("/pairec-access request")
    errors = app.carol.submit({"What": ENGINE, **other("8x"), "Reason": "  "})
    assert sorted(name.partition(":")[0] for name in errors) == ["other", "reason"]
    assert "8x is not a duration" in app.carol.modal("8x is not a duration").plain
    assert app.carol.submit({"Duration": "2h", "Reason": "on call"}) == {}
    app.card("R-1001", "needs approval")


def test_ram_users_are_offered_as_they_are_typed_and_a_claim_is_made_of_one(app: AppHarness) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    assert "erin" in app.card(ref).plain
    claim = app.record(ref).claim
    assert claim and claim.principal.name == "erin"


def test_app_home_is_drawn_when_it_is_opened(app: AppHarness) -> None:
    app.carol.open_home()
    app.until(lambda: "Request access" in app.carol.home().buttons, "her home tab")


def test_a_click_that_is_delivered_twice_counts_once(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.inject_slack_fault({"fault": "redeliver"})
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)
    assert app.events(ref).count("approved") == 1
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def test_a_command_whose_answer_is_lost_was_taken_and_is_said_to_have_timed_out(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "lose_ack"})
    answer = app.carol.type(f"/pairec-access request {ENGINE} 8h rolling out")
    assert answer == {"ok": False, "error": "operation_timeout"}
    app.card("R-1001")
    assert app.requests() == 1


def test_what_a_person_does_while_no_replica_is_there_fails_and_goes_on_after_the_restart(app: AppHarness) -> None:
    app.stop_bot()
    assert app.carol.type("/pairec-access list") == {"ok": False, "error": "dispatch_failed"}
    app.start_bot()
    app.asked(app.carol, f"{ENGINE} 8h rolling out")
