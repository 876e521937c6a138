"""A role that several requests want stays until the last of them is over; and one product brings a role of another."""

from __future__ import annotations

from tests.harness.app import HOUR, AppHarness
from tests.harness.waiting import comes_to, in_time, time_is_up
from tests.scenario.members.asking import BUNDLE, approved, done, gets, mapping_switched_off, roles, stand, writes
from tests.scenario.members.cases import CASES, DATAWORKS, MAXCOMPUTE, PAI


def test_a_role_that_two_requests_want_is_given_once_and_goes_with_the_later(office: AppHarness) -> None:
    who = {case: office.erin if case is MAXCOMPUTE else office.carol for case in CASES}
    short = {case: approved(office, case.item, person=person) for case, person in who.items()}
    long = {case: approved(office, case.item, "3h", person) for case, person in who.items()}
    for ref in (*short.values(), *long.values()):
        comes_to(office, ref, "active")
    time_is_up(office)
    for case, person in who.items():
        comes_to(office, short[case], "ended")
        assert roles(office, case, person.name) == {case.role} and office.states(long[case]) == ["active"]
        office.card(short[case], f"RAM user `{person.name}` still has it through {long[case]}")
    time_is_up(office, 2 * HOUR)
    for case, person in who.items():
        comes_to(office, long[case], "ended")
        assert not roles(office, case, person.name)
        assert [call["action"] for call in writes(office, case.product)] == [case.joins, case.leaves]


def test_a_bundle_that_ends_leaves_the_role_to_the_request_that_asks_for_it_alone(office: AppHarness) -> None:
    bundle = gets(office, BUNDLE)
    single = gets(office, PAI.item, "3h")
    time_is_up(office)
    comes_to(office, bundle, "ended")
    assert roles(office, PAI) == {PAI.role} and not roles(office, DATAWORKS)
    assert office.states(single) == ["active"]
    time_is_up(office, 2 * HOUR)
    comes_to(office, single, "ended")
    assert done(office, "pai") == [("pai", PAI.joins), ("pai", PAI.leaves)] and roles(office, PAI) is None


def test_dataworks_goes_first_both_ways_and_maxcompute_gives_nothing_that_came_by_itself(office: AppHarness) -> None:
    ref = gets(office, BUNDLE)
    assert roles(office, DATAWORKS) == {DATAWORKS.role} and roles(office, MAXCOMPUTE) == {MAXCOMPUTE.role}
    assert done(office, "dataworks", "maxcompute") == [("dataworks", DATAWORKS.joins)]
    assert writes(office, "maxcompute") == []
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert not roles(office, DATAWORKS) and not roles(office, MAXCOMPUTE)
    calls = [(call["product"], call["action"]) for call in writes(office, "dataworks", "maxcompute")]
    assert calls[:2] == [("dataworks", DATAWORKS.joins), ("dataworks", DATAWORKS.leaves)]


def test_a_part_that_is_left_out_and_comes_with_another_all_the_same_is_said_to_come(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{BUNDLE} 1h rollout")
    office.bob.click("Approve with changes", office.card(ref, "waiting for approval"))
    brings = "DataWorks Developer in Ranking (workspace `10001`)"
    left_out = "MaxCompute Developer in Ranking (project `ranking_dev`)"
    form = office.bob.modal(f"Approve {ref}").plain
    assert f"{left_out} comes by itself with {brings}. Untick both to give neither." in form
    assert office.bob.submit({"What is given": [brings.replace("`", "")]}) == {}
    comes_to(office, ref, "active")
    assert roles(office, MAXCOMPUTE) == {MAXCOMPUTE.role}, "DataWorks gives it"
    card = office.card(ref, "· active").plain
    assert f"➖ {left_out}: left out of the approval, but it comes with {brings}\n" in card
    assert "➖ PAI Algorithm Developer in Ranking (workspace `20001`): left out of the approval\n" in card


def test_where_dataworks_brings_nothing_maxcompute_gives_the_role_itself_after_it(office: AppHarness) -> None:
    office.sandbox.membership.change(mapping_switched_off)
    ref = gets(office, BUNDLE)
    calls = [("dataworks", DATAWORKS.joins), ("maxcompute", MAXCOMPUTE.joins)]
    assert done(office, "dataworks", "maxcompute") == calls
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert done(office, "dataworks", "maxcompute")[2:] == [
        ("dataworks", DATAWORKS.leaves),
        ("maxcompute", MAXCOMPUTE.leaves),
    ]
    assert not roles(office, MAXCOMPUTE)


def test_a_role_that_another_request_still_brings_passes_to_it_and_goes_with_it(office: AppHarness) -> None:
    both = gets(office, BUNDLE)
    bringing = gets(office, DATAWORKS.item, "3h")
    time_is_up(office)
    comes_to(office, both, "ended")
    assert roles(office, MAXCOMPUTE) == {MAXCOMPUTE.role}, "DataWorks still gives it"
    assert "comes with" in office.events(bringing)
    card = office.card(bringing, "MaxCompute Developer in Ranking").plain
    assert "MaxCompute Developer in Ranking (project `ranking_dev`): active until" in card
    assert "; it comes with DataWorks Developer in Ranking (workspace `10001`)" in card
    assert f"still has it through {bringing}" in office.card(both, "· ended").plain
    time_is_up(office, 2 * HOUR)
    comes_to(office, bringing, "ended")
    assert not roles(office, MAXCOMPUTE) and not roles(office, DATAWORKS)
    office.card(bringing, "· ended")


def test_a_role_that_goes_along_with_another_is_given_again_to_whoever_still_asks_for_it(office: AppHarness) -> None:
    both = gets(office, BUNDLE)
    alone = gets(office, MAXCOMPUTE.item, "3h")
    time_is_up(office)
    comes_to(office, both, "ended")
    in_time(office, lambda: roles(office, MAXCOMPUTE) == {MAXCOMPUTE.role}, "it to be given again")
    assert done(office, "maxcompute") == [("maxcompute", MAXCOMPUTE.joins)]
    assert office.states(alone) == ["active"]
    time_is_up(office, 2 * HOUR)
    comes_to(office, alone, "ended")
    assert not roles(office, MAXCOMPUTE)


def test_a_part_of_a_bundle_that_is_over_is_not_shown_as_there(office: AppHarness) -> None:
    bundle = gets(office, BUNDLE)
    office.revokes(office.carol, bundle)
    stand(office, bundle, dataworks="ended", maxcompute="ended", pai="ended", policy="ended")
    card = office.card(bundle, "· ended").plain
    assert "active until" not in card and card.count("ended <!date") >= 5
