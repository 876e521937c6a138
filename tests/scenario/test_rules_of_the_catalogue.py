"""Standing rules at work: refused when it is asked for, and when it is approved, and decided by more people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.harness.app import DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, refused
from tests.harness.rules import ENGINEERS, FREEZE, INTERNS, LONG, NO_ANSWER, OWN, catalog_with
from tests.harness.waiting import comes_to
from tests.scenario.test_claimed_for_others import carol_claims, question
from tests.scenario.test_extend import extends
from tests.scenario.test_organisation import grid, known_before

Opens = Callable[..., AppHarness]


@pytest.fixture
def app_with(tmp_path: Path) -> Iterator[Opens]:
    with ExitStack() as stack:

        def opened(*rules: str) -> AppHarness:
            return stack.enter_context(AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog_with(tmp_path, *rules))}))

        yield opened


def freeze(begins_in: timedelta) -> str:
    begin = datetime.now(UTC) + begins_in
    return FREEZE.format(begin=f"{begin:%Y-%m-%dT%H:%M:%SZ}", end=f"{begin + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}")


def test_what_a_rule_denies_is_not_asked_for_and_the_trail_says_so(app_with: Opens) -> None:
    app = app_with(freeze(timedelta(hours=-1)))
    says = "The rule `release freeze` does not allow it: `The engine is frozen until Monday. Ask #release.`"
    with refused(app, app.carol, "denied_by_rule", says, act="ask"):
        app.carol.type(f"/pairec-access request {ENGINE} 8h rolling out")
    app.asked(app.carol, f"{MONITOR} 8h rolling out")
    assert app.requests() == 1


def test_a_freeze_that_begins_meanwhile_keeps_it_from_being_approved_and_nobody_is_given_it(app_with: Opens) -> None:
    app = app_with(freeze(timedelta(hours=2)))
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.people.advance(3 * HOUR)
    app.bob.click("Approve", app.card(ref))
    app.bob.ephemeral_with("The rule `release freeze` does not allow it")
    assert app.record(ref).pending and not app.holds("carol", ENGINE)


def test_a_freeze_that_begins_before_the_subjects_own_word_keeps_it_from_being_given(app_with: Opens) -> None:
    app = app_with(freeze(timedelta(hours=2)).replace(ENGINE, DATA))
    ref = carol_claims(app)
    app.approve(ref, app.bob)
    asked = question(app)
    app.people.advance(3 * HOUR)
    app.erin.click("Yes, that is me", asked)
    app.erin.direct_message_with("The rule `release freeze` does not allow it")
    assert app.record(ref).pending and not app.holds("erin", DATA)


def test_longer_access_takes_two_where_a_rule_says_so(app_with: Opens) -> None:
    app = app_with(LONG)
    ref = app.asked(app.carol, f"{MONITOR} 3d rolling out")
    assert "The rule `long takes two` wants 2 approvals." in app.card(ref, "needs 2 approvals").plain
    app.approve(ref, app.bob)
    assert app.record(ref).pending, "one is not enough"
    assert "The rule `long takes two` wants 2 approvals." in app.card(ref, "*1 of 2* approved").plain
    app.approve(ref, app.alice)
    comes_to(app, ref, "active")
    (asked,) = [entry for entry in audit_trail(app) if entry["event"] == "asked"]
    assert asked["rule"] == "long takes two"
    short = app.asked(app.carol, f"{DATA} 8h rolling out")
    assert "wants" not in app.card(short, "needs 1 approval").plain
    app.approve(short, app.bob)
    comes_to(app, short, "active")


def test_more_time_is_judged_with_all_that_came_before_it(app_with: Opens) -> None:
    app = app_with(LONG)
    ref = app.asked(app.carol, f"{MONITOR} 23h rolling out")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    more = extends(app, app.carol, app.carol.direct_message_with("is active until"), ref, "2h")
    assert "The rule `long takes two` wants 2 approvals." in app.card(more, "needs 2 approvals").plain
    app.approve(more, app.bob)
    assert app.record(more).pending, "25 hours in all take two"


def test_who_may_have_it_or_ask_for_others_goes_by_groups_in_ram(app_with: Opens) -> None:
    app = app_with(ENGINEERS, OWN)
    app.carol.type(f"/pairec-access request {ENGINE} 8h rolling out")
    app.carol.ephemeral_with("Only rec-engineers get it.")
    app.by_hand("CreateGroup", GroupName="rec-engineers")
    app.by_hand("CreateGroup", GroupName="rec-leads")
    app.by_hand("AddUserToGroup", GroupName="rec-engineers", UserName="carol")
    app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.dave.type(f"/pairec-access request {MONITOR} @carol 8h rolling out")
    app.dave.ephemeral_with("Leads ask for others.")
    app.by_hand("AddUserToGroup", GroupName="rec-leads", UserName="dave")
    app.asked(app.dave, f"{MONITOR} @carol 8h rolling out")
    assert app.requests() == 2


def test_groups_are_those_of_whoever_asks_by_whichever_id_slack_calls_them(app_with: Opens) -> None:
    app = app_with(INTERNS)
    app.by_hand("CreateGroup", GroupName="interns")
    app.by_hand("AddUserToGroup", GroupName="interns", UserName="carol")
    grid(app)
    known_before(app, "carol")
    app.carol.type(f"/pairec-access request {ENGINE} @dave 8h rolling out")
    app.carol.ephemeral_with("The rule `not for interns` does not allow it")
    assert app.requests() == 0


def test_a_rule_that_comes_to_no_answer_refuses_and_says_who_corrects_it(app_with: Opens) -> None:
    app = app_with(NO_ANSWER)
    app.carol.type(f"/pairec-access request {ENGINE} 8h rolling out")
    app.carol.ephemeral_with("The rule `counts wrong` comes to no answer (`divide by zero`)")
    assert app.requests() == 0


def test_whoever_sent_a_form_hears_it_in_person(app_with: Opens) -> None:
    app = app_with(freeze(timedelta(hours=-1)))
    app.carol.type("/pairec-access request")
    assert app.carol.submit({"What": ENGINE, "Duration": "8h", "Reason": "rolling out"}) == {}
    app.carol.direct_message_with("The rule `release freeze` does not allow it")
    assert app.requests() == 0
