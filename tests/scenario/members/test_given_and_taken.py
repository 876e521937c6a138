"""A member role comes with an approval and goes when its time is up, and so does the membership that came with it."""

from __future__ import annotations

from tests.harness.app import DATA, MONITOR, AppHarness
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import ENDING, SEVERAL_ROLES
from tests.harness.products.dataworks import CASE as DATAWORKS
from tests.harness.products.maxcompute import CASE as MAXCOMPUTE
from tests.harness.products.pai import CASE as PAI
from tests.harness.program import pairec_access
from tests.harness.waiting import comes_to, time_is_up
from tests.scenario.members.asking import (
    BUNDLE,
    approved,
    done,
    gets,
    give,
    person_of,
    roles,
    stand,
    user_id,
    writes,
)

SECOND = {case: case.second for case in ENDING if case.second}
"""Another role that the bot gives in the same place, as it is asked for and as the product calls it."""


def test_a_role_and_the_membership_with_it_come_in_one_call_and_go_in_one_when_the_time_is_up(
    app: AppHarness, case: ProductCase
) -> None:
    carol = user_id(app, "carol")
    ref = gets(app, case.item)
    assert roles(app, case) == {case.role}
    joined = {"product": case.product, "action": case.joins, "params": case.given(case.place, carol), "result": "ok"}
    assert writes(app) == [joined]
    time_is_up(app)
    comes_to(app, ref, "ended")
    left = {"product": case.product, "action": case.leaves, "params": case.taken(case.place, carol), "result": "ok"}
    assert writes(app) == [joined, left]
    assert not roles(app, case)
    told = app.carol.direct_message_with("has expired").plain
    assert told.removesuffix("\n[Request again]").endswith(f"{case.title} shows it gone from `carol`.")


def test_whoever_was_a_member_before_gets_the_role_alone_and_stays_one_with_what_they_had(app: AppHarness) -> None:
    who = {case: person_of(app, case) for case in SEVERAL_ROLES}
    for case, person in who.items():
        give(app, case, case.other, person)
    refs = [approved(app, case.item, person=person) for case, person in who.items()]
    for ref in refs:
        comes_to(app, ref, "active")
    for case, person in who.items():
        assert roles(app, case, person.name) == {case.role, case.other}
    time_is_up(app)
    for ref in refs:
        comes_to(app, ref, "ended")
    for case, person in who.items():
        assert roles(app, case, person.name) == {case.other}
        added, taken = writes(app, case.product)
        theirs = case.place, user_id(app, person.name)
        assert (added["action"], added["params"], added["result"]) == (case.adds, case.added(*theirs), "ok")
        assert (taken["action"], taken["params"], taken["result"]) == (case.takes, case.role_taken(*theirs), "ok")


def test_whoever_was_a_member_without_any_role_before_is_one_afterwards(app: AppHarness) -> None:
    for case in ENDING:
        give(app, case, case.other)
        app.sandbox.membership.take(case.product, case.place, "carol", case.other)
    refs = [approved(app, case.item) for case in ENDING]
    for ref in refs:
        comes_to(app, ref, "active")
    time_is_up(app)
    for case, ref in zip(ENDING, refs, strict=True):
        comes_to(app, ref, "ended")
        assert roles(app, case) == set()


def test_whoever_got_another_role_by_hand_meanwhile_stays_a_member_with_it(app: AppHarness) -> None:
    refs = [gets(app, case.item) for case in ENDING]
    for case in ENDING:
        give(app, case, case.other)
    time_is_up(app)
    for ref in refs:
        comes_to(app, ref, "ended")
    for case in ENDING:
        assert roles(app, case) == {case.other}
        assert done(app, case.product)[-1] == (case.product, case.takes)


def test_of_two_roles_in_one_place_the_last_to_end_takes_the_membership_along(app: AppHarness) -> None:
    refs = {case: (approved(app, case.item), approved(app, item, "3h")) for case, (item, _) in SECOND.items()}
    for short, long in refs.values():
        comes_to(app, short, "active")
        comes_to(app, long, "active")
    time_is_up(app)
    for case, (short, long) in refs.items():
        comes_to(app, short, "ended")
        assert roles(app, case) == {SECOND[case][1]}
        assert app.states(long) == ["active"]
    time_is_up(app, 2 * 3600)
    for case, (_, long) in refs.items():
        comes_to(app, long, "ended")
        assert roles(app, case) is None, "still a member"
        calls = [action for _, action in done(app, case.product)]
        assert calls == [case.joins, case.adds, case.takes, case.leaves]


