"""RAM refusing with NoPermission or LimitExceeded, or not answering: when asking, when deciding, when granting."""

from __future__ import annotations

import pytest

from tests.harness.app import ENGINE, MONITOR, AppHarness
from tests.harness.refusals import refused

LIMIT = {"fault": "error", "status": 409, "code": "LimitExceeded.User.Policy"}


@pytest.mark.parametrize(
    ("fault", "why", "sentence"),
    [
        ({"fault": "no_permission"}, "ram_refuses", "RAM denied the app this read, so"),
        ({"fault": "reset"}, "ram_silent", "RAM did not answer in time, so nothing was changed."),
        ({"fault": "html"}, "ram_silent", "RAM did not answer in time"),
        ({"fault": "throttle"}, "ram_silent", "RAM did not answer in time"),
    ],
)
def test_ram_that_refuses_to_be_read_stops_asking_and_deciding(
    app: AppHarness, fault: dict[str, str], why: str, sentence: str
) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_ram_fault({"action": "reads", **fault})
    with refused(app, app.dave, why, sentence, act="ask"):
        app.dave.type(f"/pairec-access request {ENGINE} 8h rollout")
    with refused(app, app.bob, why, sentence, ref):
        app.bob.click("Approve", app.card(ref))
    app.people.clear_faults()
    app.approve(ref, app.bob)
    app.comes_to_hold("carol", ENGINE)


def test_ram_that_hangs_stops_asking_and_deciding_after_five_seconds(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "hang", "seconds": 20})
    app.dave.type(f"/pairec-access request {ENGINE} 8h rollout")
    app.bob.click("Approve", app.card(ref))
    for person in (app.dave, app.bob):
        person.ephemeral_with("RAM did not answer in time, so nothing was changed. Try again in a minute.")
    assert app.requests() == 1
    assert app.record(ref).pending


def test_a_bot_that_may_not_read_policies_says_which_permission_it_lacks(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "ListPoliciesForUser", "fault": "no_permission"})
    app.carol.type(f"/pairec-access request {ENGINE} 8h rollout")
    shown = app.carol.ephemeral_with("RAM denied the app this read").plain
    assert "the permission `ram:ListPoliciesForUser`" in shown
    assert "RAM answered `ListPoliciesForUser` with `NoPermission`, request id `" in shown


def test_a_grant_without_permission_says_so_and_is_believed_the_second_time(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "no_permission", "policy": ENGINE})
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    shown = app.card(ref, "NoPermission").plain
    assert "bout to be attached. RAM says that the app lacks the permission (NoPermission). It is retried" in shown
    app.real_passes(60)
    card = app.card(ref, "needs attention")
    assert "ould not be attached. RAM says that the app lacks the permission (NoPermission)." in card.plain
    app.carol.direct_message_with("An administrator sees why on the card and can retry.")
    app.people.clear_faults()
    app.bob.click("Retry", card)
    app.comes_to_hold("carol", ENGINE)


def test_a_grant_beyond_rams_limit_says_what_must_go_first(app: AppHarness) -> None:
    for number in range(10):
        app.by_hand("CreatePolicy", PolicyName=f"Other{number}", PolicyDocument=DOCUMENT)
        app.attach_by_hand("carol", f"Other{number}")
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    card = app.card(ref, "needs attention")
    assert "has as many policies as RAM allows (LimitExceeded). Remove one first." in card.plain
    app.detach_by_hand("carol", "Other0")
    app.bob.click("Retry", card)
    app.comes_to_hold("carol", ENGINE)


DOCUMENT = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["oss:*"], "Resource": ["*"]}]}'


@pytest.mark.parametrize("fault", [{"fault": "reset"}, {"fault": "drop_answer"}, {"fault": "html"}])
def test_a_grant_whose_answer_is_lost_is_settled_by_looking(app: AppHarness, fault: dict[str, str]) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "times": 1, **fault})
    ref = app.asked(app.carol, f"{MONITOR} 8h watching")
    app.approve(ref, app.bob)
    app.card(ref, "· active")
    assert app.holds("carol", MONITOR)
    assert app.states(ref) == ["active"]
    assert app.writes("AttachPolicyToUser", "carol", MONITOR) == 1


def test_a_grant_that_ram_hangs_on_becomes_active_all_the_same(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "AttachPolicyToUser", "fault": "hang", "seconds": 6, "times": 1})
    ref = app.asked(app.carol, f"{MONITOR} 8h watching")
    app.approve(ref, app.bob)
    app.until(lambda: app.card(ref, "RAM does not answer"), "the card to say so", timeout=12)
    app.card(ref, "· active")
    assert app.states(ref) == ["active"]
