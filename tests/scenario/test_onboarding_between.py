"""What happens between the approval and the call, and after it: by hand, twice, late, or without an answer."""

from __future__ import annotations

from typing import Any

import pytest

from approvals.onboarding import comment_of
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.refusals import link, newcomer, press
from tests.scenario.onboarding import (
    becomes,
    card,
    created,
    deny,
    events,
    heidi,
    link_of,
    notice_of,
    onboard,
    ours,
    turn,
    users,
)


def test_an_approver_changes_what_the_user_is_called(app: AppHarness) -> None:
    new = heidi(app)
    app.bob.click("Approve with changes", onboard(app, app.carol, new))
    app.bob.modal("Approve a RAM user")
    assert app.bob.submit(user_name="H.Roth", display_name="Roth, Heidi", email="") == {}
    done = becomes(app, new, "done")
    (user,) = users(app, "h.roth")
    assert (user.display_name, user.email) == ("Roth, Heidi", "") and ours(user, done)
    app.bob.message_with("`h.roth` is recorded")
    assert users(app, "heidi") == []


def test_a_user_made_by_hand_after_the_approval_is_left_alone_and_the_next_name_is_asked_for(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "GetUser", "fault": "throttle", "seconds": 1})
    app.bob.click("Approve", shown)
    becomes(app, new, "creating")
    turn(app, "users.by-hand")
    app.people.clear_faults()
    again = becomes(app, new, "pending")
    assert again.user.name == "heidi2"
    app.bob.message_with("The name `heidi` was taken", APPROVALS)
    app.carol.direct_message_with("Approval is needed again")
    assert link_of(app, new) is None and created(app) == 0
    app.judy.click("Approve", app.judy.message_with("`heidi2`", APPROVALS))
    done = becomes(app, new, "done")
    by_hand, made = sorted(users(app), key=lambda user: user.name)
    assert (by_hand.name, made.name) == ("heidi", "heidi2") and ours(made, done) and not ours(by_hand, done)
    assert link_of(app, new) == made.user_id
    assert app.chain_holds()


def test_a_user_made_by_hand_between_the_look_and_the_call_is_not_taken_for_ours(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    # The name is seen to be free, and taken by the time of the call.
    app.people.inject_ram_fault(
        {"action": "CreateUser", "fault": "error", "status": 409, "code": "EntityAlreadyExists.User"}
    )
    app.bob.click("Approve", shown)
    app.until(lambda: "create user not confirmed" in events(app), "the call to be refused")
    turn(app, "users.by-hand")
    app.people.clear_faults()
    assert becomes(app, new, "pending").user.name == "heidi2"
    assert link_of(app, new) is None


def test_a_name_that_came_into_the_recycle_bin_is_asked_for_anew(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "GetUser", "fault": "throttle", "seconds": 1})
    app.bob.click("Approve", shown)
    becomes(app, new, "creating")
    turn(app, "users.recycled")
    app.people.clear_faults()
    assert becomes(app, new, "pending").user.name == "heidi2"


def test_a_name_that_is_taken_at_the_click_is_refused_and_the_card_still_asks(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    turn(app, "users.by-hand")
    app.bob.click("Approve", shown)
    app.bob.ephemeral_with("the next free name is `heidi2`")
    becomes(app, new, "pending")
    app.bob.click("Approve with changes", shown)
    app.bob.modal("Approve a RAM user")
    app.bob.submit(user_name="heidi2")
    becomes(app, new, "done")


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "drop_answer"},
        {"fault": "error", "status": 403, "code": "WAF.Blocked", "done": True},
        {"fault": "html", "done": True},
        {"fault": "twice"},
        {"fault": "repeated"},
        {"fault": "reset"},
        {"fault": "throttle", "seconds": 0},
        {"fault": "error", "status": 500, "code": "InternalError"},
    ],
    ids=lambda fault: f"{fault['fault']}-{fault.get('done', '')}",
)
def test_one_user_is_created_and_linked_although_the_call_was_answered_so(
    app: AppHarness, fault: dict[str, Any]
) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "CreateUser", "times": 1, **fault})
    app.bob.click("Approve", shown)
    done = becomes(app, new, "done")
    (user,) = users(app)
    assert ours(user, done) and link_of(app, new) == user.user_id
    assert created(app) == 1
    assert app.chain_holds()


def test_a_user_that_reads_do_not_show_yet_is_waited_for_and_not_made_twice(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "GetUser", "fault": "lag", "seconds": 2})
    app.bob.click("Approve", shown)
    done = becomes(app, new, "done")
    assert created(app) == 1 and done.ram_user_id == users(app)[0].user_id


def test_a_stranger_with_a_like_comment_is_not_ours(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "CreateUser", "fault": "reset"})
    app.bob.click("Approve", shown)
    app.until(lambda: "create user not confirmed" in events(app), "the call to be lost")
    app.by_hand("CreateUser", UserName="heidi", Comments=comment_of("0" * 32))
    app.people.clear_faults()
    assert becomes(app, new, "pending").user.name == "heidi2"