def test_two_roles_in_one_place_that_end_at_once_take_the_membership_along(app: AppHarness) -> None:
    refs = [approved(app, item) for case, (second, _) in SECOND.items() for item in (case.item, second)]
    for ref in refs:
        comes_to(app, ref, "active")
    time_is_up(app)
    for ref in refs:
        comes_to(app, ref, "ended")
    for case in SECOND:
        assert roles(app, case) is None, "still a member"
        calls = [action for _, action in done(app, case.product)]
        assert calls == [case.joins, case.adds, case.takes, case.leaves]


def test_a_role_that_goes_while_another_one_comes_in_the_same_place_does_not_take_it_along(app: AppHarness) -> None:
    first = {case: approved(app, case.item, "8h") for case in SECOND}
    for ref in first.values():
        comes_to(app, ref, "active")
    second = {case: app.asked(app.carol, f"{item} 8h rollout") for case, (item, _) in SECOND.items()}
    for case, ref in second.items():
        app.people.inject_ram_fault(
            {"action": case.adds, "product": case.product, "fault": "hang", "seconds": 0.4, "times": 1}
        )
        app.approve(ref, app.bob)
        app.until(lambda ref=ref: app.states(ref) == ["granting"], f"{ref} to be on its way")
        app.revokes(app.carol, first[case])
    for case, ref in second.items():
        comes_to(app, first[case], "ended")
        comes_to(app, ref, "active")
        assert roles(app, case) == {SECOND[case][1]}


def test_a_role_does_not_come_while_the_last_one_and_the_membership_with_it_are_going(app: AppHarness) -> None:
    first = gets(app, PAI.item, "8h")
    item, role = SECOND[PAI]
    second = app.asked(app.carol, f"{item} 8h rollout")
    app.people.inject_ram_fault({"action": "ListMembers", "fault": "hang", "seconds": 0.3, "times": 1})
    app.people.inject_ram_fault({"action": PAI.leaves, "fault": "hang", "seconds": 0.8, "times": 1})
    app.approve(second, app.bob)
    app.revokes(app.carol, first)
    comes_to(app, first, "ended")
    comes_to(app, second, "active")
    assert roles(app, PAI) == {role}


def test_roles_are_given_back_by_whoever_has_them_and_taken_back_by_an_approver(app: AppHarness) -> None:
    refs = [approved(app, case.item, "8h", person_of(app, case)) for case in (DATAWORKS, MAXCOMPUTE, PAI)]
    for ref in refs:
        comes_to(app, ref, "active")
    app.revokes(app.carol, refs[0], "done")
    app.erin.click("End access", app.erin.direct_message_with("is active until"))
    app.revokes(app.bob, refs[2], "not hers any more")
    for ref in refs:
        comes_to(app, ref, "ended")
    assert not roles(app, DATAWORKS) and not roles(app, MAXCOMPUTE, "erin") and not roles(app, PAI)
    app.card(refs[0], "Ended by <@U0CAROL>")
    app.card(refs[2], "Revoked by <@U0BOB>")


def test_revoke_all_takes_every_part_of_a_bundle_and_leaves_what_others_gave(app: AppHarness) -> None:
    give(app, PAI, PAI.other)
    ref = gets(app, BUNDLE, "8h")
    said = pairec_access("revoke", "--all", "carol", "--yes", **app.environment())
    assert said.returncode == 0, said.stderr
    comes_to(app, ref, "ended")
    assert (roles(app, DATAWORKS), roles(app, MAXCOMPUTE), roles(app, PAI)) == (None, set(), {PAI.other})
    assert not app.holds("carol", DATA) and not app.holds("carol", MONITOR)
    for named in (
        f"To end: {DATA} ({ref}), until 20",
        f"To end: dataworks/10001/role_project_dev ({ref}), until 20",
        "7 grants of carol will be ended now.",
    ):
        assert named in said.stdout
    stand(app, ref, dataworks="ended", maxcompute="ended", pai="ended", policy="ended")
