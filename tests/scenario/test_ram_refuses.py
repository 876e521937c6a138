"""RAM refusing with NoPermission or LimitExceeded, or not answering: when asking, when deciding, when granting."""

from __future__ import annotations

import pytest

from tests.harness.app import ENGINE, MONITOR, AppHarness
from tests.harness.refusals import refused

LIMIT = {"fault": "error", "status": 409, "code": "LimitExceeded.User.Policy"}


@pytest.mark.parametrize(
    ("fault", "why", "sentence"),
    [
        ({"fault": "no_permission"}, "ram_refuses", "RAM did not let the bot look, so"),
        ({"fault": "reset"}, "ram_silent", "RAM did not answer in time, so nothing was decided or changed."),
        ({"fault": "html"}, "ram_silent", "RAM did not answer in time"),
        ({"fault": "throttle"}, "ram_silent", "RAM did not answer in time"),
    ],
)
def test_ram_that_refuses_to_be_read_stops_asking_and_deciding(
    office: AppHarness, fault: dict[str, str], why: str, sentence: str
) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.people.order_ram({"action": "reads", **fault})
    with refused(office, office.dave, why, sentence, act="ask"):
        office.dave.types(f"/pairec-access request {ENGINE} 8h rollout")
    with refused(office, office.bob, why, sentence, ref):
        office.bob.click("Approve", office.card(ref))
    office.people.clear_orders()
    office.approve(ref, office.bob)
    office.comes_to_hold("carol", ENGINE)


def test_ram_that_hangs_stops_asking_and_deciding_after_five_seconds(office: AppHarness) -> None:
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.people.order_ram({"action": "ListEntitiesForPolicy", "fault": "hang", "seconds": 20})
    office.dave.types(f"/pairec-access request {ENGINE} 8h rollout")
    office.bob.click("Approve", office.card(ref))
    for person in (office.dave, office.bob):
        person.ephemeral_with("RAM did not answer in time, so nothing was decided or changed. Try again in a minute.")
    assert office.requests() == 1
    assert office.record(ref).pending


def test_a_bot_that_may_not_read_policies_says_which_permission_it_lacks(office: AppHarness) -> None:
    office.people.order_ram({"action": "ListPoliciesForUser", "fault": "no_permission"})
    office.carol.types(f"/pairec-access request {ENGINE} 8h rollout")
    shown = office.carol.ephemeral_with("RAM did not let the bot look").plain
    assert "the permission `ram:ListPoliciesForUser`" in shown
    assert "RAM answered `ListPoliciesForUser` with `NoPermission`, request id `" in shown


def test_a_grant_without_permission_says_so_and_is_believed_the_second_time(office: AppHarness) -> None:
    office.people.order_ram({"action": "AttachPolicyToUser", "fault": "no_permission", "policy": ENGINE})
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.approve(ref, office.bob)
    shown = office.card(ref, "NoPermission").plain
    assert "bout to be attached. RAM says that the bot lacks the permission (NoPermission). It is tried again" in shown
    office.real_passes(60)
    card = office.card(ref, "needs attention")
    assert "ould not be attached. RAM says that the bot lacks the permission (NoPermission)." in card.plain
    office.carol.direct_message_with("An administrator sees why on the card and can try again.")
    office.people.clear_orders()
    office.bob.click("Try again", card)
    office.comes_to_hold("carol", ENGINE)


def test_a_grant_beyond_rams_limit_says_what_must_go_first(office: AppHarness) -> None:
    for number in range(10):
        office.by_hand("CreatePolicy", PolicyName=f"Other{number}", PolicyDocument=DOCUMENT)
        office.attach_by_hand("carol", f"Other{number}")
    ref = office.asked(office.carol, f"{ENGINE} 8h rollout")
    office.approve(ref, office.bob)
    card = office.card(ref, "needs attention")
    assert "has as many policies as RAM allows (LimitExceeded); one must go first." in card.plain
    office.detach_by_hand("carol", "Other0")
    office.bob.click("Try again", card)
    office.comes_to_hold("carol", ENGINE)


DOCUMENT = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["oss:*"], "Resource": ["*"]}]}'


@pytest.mark.parametrize("fault", [{"fault": "reset"}, {"fault": "drop_answer"}, {"fault": "html"}])
def test_a_grant_whose_answer_is_lost_is_settled_by_looking(office: AppHarness, fault: dict[str, str]) -> None:
    office.people.order_ram({"action": "AttachPolicyToUser", "times": 1, **fault})
    ref = office.asked(office.carol, f"{MONITOR} 8h watching")
    office.approve(ref, office.bob)
    office.card(ref, "· active")
    assert office.holds("carol", MONITOR)
    assert office.states(ref) == ["active"]
    assert office.writes("AttachPolicyToUser", "carol", MONITOR) == 1


def test_a_grant_that_ram_hangs_on_becomes_active_all_the_same(office: AppHarness) -> None:
    office.people.order_ram({"action": "AttachPolicyToUser", "fault": "hang", "seconds": 6, "times": 1})
    ref = office.asked(office.carol, f"{MONITOR} 8h watching")
    office.approve(ref, office.bob)
    office.until(lambda: office.card(ref, "RAM does not answer"), "the card to say so", timeout=12)
    office.card(ref, "· active")
    assert office.states(ref) == ["active"]
