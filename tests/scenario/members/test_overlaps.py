"""A role that several requests want stays until the last of them is over; and one product brings a role of another."""

from __future__ import annotations

import pytest

from approvals.reconcile import ordering
from tests.harness.app import HOUR, AppHarness
from tests.harness.products.cases import SEVERAL_ROLES
from tests.harness.products.dataworks import CASE as DATAWORKS
from tests.harness.products.maxcompute import CASE as MAXCOMPUTE
from tests.harness.products.pai import CASE as PAI
from tests.harness.waiting import comes_to, in_time, time_is_up
from tests.scenario.members.asking import (
    BUNDLE,
    approved,
    done,
    gets,
    mapping_switched_off,
    person_of,
    roles,
    stand,
    writes,
)


@pytest.fixture(autouse=True)
def patient_for_the_other_product(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve seconds pass here in a little more than one, which is less than a busy machine may need for a call."""
    monkeypatch.setattr(ordering, "MAX_ORDERING_WAITS", 400)


def test_a_role_that_two_requests_want_is_given_once_and_goes_with_the_later(app: AppHarness) -> None:
    who = {case: person_of(app, case) for case in SEVERAL_ROLES}
    short = {case: approved(app, case.item, person=person) for case, person in who.items()}
    long = {case: approved(app, case.item, "3h", person) for case, person in who.items()}
    for ref in (*short.values(), *long.values()):
        comes_to(app, ref, "active")
    time_is_up(app)
    for case, person in who.items():
        comes_to(app, short[case], "ended")
        assert roles(app, case, person.name) == {case.role} and app.states(long[case]) == ["active"]
        app.card(short[case], f"RAM user `{person.name}` still has it through {long[case]}")
    time_is_up(app, 2 * HOUR)
    for case, person in who.items():
        comes_to(app, long[case], "ended")
        assert not roles(app, case, person.name)
        assert [call["action"] for call in writes(app, case.product)] == [case.joins, case.leaves]


def test_a_bundle_that_ends_leaves_the_role_to_the_request_that_asks_for_it_alone(app: AppHarness) -> None:
    bundle = gets(app, BUNDLE)
    single = gets(app, PAI.item, "3h")
    time_is_up(app)
    comes_to(app, bundle, "ended")
    assert roles(app, PAI) == {PAI.role} and not roles(app, DATAWORKS)
    assert app.states(single) == ["active"]
    time_is_up(app, 2 * HOUR)
    comes_to(app, single, "ended")
    assert done(app, "pai") == [("pai", PAI.joins), ("pai", PAI.leaves)] and roles(app, PAI) is None


def test_dataworks_goes_first_both_ways_and_maxcompute_gives_nothing_that_came_by_itself(app: AppHarness) -> None:
    ref = gets(app, BUNDLE)
    assert roles(app, DATAWORKS) == {DATAWORKS.role} and roles(app, MAXCOMPUTE) == {MAXCOMPUTE.role}
    assert done(app, "dataworks", "maxcompute") == [("dataworks", DATAWORKS.joins)]
    assert writes(app, "maxcompute") == []
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert not roles(app, DATAWORKS) and not roles(app, MAXCOMPUTE)
    calls = [(call["product"], call["action"]) for call in writes(app, "dataworks", "maxcompute")]
    assert calls[:2] == [("dataworks", DATAWORKS.joins), ("dataworks", DATAWORKS.leaves)]


def test_a_part_that_is_left_out_and_comes_with_another_all_the_same_is_said_to_come(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{BUNDLE} 1h rollout")
    app.bob.click("Approve with changes", app.card(ref, "needs approval"))
    brings = "DataWorks Developer in Ranking (workspace `10001`)"
    left_out = "MaxCompute Developer in Ranking (project `ranking_dev`)"
    form = app.bob.modal(f"Approve {ref}").plain
    assert f"{left_out} comes with {brings}. Clear both to grant neither." in form
    assert app.bob.submit({"What is granted": [brings.replace("`", "")]}) == {}
    comes_to(app, ref, "active")
    assert roles(app, MAXCOMPUTE) == {MAXCOMPUTE.role}, "DataWorks gives it"
    card = app.card(ref, "· active").plain
    assert f"➖ {left_out}: left out of the approval, but it comes with {brings}\n" in card
    assert "➖ PAI Algorithm Developer in Ranking (workspace `20001`): left out of the approval\n" in card


def test_where_dataworks_brings_nothing_maxcompute_gives_the_role_itself_after_it(app: AppHarness) -> None:
    app.sandbox.membership.change(mapping_switched_off)
    ref = gets(app, BUNDLE)
    calls = [("dataworks", DATAWORKS.joins), ("maxcompute", MAXCOMPUTE.joins)]
    assert done(app, "dataworks", "maxcompute") == calls
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert done(app, "dataworks", "maxcompute")[2:] == [
        ("dataworks", DATAWORKS.leaves),
        ("maxcompute", MAXCOMPUTE.leaves),
    ]
    assert not roles(app, MAXCOMPUTE)


def test_a_role_that_another_request_still_brings_passes_to_it_and_goes_with_it(app: AppHarness) -> None:
    both = gets(app, BUNDLE)
    bringing = gets(app, DATAWORKS.item, "3h")
    time_is_up(app)
    comes_to(app, both, "ended")
    assert roles(app, MAXCOMPUTE) == {MAXCOMPUTE.role}, "DataWorks still gives it"
    assert "comes with" in app.events(bringing)
    card = app.card(bringing, "MaxCompute Developer in Ranking").plain
    assert "MaxCompute Developer in Ranking (project `ranking_dev`): active until" in card
    assert "; it comes with DataWorks Developer in Ranking (workspace `10001`)" in card
    assert f"still has it through {bringing}" in app.card(both, "· ended").plain
    time_is_up(app, 2 * HOUR)
    comes_to(app, bringing, "ended")
    assert not roles(app, MAXCOMPUTE) and not roles(app, DATAWORKS)
    app.card(bringing, "· ended")


def test_a_role_that_goes_along_with_another_is_given_again_to_whoever_still_asks_for_it(app: AppHarness) -> None:
    both = gets(app, BUNDLE)
    alone = gets(app, MAXCOMPUTE.item, "3h")
    time_is_up(app)
    comes_to(app, both, "ended")
    in_time(app, lambda: roles(app, MAXCOMPUTE) == {MAXCOMPUTE.role}, "it to be given again")
    assert done(app, "maxcompute") == [("maxcompute", MAXCOMPUTE.joins)]
    assert app.states(alone) == ["active"]
    time_is_up(app, 2 * HOUR)
    comes_to(app, alone, "ended")
    assert not roles(app, MAXCOMPUTE)


def test_a_part_of_a_bundle_that_is_over_is_not_shown_as_there(app: AppHarness) -> None:
    bundle = gets(app, BUNDLE)
    app.revokes(app.carol, bundle)
    stand(app, bundle, dataworks="ended", maxcompute="ended", pai="ended", policy="ended")
    card = app.card(bundle, "· ended").plain
    assert "active until" not in card and card.count("ended <!date") >= 5
