"""**Extend**: more time on the same terms, decided like any request, and without a gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.ledger import trail
from approvals.model import parse_ref
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, AppHarness
from tests.harness.lost_ledgers import loses_its_ledger
from tests.harness.refusals import press, refused
from tests.scenario.test_another_record import ELSEWHERE

HOUR_MS = HOUR * 1_000
REASON = "the ranker is not out yet"


def active(app: AppHarness, line: str = f"{ENGINE} 8h rolling out") -> tuple[str, SeenMessage]:
    ref = app.asked(app.carol, line)
    app.approve(ref, app.bob)
    app.card(ref, "· active")
    return ref, app.carol.direct_message_with(f"*{ref}*: *Engine* (`{ENGINE}`) is active until")


def extends(app: AppHarness, person: SandboxPerson, told: SeenMessage, ref: str, longer: str = "4h") -> str:
    """A person extends it; the reference of what they asked for."""
    before = app.requests()
    person.click("Extend", told)
    person.modal(f"Extend {ref}")
    assert person.submit({"How much longer": longer, "Reason": REASON}) == {}
    more = f"R-{1_001 + before}"
    app.card(more, "needs approval")
    return more


def test_more_time_is_approved_like_any_request_and_goes_on_without_a_gap(app: AppHarness) -> None:
    ref, told = active(app)
    assert told.buttons == ["Extend", "End access", "Details"]
    more = extends(app, app.carol, told, ref)
    ends_at = app.record(ref).request.ends_at or 0
    app.approve(more, app.bob)
    app.card(more, "· active")
    assert app.record(more).request.ends_at == ends_at + 4 * HOUR_MS
    app.card(ref, f"Extended by {more} until")
    app.people.advance(8 * HOUR)
    app.card(ref, "· ended")
    assert app.holds("carol", ENGINE)
    app.people.advance(4 * HOUR)
    app.comes_to_lose("carol", ENGINE)
    assert app.writes("AttachPolicyToUser", "carol", ENGINE) == app.writes("DetachPolicyFromUser", "carol", ENGINE) == 1
    app.carol.direct_message_with(f"*{more}*: *Engine* (`{ENGINE}`) has expired")
    ended = [message.plain for message in app.carol.messages() if "has expired" in message.plain]
    assert len(ended) == 1, "whoever goes on having it is told once, when it is over"
    assert app.chain_holds()


def test_the_approver_sees_what_is_extended_from_when_until_when_and_how_long_that_is_in_all(app: AppHarness) -> None:
    ref, told = active(app)
    more = extends(app, app.carol, told, ref)
    ends = (app.record(ref).request.ends_at or 0) // 1_000
    card = app.card(more)
    assert "<@U0CAROL> requests more time for *Engine*" in card.plain
    assert f"*Extends {ref}*\nfrom <!date^{ends}^" in card.plain and f"until <!date^{ends + 4 * HOUR}^" in card.plain
    assert "12h in all" in card.plain and REASON in card.plain
    assert card.buttons == ["Approve", "Approve with changes", "Deny", "Comment", "Details"]
    app.carol.direct_message_with(f"*{more}*: you requested 4h more of *Engine* (`{ENGINE}`).")
    app.card(ref, f"{more} requests more time.")


def test_nobody_approves_the_extension_of_their_own_access(app: AppHarness) -> None:
    ref = app.asked(app.bob, f"{ENGINE} 1h rolling out")
    app.approve(ref, app.judy)
    more = extends(app, app.bob, app.bob.direct_message_with("is active until"), ref, "1h")
    with refused(app, app.bob, "own_request", f"{more} is your own", more):
        press(app.bob, "approve", app.name(more), app.card(more))


def test_the_extension_of_the_admin_policy_takes_two_again(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident")
    app.approve(ref, app.bob, app.judy)
    app.comes_to_hold("carol", ADMIN)
    more = extends(app, app.carol, app.carol.direct_message_with("is active until"), ref, "1h")
    app.approve(more, app.bob)
    app.card(more, "*1 of 2* approved")
    assert app.record(more).pending
    app.approve(more, app.judy)
    app.until(lambda: app.states(more) == ["active"], "it to be extended")


def test_an_extension_for_a_shorter_time_counts_from_the_old_end(app: AppHarness) -> None:
    ref, told = active(app)
    more = extends(app, app.carol, told, ref)
    app.bob.click("Approve with changes", app.card(more))
    app.bob.modal(f"Approve {more}")
    assert app.bob.submit({"Duration": "1h"}) == {}
    app.until(lambda: app.states(more) == ["active"], "it to be extended")
    assert app.record(more).request.ends_at == (app.record(ref).request.ends_at or 0) + HOUR_MS


def test_whoever_asked_for_somebody_extends_it_for_them(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 8h rolling out")
    app.approve(ref, app.bob)
    told = app.carol.direct_message_with("is active until")
    assert told.buttons == ["Extend", "Details"]
    more = extends(app, app.carol, told, ref)
    assert app.record(more).request.subject == "U0DAVE"
    app.dave.direct_message_with(f"*{more}*: <@U0CAROL> requested 4h more of *Engine* (`{ENGINE}`) for you.")


def test_only_what_is_active_of_a_bundle_is_extended(app: AppHarness) -> None:
    ref = app.asked(app.dave, "algorithm-engineer 8h new features")
    app.approve(ref, app.bob)
    app.comes_to_hold("dave", DATA)
    app.card(ref, "🔵")
    more = extends(app, app.dave, app.dave.direct_message_with("🟢"), ref, "1h")
    assert [part.name for part in app.record(more).request.entitlements] == [DATA]


@pytest.mark.parametrize("name", ["dave", "bob", "erin"])
def test_somebody_elses_is_not_extended(app: AppHarness, name: str) -> None:
    ref, told = active(app)
    person = getattr(app, name)
    with refused(
        app, person, "not_yours_to_extend", f"{ref} is not yours, so you cannot extend it.", ref, act="extend"
    ):
        press(person, "extend", app.name(ref), told)


def test_the_whole_span_is_within_the_catalogues_longest_and_the_field_says_how_much_is_left(app: AppHarness) -> None:
    ref, told = active(app, f"{ENGINE} 89d rolling out")
    app.carol.click("Extend", told)
    shown = app.carol.modal(f"Extend {ref}").plain
    assert "1d at most" in shown
    errors = app.carol.submit({"How much longer": "2d", "Reason": REASON})
    assert errors == {"duration": f"{ref} may run for 90d in all: 1d more at most."}
    assert app.carol.submit({"How much longer": "1d", "Reason": REASON}) == {}
    more = "R-1002"
    app.approve(more, app.bob)
    app.until(lambda: app.states(more) == ["active"], "it to be extended")
    with refused(app, app.carol, "span_used_up", f"{more} may run for 90d in all, and does.", more, act="extend"):
        press(app.carol, "extend", app.name(more), told)


@pytest.mark.parametrize(("longer", "says"), [("", ""), ("soon", "soon"), ("0h", "0h"), ("until-revoked", "")])
def test_a_time_that_is_none_stands_under_its_field(app: AppHarness, longer: str, says: str) -> None:
    ref, told = active(app)
    app.carol.click("Extend", told)
    app.carol.modal(f"Extend {ref}")
    errors = app.carol.submit({"How much longer": longer, "Reason": "  "})
    assert "duration" in errors and says in errors["duration"]
    assert app.requests() == 1


def test_what_ended_a_second_ago_is_not_extended_and_the_form_says_so(app: AppHarness) -> None:
    ref, told = active(app, f"{ENGINE} 1h rolling out")
    app.carol.click("Extend", told)
    app.carol.modal(f"Extend {ref}")
    app.people.advance(HOUR + 1)
    app.comes_to_lose("carol", ENGINE)
    over = f"{ref} has ended, so it cannot be extended. Request it again."
    assert app.carol.submit({"How much longer": "1h", "Reason": REASON}) == {"duration": over}
    assert app.requests() == 1
    with refused(app, app.carol, "extended_over", over, ref, act="extend"):
        press(app.carol, "extend", app.name(ref), told)


def test_an_extension_that_nobody_approves_before_the_old_end_expires_with_it(app: AppHarness) -> None:
    ref, told = active(app, f"{ENGINE} 1h rolling out")
    more = extends(app, app.carol, told, ref)
    old = app.card(more)
    app.people.advance(HOUR)
    app.comes_to_lose("carol", ENGINE)
    app.card(more, "expired")
    with refused(app, app.bob, "already_closed", f"{more} expired", more):
        press(app.bob, "approve", app.name(more), old)


def test_an_extension_of_what_was_removed_by_hand_is_not_approved(app: AppHarness) -> None:
    ref, told = active(app)
    more = extends(app, app.carol, told, ref)
    app.revokes(app.carol, ref)
    app.comes_to_lose("carol", ENGINE)
    app.carol.direct_message_with(f"*{more}*: cancelled: <@U0CAROL> ended what it was to extend.")
    assert app.record(more).request.state == "cancelled"


@pytest.mark.parametrize("which", ["first", "extension"])
def test_revoking_either_takes_both(app: AppHarness, which: str) -> None:
    ref, told = active(app)
    more = extends(app, app.carol, told, ref)
    app.approve(more, app.bob)
    app.until(lambda: app.states(more) == ["active"], "it to be extended")
    named = ref if which == "first" else more
    app.judy.click("Revoke", app.card(named, "· active"))
    app.comes_to_lose("carol", ENGINE)
    for each in (ref, more):
        app.card(each, "· ended")
        assert app.events(each).count("taken back") == 1
    app.carol.direct_message_with(f"*{more}*: *Engine* (`{ENGINE}`) was revoked by <@U0JUDY>")
    assert app.chain_holds()


def test_what_is_being_revoked_is_not_extended(app: AppHarness) -> None:
    ref, told = active(app)
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "no_permission", "times": None})
    app.revokes(app.carol, ref)
    app.card(ref, "revoking")
    says = f"{ref} is being revoked, so it cannot be extended."
    press(app.carol, "extend", app.name(ref), told)
    app.carol.ephemeral_with(says)
    app.carol.no_modal()
    assert app.requests() == 1


def test_what_was_there_before_has_no_end_to_extend(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    app.attach_by_hand("carol", ENGINE)
    app.approve(ref, app.bob)
    told = app.carol.direct_message_with("It is left as it is")
    assert "Extend" not in told.buttons
    with refused(app, app.carol, "extended_held", "was there before and has no end", ref, act="extend"):
        press(app.carol, "extend", app.name(ref), told)


def test_what_still_waits_is_not_extended(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with refused(app, app.carol, "not_active", f"{ref} is not active yet", ref, act="extend"):
        press(app.carol, "extend", app.name(ref), app.carol.direct_message_with("you requested"))


def test_it_is_extended_once_and_the_second_names_the_first(app: AppHarness) -> None:
    ref, told = active(app)
    more = extends(app, app.carol, told, ref)
    with refused(
        app, app.carol, "extension_pending", f"{more} requests more time for {ref} already.", ref, act="extend"
    ):
        press(app.carol, "extend", app.name(ref), told)
    app.approve(more, app.bob)
    app.until(lambda: app.states(more) == ["active"], "it to be extended")
    says = f"{ref} is extended by {more} already. Extend {more} instead."
    with refused(app, app.carol, "extended_already", says, ref, act="extend"):
        press(app.carol, "extend", app.name(ref), told)
    third = extends(
        app, app.carol, app.carol.direct_message_with(f"*{more}*: *Engine* (`{ENGINE}`) is active until"), more
    )
    assert "16h in all" in app.card(third).plain


def test_a_form_that_slack_delivers_twice_is_one_request(app: AppHarness) -> None:
    ref, told = active(app)
    app.carol.click("Extend", told)
    app.carol.modal(f"Extend {ref}")
    app.people.inject_slack_fault({"fault": "redeliver"})
    assert app.carol.submit({"How much longer": "1h", "Reason": REASON}) == {}
    app.card("R-1002", "needs approval")
    assert app.requests() == 2


def test_after_a_denial_it_can_be_extended_by_another_request(app: AppHarness) -> None:
    ref, told = active(app)
    more = extends(app, app.carol, told, ref)
    app.bob.click("Deny", app.card(more))
    app.bob.modal("Deny")
    app.bob.submit({"Reason": "enough"})
    app.carol.direct_message_with(f"*{more}*: *Engine* (`{ENGINE}`) was denied by")
    assert app.states(ref) == ["active"]
    assert extends(app, app.carol, told, ref) == "R-1003"


def test_a_button_of_a_lost_ledger_extends_nothing(app: AppHarness, tmp_path: Path) -> None:
    _, told = active(app)
    loses_its_ledger(app, f"sqlite:///{tmp_path / 'second.db'}")
    with refused(app, app.carol, "other_record", ELSEWHERE, act="extend"):
        app.carol.click("Extend", told)
    assert app.requests() == 0


def test_the_trail_names_what_was_extended(app: AppHarness) -> None:
    ref, told = active(app)
    more = extends(app, app.carol, told, ref)
    with app.ledger.read() as tx:
        asked = trail.of_request(tx, parse_ref(more) or 0)[0].fields
    assert (asked["event"], asked["extends"]) == ("asked", parse_ref(ref))


def test_a_part_that_the_extension_leaves_out_is_announced_before_and_when_it_ends(app: AppHarness) -> None:
    ref = app.asked(app.carol, "algorithm-engineer 8h new features")
    app.approve(ref, app.bob)
    told = app.carol.direct_message_with("is active until")
    more = extends(app, app.carol, told, ref)
    app.bob.click("Approve with changes", app.card(more))
    parts = [part.name for part in app.record(more).request.entitlements]
    assert len(parts) > 1
    app.bob.submit({"What": parts[:1]})
    app.card(more, "· active")
    app.people.advance(8 * HOUR - 20 * 60)
    app.carol.direct_message_with(f"*{ref}*: *Algorithm engineer* (`algorithm-engineer`) expires")
    app.people.advance(20 * 60 + 1)
    app.carol.direct_message_with(f"*{ref}*: *Algorithm engineer* (`algorithm-engineer`) has expired")


@pytest.mark.parametrize("longer", ["until friday 18:00", "8x"])
def test_what_is_no_duration_is_said_without_what_is_not_taken_here(app: AppHarness, longer: str) -> None:
    ref, told = active(app)
    app.carol.click("Extend", told)
    app.carol.modal(f"Extend {ref}")
    errors = app.carol.submit({"How much longer": longer, "Reason": REASON})
    assert list(errors.values()) == [f"{longer} is not a duration. Use a format such as 30m, 8 hours or 2w."]
