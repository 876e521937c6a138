"""What somebody has in a product without the bot is theirs: it is not given again, and it is not taken away."""

from __future__ import annotations

from tests.harness.app import HOUR, AppHarness
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import SEVERAL_ROLES
from tests.harness.products.dataworks import CASE as DATAWORKS
from tests.harness.products.maxcompute import CASE as MAXCOMPUTE
from tests.harness.products.pai import CASE as PAI
from tests.harness.waiting import LONG_ENOUGH, comes_to, time_is_up
from tests.scenario.members.asking import BUNDLE, approved, done, gets, give, person_of, roles, stand, writes


def test_a_role_that_somebody_gave_before_us_is_held_and_stays_when_the_request_is_over(app: AppHarness) -> None:
    who = {case: person_of(app, case) for case in SEVERAL_ROLES}
    refs = {case: app.asked(person, f"{case.item} 1h rollout") for case, person in who.items()}
    for case, person in who.items():
        give(app, case, case.role, person)
        app.approve(refs[case], app.bob)
    for case, person in who.items():
        comes_to(app, refs[case], "held")
        app.card(refs[case], "eld before, and stays when this request ends")
        person.direct_message_with("granted elsewhere. It is left as it is.")
    time_is_up(app, 2 * HOUR)
    app.real_passes(LONG_ENOUGH)
    assert all(roles(app, case, person.name) == {case.role} for case, person in who.items())
    assert writes(app) == []


def test_a_role_that_somebody_gives_between_our_look_and_our_write_is_held_and_stays(
    app: AppHarness, telling: ProductCase
) -> None:
    ref = app.asked(app.carol, f"{telling.item} 1h rollout")
    # The look and the one right before the write show the place as it was before.
    app.people.inject_ram_fault(
        {"action": telling.reads, "product": telling.product, "fault": "lag", "seconds": 60, "times": 2}
    )
    give(app, telling, telling.role)
    app.approve(ref, app.bob)
    comes_to(app, ref, "held")
    assert done(app) == [] and [call["action"] for call in writes(app)] == [telling.joins]
    app.card(ref, "eld before, and stays when this request ends")
    time_is_up(app, 2 * HOUR)
    app.real_passes(LONG_ENOUGH)
    assert roles(app, telling) == {telling.role}
    assert len(writes(app)) == 1, "more than the one that was refused"


def test_somebody_who_is_made_a_member_between_our_look_and_our_write_gets_the_role_when_it_is_tried_again(
    app: AppHarness,
) -> None:
    case = DATAWORKS
    ref = app.asked(app.carol, f"{case.item} 1h rollout")
    app.people.inject_ram_fault(
        {"action": case.reads, "product": case.product, "fault": "lag", "seconds": 60, "times": 2}
    )
    give(app, case, case.other)
    app.approve(ref, app.bob)
    comes_to(app, ref, "failed")
    app.bob.click("Retry", app.card(ref, "DataWorks refused it."))
    comes_to(app, ref, "active")
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert roles(app, case) == {case.other}


def test_in_a_bundle_what_was_there_is_held_and_the_rest_is_given_and_taken(app: AppHarness) -> None:
    give(app, MAXCOMPUTE, MAXCOMPUTE.role)
    ref = approved(app, BUNDLE)
    stand(app, ref, dataworks="active", maxcompute="held", pai="active", policy="active")
    app.card(ref, "MaxCompute Developer in Ranking (project `ranking_dev`): held before, and stays")
    time_is_up(app)
    stand(app, ref, dataworks="ended", maxcompute="held", pai="ended", policy="ended")
    assert roles(app, MAXCOMPUTE) == {MAXCOMPUTE.role}
    assert writes(app, "maxcompute") == []


def test_whoever_has_all_of_it_already_is_told_so_and_nothing_is_asked(app: AppHarness) -> None:
    gets(app, "dataworks-developer@ranking", "8h")
    app.carol.type("/pairec-access request dataworks-developer@ranking 1h again")
    app.carol.ephemeral_with("RAM user `carol` has `dataworks-developer@ranking` already until")
    give(app, PAI, PAI.role)
    app.carol.type(f"/pairec-access request {PAI.item} 1h again")
    app.carol.ephemeral_with(f"RAM user `carol` has `{PAI.item}` already, without an end.")
    assert app.requests() == 1