def test_two_approvals_at_once_and_a_click_delivered_twice_make_one_user(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    name = notice_of(shown)
    for person in (app.bob, app.judy, app.bob, app.alice):
        press(person, "onboarding_approve", name, shown)
    becomes(app, new, "done")
    assert created(app) == 1 and app.requests() == 1
    assert events(app).count("onboarding approved") == 1


def test_what_never_comes_out_is_said_after_an_hour(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "CreateUser", "fault": "error", "status": 403, "code": "WAF.Blocked"})
    app.bob.click("Approve", shown)
    app.until(lambda: "create user not confirmed" in events(app), "the call to be answered")
    app.people.advance(3601)
    app.real_passes(120)
    assert becomes(app, new, "failed").problem == "unknown"
    app.carol.direct_message_with("is not known")


def test_a_refusal_says_nothing_of_an_earlier_call_whose_answer_was_lost(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "CreateUser", "fault": "reset", "times": 1})
    refused = {"fault": "error", "status": 409, "code": "LimitExceeded.User"}
    app.people.inject_ram_fault({"action": "CreateUser", **refused})
    app.bob.click("Approve", shown)
    failed = becomes(app, new, "failed")
    assert (failed.problem, failed.error_code) == ("unknown", "LimitExceeded.User")


def test_whoever_was_linked_otherwise_meanwhile_keeps_that_link(app: AppHarness) -> None:
    new = heidi(app)
    app.by_hand("CreateUser", UserName="other")
    shown = onboard(app, app.carol, new)
    app.people.inject_ram_fault({"action": "GetUser", "fault": "throttle", "seconds": 1})
    app.bob.click("Approve", shown)
    becomes(app, new, "creating")
    link(app, new, "other")
    app.people.clear_faults()
    done = becomes(app, new, "done")
    assert done.problem == "not linked" and app.requests() == 0
    app.bob.message_with("was created, but not linked", APPROVALS)


def test_where_too_few_could_decide_on_the_bundle_the_user_is_there_and_it_is_said(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.bob, new)
    app.people.inject_ram_fault({"action": "GetUser", "fault": "throttle", "seconds": 1})
    app.judy.click("Approve", shown)
    becomes(app, new, "creating")
    for name in ("alice", "judy"):
        app.detach_by_hand(name, "PaiRecRamAdminAccess")
    app.people.clear_faults()
    done = becomes(app, new, "done")
    assert (done.problem, done.request_id) == ("not asked", None)
    assert "could not be requested" in new.direct_message_with("is created and linked to").plain


def test_the_button_of_home_opens_the_form_and_asks(app: AppHarness) -> None:
    new = heidi(app)
    app.carol.open_home()
    app.carol.click("Onboard somebody", app.carol.home("PAI-Rec access"))
    app.carol.modal("Onboard somebody")
    errors = app.carol.submit(new_person=new.name, user_name="h!")
    assert "cannot be the name" in errors["user_name"]
    assert app.carol.submit(user_name="") == {}
    assert "`heidi`" in card(app).plain


def test_the_command_alone_opens_the_form(app: AppHarness) -> None:
    app.carol.type("/pairec-access onboard")
    app.carol.modal("Onboard somebody")


def test_somebody_asks_for_their_own_user_and_another_decides(app: AppHarness) -> None:
    new = newcomer(app, "ivan", real_name="Ivan Petrov", email="ivan@example.com")
    shown = onboard(app, new, new)
    app.judy.click("Approve", shown)
    done = becomes(app, new, "done")
    assert app.record(f"R-{done.request_id}").request.requester == new.id


def test_what_waits_is_in_the_lists_of_those_concerned_and_of_those_who_decide(app: AppHarness) -> None:
    new = heidi(app)
    onboard(app, app.carol, new)
    for person, says in ((app.bob, "its card has the buttons"), (app.carol, "requested by"), (new, "requested by")):
        person.type("/pairec-access list")
        told = person.ephemeral_with("Your pending requests").plain
        assert "RAM user `heidi`" in told and says in told
    assert "Nothing needs your approval" not in app.bob.ephemeral_with("Your pending requests").plain
    deny(app, app.bob, card(app))
    becomes(app, new, "denied")
    app.bob.type("/pairec-access list")
    app.bob.ephemeral_with("Nothing needs your approval")


def test_app_home_follows_what_becomes_of_it(app: AppHarness) -> None:
    new = heidi(app)
    app.carol.open_home()
    app.carol.home("No pending requests")
    shown = onboard(app, app.carol, new)
    app.carol.home("RAM user `heidi`")
    app.bob.click("Approve", shown)
    becomes(app, new, "done")
    app.carol.home("R-1001")
