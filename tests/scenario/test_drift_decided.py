"""What no request accounts for is adopted or revoked: one approver asks, another one decides, never whoever has it."""

from __future__ import annotations

from approvals.ids import RamUserId
from approvals.people import Principal
from bot.sandbox.client import SeenMessage
from tests.harness.app import ADMIN, APPROVALS, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, press, refused
from tests.scenario.drifting import about, asks_to_adopt, asks_to_revoke, drift, looks, request, rows

DAY = 24 * HOUR


def test_what_an_approver_asks_to_revoke_goes_once_another_one_approves(app: AppHarness) -> None:
    shown = asks_to_revoke(app, app.bob, "dave", "nobody needs it")
    assert "*<@U0BOB> asks to revoke `PaiRecMonitorAccess` of " in shown.plain and "nobody needs it" in shown.plain
    assert app.holds("dave", MONITOR), "nothing changes before that"
    with refused(app, app.bob, "own_proposal", "another approver approves it", act="drift"):
        app.bob.click("Approve", shown)
    app.judy.click("Approve", shown)
    app.comes_to_lose("dave", MONITOR)
    done = app.bob.message_with("is revoked, as <@U0BOB> asked (*R-1001*)", APPROVALS)
    assert done.ts == shown.ts and not done.buttons
    app.dave.direct_message_with("was revoked by an administrator")
    events = [entry["event"] for entry in audit_trail(app)]
    assert events.index("drift asked") < events.index("adopted") < events.index("drift approved")
    drift(app, app.bob)
    assert not any(user == "dave" for _, user, _ in rows(app))
    assert app.writes("DetachPolicyFromUser", "dave", MONITOR) == 1 and app.chain_holds()


def test_what_is_adopted_is_a_grant_that_ends_on_time(app: AppHarness) -> None:
    shown = asks_to_adopt(app, app.bob, "dave", "2d", "on call until friday")
    assert "asks to adopt `PaiRecMonitorAccess` of " in shown.plain and "ends 2d after approval" in shown.plain
    app.judy.click("Approve", shown)
    app.bob.message_with("is adopted as *R-1001*, and ends", APPROVALS)
    card = app.card("R-1001", "· active")
    assert "on call until friday" in card.plain and "Revoke" in card.buttons
    app.dave.direct_message_with("R-1001")
    assert app.states("R-1001") == ["active"] and app.holds("dave", MONITOR)
    assert app.record("R-1001").request.subject == "U0DAVE"
    drift(app, app.bob)
    assert not any(user == "dave" for _, user, _ in rows(app))
    app.people.advance(2 * DAY)
    app.comes_to_lose("dave", MONITOR)
    app.card("R-1001", "· ended")
    assert app.writes("AttachPolicyToUser", "dave", MONITOR) == 0
    assert app.writes("DetachPolicyFromUser", "dave", MONITOR) == 1 and app.chain_holds()


def test_whoever_has_it_neither_asks_nor_decides(app: AppHarness) -> None:
    app.attach_by_hand("judy", ENGINE)
    own = about(drift(app, app.judy), f"(<@U0JUDY>) has `{ENGINE}`")
    with refused(app, app.judy, "own_drift", "another approver decides", act="drift"):
        app.judy.click("Adopt", own)
        app.judy.modal("Adopt as a grant")
        assert app.judy.submit({"Ends after": "8h", "Reason": "mine"}) == {}
    shown = asks_to_revoke(app, app.bob, "judy", "not needed", ENGINE)
    for button in ("Approve", "Deny"):
        with refused(app, app.judy, "own_drift", "another approver decides", act="drift"):
            app.judy.click(button, shown)
    app.alice.click("Approve", shown)
    app.comes_to_lose("judy", ENGINE)
    assert app.holds("judy", ADMIN)


def test_whoever_may_not_approve_decides_on_nothing(app: AppHarness) -> None:
    shown = asks_to_revoke(app, app.bob, "dave", "nobody needs it")
    for action in ("drift_approve", "drift_deny"):
        with refused(app, app.carol, "not_approver", "does not hold", act="drift"):
            press(app.carol, action, value(shown), shown)
    app.detach_by_hand("bob", ADMIN)
    with refused(app, app.judy, "proposer_gone", "may not approve any more", act="drift"):
        app.judy.click("Approve", shown)
    app.judy.click("Deny", shown)
    app.judy.message_with("<@U0JUDY> denied what <@U0BOB> asked", APPROVALS)
    assert app.holds("dave", MONITOR) and app.chain_holds()


def value(message: SeenMessage) -> str:
    """What its buttons carry."""
    return str(message.spots()[0].element["value"])


def test_a_second_click_and_one_that_is_delivered_twice_change_nothing(app: AppHarness) -> None:
    shown = asks_to_revoke(app, app.bob, "dave", "nobody needs it")
    app.people.inject_slack_fault({"fault": "redeliver"})
    app.judy.click("Approve", shown)
    app.comes_to_lose("dave", MONITOR)
    with refused(app, app.alice, "notice_settled", "handled already", act="drift"):
        press(app.alice, "drift_approve", value(shown), shown)
    assert app.requests() == 1 and app.writes("DetachPolicyFromUser", "dave", MONITOR) == 1


