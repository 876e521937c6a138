"""A member role comes with an approval and goes when its time is up, and so does the membership that came with it."""

from __future__ import annotations

from tests.harness.app import DATA, MONITOR, AppHarness
from tests.harness.program import pairec_access
from tests.harness.waiting import comes_to, time_is_up
from tests.scenario.members.asking import (
    BUNDLE,
    approved,
    done,
    gets,
    give,
    roles,
    stand,
    user_id,
    writes,
)
from tests.scenario.members.cases import CASES, DATAWORKS, MAXCOMPUTE, PAI, Case

OPERATOR = {
    "dataworks": ("dataworks-operator@ranking", "role_project_pe"),
    "pai": ("pai-algorithm-operator@ranking", "PAI.AlgoOperator"),
}
"""Another role of each product that the bot gives, in the same place."""


def test_a_role_and_the_membership_with_it_come_in_one_call_and_go_in_one_when_the_time_is_up(
    office: AppHarness, case: Case
) -> None:
    carol = user_id(office, "carol")
    ref = gets(office, case.item)
    assert roles(office, case) == {case.role}
    joined = {"product": case.product, "action": case.joins, "params": case.given(carol), "result": "ok"}
    assert writes(office) == [joined]
    time_is_up(office)
    comes_to(office, ref, "ended")
    left = {"product": case.product, "action": case.leaves, "params": case.taken(carol), "result": "ok"}
    assert writes(office) == [joined, left]
    assert not roles(office, case)
    told = office.carol.direct_message_with("has ended, its time is up").plain
    assert told.endswith(f"{case.title} shows it gone from `carol`.")


def test_whoever_was_a_member_before_gets_the_role_alone_and_stays_one_with_what_they_had(office: AppHarness) -> None:
    who = {DATAWORKS: office.carol, MAXCOMPUTE: office.erin, PAI: office.carol}
    for case, person in who.items():
        give(office, case, case.other, person)
    refs = [approved(office, case.item, person=person) for case, person in who.items()]
    for ref in refs:
        comes_to(office, ref, "active")
    for case, person in who.items():
        assert roles(office, case, person.name) == {case.role, case.other}
    time_is_up(office)
    for ref in refs:
        comes_to(office, ref, "ended")
    for case, person in who.items():
        assert roles(office, case, person.name) == {case.other}
        added, taken = writes(office, case.product)
        theirs = user_id(office, person.name)
        assert (added["action"], added["params"], added["result"]) == (case.adds, case.added(theirs), "ok")
        assert (taken["action"], taken["params"], taken["result"]) == (case.takes, case.role_taken(theirs), "ok")


def test_whoever_was_a_member_without_any_role_before_is_one_afterwards(office: AppHarness) -> None:
    who = (DATAWORKS, PAI)
    for case in who:
        give(office, case, case.other)
        office.sandbox.membership.take(case.product, case.place, "carol", case.other)
    refs = [approved(office, case.item) for case in who]
    for ref in refs:
        comes_to(office, ref, "active")
    time_is_up(office)
    for case, ref in zip(who, refs, strict=True):
        comes_to(office, ref, "ended")
        assert roles(office, case) == set()


def test_whoever_got_another_role_by_hand_meanwhile_stays_a_member_with_it(office: AppHarness) -> None:
    refs = [gets(office, case.item) for case in (DATAWORKS, PAI)]
    for case in (DATAWORKS, PAI):
        give(office, case, case.other)
    time_is_up(office)
    for ref in refs:
        comes_to(office, ref, "ended")
    for case in (DATAWORKS, PAI):
        assert roles(office, case) == {case.other}
        assert done(office, case.product)[-1] == (case.product, case.takes)


def test_of_two_roles_in_one_place_the_last_to_end_takes_the_membership_along(office: AppHarness) -> None:
    refs = {
        case: (approved(office, case.item), approved(office, OPERATOR[case.product][0], "3h"))
        for case in (DATAWORKS, PAI)
    }
    for short, long in refs.values():
        comes_to(office, short, "active")
        comes_to(office, long, "active")
    time_is_up(office)
    for case, (short, long) in refs.items():
        comes_to(office, short, "ended")
        assert roles(office, case) == {OPERATOR[case.product][1]}
        assert office.states(long) == ["active"]
    time_is_up(office, 2 * 3600)
    for case, (_, long) in refs.items():
        comes_to(office, long, "ended")
        assert roles(office, case) is None, "still a member"
        calls = [action for _, action in done(office, case.product)]
        assert calls == [case.joins, case.adds, case.takes, case.leaves]


