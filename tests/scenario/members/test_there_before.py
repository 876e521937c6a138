"""What somebody has in a product without the bot is theirs: it is not given again, and it is not taken away."""

from __future__ import annotations

from tests.harness.app import HOUR, AppHarness
from tests.harness.waiting import LONG_ENOUGH, comes_to, time_is_up
from tests.scenario.members.asking import BUNDLE, approved, done, gets, give, roles, stand, writes
from tests.scenario.members.cases import DATAWORKS, MAXCOMPUTE, PAI, Case

READ = {"dataworks": "ListProjectMembers", "maxcompute": "ListUsersByRole", "pai": "ListMembers"}


def test_a_role_that_somebody_gave_before_us_is_held_and_stays_when_the_request_is_over(office: AppHarness) -> None:
    who = {DATAWORKS: office.carol, MAXCOMPUTE: office.erin, PAI: office.carol}
    refs = {case: office.asked(person, f"{case.item} 1h rollout") for case, person in who.items()}
    for case, person in who.items():
        give(office, case, case.role, person)
        office.approve(refs[case], office.bob)
    for case, person in who.items():
        comes_to(office, refs[case], "held")
        office.card(refs[case], "as there before, and stays when this request ends")
        person.direct_message_with("given by somebody else. It is left as it is.")
    time_is_up(office, 2 * HOUR)
    office.real_passes(LONG_ENOUGH)
    assert all(roles(office, case, person.name) == {case.role} for case, person in who.items())
    assert writes(office) == []


def test_a_role_that_somebody_gives_between_our_look_and_our_write_is_held_and_stays(
    office: AppHarness, case: Case
) -> None:
    ref = office.asked(office.carol, f"{case.item} 1h rollout")
    # The look and the one right before the write show the place as it was before.
    office.people.order_ram({"action": READ[case.product], "fault": "lag", "seconds": 60, "times": 2})
    give(office, case, case.role)
    office.approve(ref, office.bob)
    comes_to(office, ref, "held")
    assert done(office) == [] and [call["action"] for call in writes(office)] == [case.joins]
    office.card(ref, "as there before, and stays when this request ends")
    time_is_up(office, 2 * HOUR)
    office.real_passes(LONG_ENOUGH)
    assert roles(office, case) == {case.role}
    assert len(writes(office)) == 1, "more than the one that was refused"


def test_somebody_who_is_made_a_member_between_our_look_and_our_write_gets_the_role_when_it_is_tried_again(
    office: AppHarness,
) -> None:
    case = DATAWORKS
    ref = office.asked(office.carol, f"{case.item} 1h rollout")
    office.people.order_ram({"action": READ[case.product], "fault": "lag", "seconds": 60, "times": 2})
    give(office, case, case.other)
    office.approve(ref, office.bob)
    comes_to(office, ref, "failed")
    office.bob.click("Try again", office.card(ref, "DataWorks refused it."))
    comes_to(office, ref, "active")
    time_is_up(office)
    comes_to(office, ref, "ended")
    assert roles(office, case) == {case.other}


def test_in_a_bundle_what_was_there_is_held_and_the_rest_is_given_and_taken(office: AppHarness) -> None:
    give(office, MAXCOMPUTE, MAXCOMPUTE.role)
    ref = approved(office, BUNDLE)
    stand(office, ref, dataworks="active", maxcompute="held", pai="active", policy="active")
    office.card(ref, "MaxCompute Developer in Ranking (project `ranking_dev`): was there before, and stays")
    time_is_up(office)
    stand(office, ref, dataworks="ended", maxcompute="held", pai="ended", policy="ended")
    assert roles(office, MAXCOMPUTE) == {MAXCOMPUTE.role}
    assert writes(office, "maxcompute") == []


def test_whoever_has_all_of_it_already_is_told_so_and_nothing_is_asked(office: AppHarness) -> None:
    gets(office, "dataworks-developer@ranking", "8h")
    office.carol.types("/pairec-access request dataworks-developer@ranking 1h again")
    office.carol.ephemeral_with("RAM user `carol` has `dataworks-developer@ranking` already until")
    give(office, PAI, PAI.role)
    office.carol.types(f"/pairec-access request {PAI.item} 1h again")
    office.carol.ephemeral_with(f"RAM user `carol` has `{PAI.item}` already, without an end.")
    assert office.requests() == 1