def test_it_is_asked_for_once(app: AppHarness) -> None:
    asks_to_revoke(app, app.bob, "dave", "nobody needs it")
    row = about(drift(app, app.judy), "(<@U0DAVE>) has")
    with refused(app, app.judy, "drift_pending", "asked for already", act="drift"):
        app.judy.click("Adopt", row)
        app.judy.modal("Adopt as a grant")
        assert app.judy.submit({"Ends after": "8h", "Reason": "let us see"}) == {}


def test_what_was_taken_by_hand_or_granted_meanwhile_is_nobodys_question_any_more(app: AppHarness) -> None:
    shown = asks_to_revoke(app, app.bob, "dave", "nobody needs it")
    app.detach_by_hand("dave", MONITOR)
    ref = app.asked(app.dave, f"{MONITOR} 8h on call")
    app.approve(ref, app.bob)
    app.card(ref, "· active")
    with refused(app, app.judy, "granted_meanwhile", "A request granted this meanwhile", act="drift"):
        app.judy.click("Approve", shown)
    app.bob.message_with("through a request now", APPROVALS)
    assert app.holds("dave", MONITOR)
    shown = asks_to_revoke(app, app.bob, "erin", "nobody needs it", ENGINE)
    app.detach_by_hand("erin", ENGINE)
    looks(app)
    app.bob.message_with("is no longer as it was when <@U0BOB> asked", APPROVALS)


def test_what_goes_by_hand_after_the_approval_is_not_taken_for_a_failure(app: AppHarness) -> None:
    shown = asks_to_revoke(app, app.bob, "dave", "nobody needs it")
    app.detach_by_hand("dave", MONITOR)
    app.judy.click("Approve", shown)
    app.until(lambda: app.requests() == 1 and app.states("R-1001") == ["ended"], "it to have ended")
    assert app.chain_holds()


def test_the_last_administrators_cannot_be_taken_away(app: AppHarness) -> None:
    app.detach_by_hand("alice", ADMIN)
    row = about(drift(app, app.bob), "(<@U0JUDY>) has")
    assert row.buttons == ["Accept"]
    assert "Besides them there are fewer than two approvers" in row.plain


def test_an_administrator_who_is_adopted_decides_no_more(app: AppHarness) -> None:
    shown = asks_to_adopt(app, app.bob, "judy", "8h", "leaving the team", ADMIN)
    app.alice.click("Approve", shown)
    app.card("R-1001", "· active")
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with refused(app, app.judy, "timed_admin", "for a limited time only", ref):
        app.judy.click("Approve", app.card(ref))
    app.people.advance(8 * HOUR)
    app.comes_to_lose("judy", ADMIN)


def test_the_catalogues_longest_and_a_reason_are_asked_for_in_the_form(app: AppHarness) -> None:
    row = about(drift(app, app.bob), "(<@U0DAVE>) has")
    app.bob.click("Adopt", row)
    app.bob.modal("90d at most")
    errors = app.bob.submit({"Ends after": "200d", "Reason": "on call"})
    assert "90d" in errors["duration"]
    assert "duration" in app.bob.submit({"Ends after": "until-revoked"})
    assert "reason" in app.bob.submit({"Ends after": "8h", "Reason": " "})
    assert app.bob.submit({"Reason": "on call"}) == {}
    request(app)


def test_somebody_who_is_not_linked_can_only_be_revoked(app: AppHarness) -> None:
    row = about(drift(app, app.bob), "|`erin`>")
    assert row.buttons == ["Revoke", "Accept"]
    shown = asks_to_revoke(app, app.bob, "erin", "who is that?")
    app.judy.click("Approve", shown)
    app.comes_to_lose("erin", ENGINE)


def test_while_nobody_says_who_the_app_itself_is_nothing_is_taken(app: AppHarness) -> None:
    shown = asks_to_revoke(app, app.bob, "dave", "nobody needs it")
    app.people.inject_ram_fault({"action": "GetCallerIdentity", "fault": "no_permission"})
    before = len(app.judy.messages())
    app.judy.click("Approve", shown)
    app.until(lambda: len(app.judy.messages()) > before, "judy to be told why not")
    assert app.requests() == 0 and app.holds("dave", MONITOR)


def test_the_apps_own_identity_is_not_listed_and_nothing_of_it_is_taken(app: AppHarness) -> None:
    shown = asks_to_revoke(app, app.bob, "dave", "nobody needs it")
    assert app.program is not None
    directory = app.program.context.directory
    directory._own_user = lambda: Principal(RamUserId(""), "dave")  # type: ignore[attr-defined]
    with refused(app, app.judy, "drift_barred", "can only be accepted here", act="drift"):
        app.judy.click("Approve", shown)
    drift(app, app.bob)
    assert not any(user == "dave" for _, user, _ in rows(app))