def test_two_roles_in_one_place_that_end_at_once_take_the_membership_along(office: AppHarness) -> None:
    refs = [approved(office, item) for case in (DATAWORKS, PAI) for item in (case.item, OPERATOR[case.product][0])]
    for ref in refs:
        comes_to(office, ref, "active")
    time_is_up(office)
    for ref in refs:
        comes_to(office, ref, "ended")
    for case in (DATAWORKS, PAI):
        assert roles(office, case) is None, "still a member"
        calls = [action for _, action in done(office, case.product)]
        assert calls == [case.joins, case.adds, case.takes, case.leaves]


def test_a_role_that_goes_while_another_one_comes_in_the_same_place_does_not_take_it_along(office: AppHarness) -> None:
    first = {case: approved(office, case.item, "8h") for case in (DATAWORKS, PAI)}
    for ref in first.values():
        comes_to(office, ref, "active")
    second = {case: office.asked(office.carol, f"{OPERATOR[case.product][0]} 8h rollout") for case in first}
    for case, ref in second.items():
        office.people.order_ram({"action": case.adds, "fault": "hang", "seconds": 0.4, "times": 1})
        office.approve(ref, office.bob)
        office.until(lambda ref=ref: office.states(ref) == ["granting"], f"{ref} to be on its way")
        office.revokes(office.carol, first[case])
    for case, ref in second.items():
        comes_to(office, first[case], "ended")
        comes_to(office, ref, "active")
        assert roles(office, case) == {OPERATOR[case.product][1]}


def test_a_role_does_not_come_while_the_last_one_and_the_membership_with_it_are_going(office: AppHarness) -> None:
    first = gets(office, PAI.item, "8h")
    item, role = OPERATOR["pai"]
    second = office.asked(office.carol, f"{item} 8h rollout")
    office.people.order_ram({"action": "ListMembers", "fault": "hang", "seconds": 0.3, "times": 1})
    office.people.order_ram({"action": PAI.leaves, "fault": "hang", "seconds": 0.8, "times": 1})
    office.approve(second, office.bob)
    office.revokes(office.carol, first)
    comes_to(office, first, "ended")
    comes_to(office, second, "active")
    assert roles(office, PAI) == {role}


def test_roles_are_given_back_by_whoever_has_them_and_taken_back_by_an_approver(office: AppHarness) -> None:
    refs = [approved(office, case.item, "8h", office.erin if case is MAXCOMPUTE else office.carol) for case in CASES]
    for ref in refs:
        comes_to(office, ref, "active")
    office.revokes(office.carol, refs[0], "done")
    office.erin.click("Give back", office.erin.direct_message_with("is active until"))
    office.revokes(office.bob, refs[2], "not hers any more")
    for ref in refs:
        comes_to(office, ref, "ended")
    assert not roles(office, DATAWORKS) and not roles(office, MAXCOMPUTE, "erin") and not roles(office, PAI)
    office.card(refs[0], "Given back by <@U0CAROL>")
    office.card(refs[2], "Taken back by <@U0BOB>")


def test_revoke_all_takes_every_part_of_a_bundle_and_leaves_what_others_gave(office: AppHarness) -> None:
    give(office, PAI, PAI.other)
    ref = gets(office, BUNDLE, "8h")
    said = pairec_access("revoke", "--all", "carol", "--yes", **office.environment())
    assert said.returncode == 0, said.stderr
    comes_to(office, ref, "ended")
    assert (roles(office, DATAWORKS), roles(office, MAXCOMPUTE), roles(office, PAI)) == (None, set(), {PAI.other})
    assert not office.holds("carol", DATA) and not office.holds("carol", MONITOR)
    for named in (
        f"To end: {DATA} ({ref}), until 20",
        f"To end: dataworks/10001/role_project_dev ({ref}), until 20",
        "5 grants of carol will be ended now.",
    ):
        assert named in said.stdout
    stand(office, ref, dataworks="ended", maxcompute="ended", pai="ended", policy="ended")
