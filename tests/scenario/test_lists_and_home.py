"""What I have through this bot, until when, what waits, and what waits for me: as a list and as App Home."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.sandbox.client import SandboxPerson, ViewSnapshot
from bot.sandbox.slack.snapshot import SeenMessage
from handlers.views.lists import LISTED
from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.scenario.claiming import claims, linked_to

HEADINGS = ("*Needs your approval*", "*Your access*", "*Your pending requests*")
Look = Callable[[SandboxPerson], SeenMessage | ViewSnapshot]


def by_list(person: SandboxPerson) -> SeenMessage:
    before = {message.ts for message in person.messages()}
    person.type("/pairec-access list")

    def newest(_: object) -> SeenMessage | None:
        found = [m for m in person.messages() if m.ts not in before and "*Your access*" in m.plain]
        return found[0] if found else None

    return person.wait_for(newest, "the list")


def by_home(person: SandboxPerson) -> ViewSnapshot:
    person.open_home()
    return person.home("*Your access*")


both = pytest.mark.parametrize("look", [by_list, by_home])


def under(shown: SeenMessage | ViewSnapshot, heading: str) -> str:
    """What stands under a heading."""
    rest = shown.plain.partition(heading)[2]
    for other in HEADINGS:
        rest = rest.partition(other)[0]
    return rest


@both
def test_somebody_who_holds_nothing_reads_so(app: AppHarness, look: Look) -> None:
    shown = look(app.carol)
    assert "You are RAM user `carol`." in shown.plain
    assert "Nothing granted here." in under(shown, "*Your access*")
    assert "No pending requests." in under(shown, "*Your pending requests*")
    assert "*Needs your approval*" not in shown.plain


@both
def test_it_shows_what_i_hold_until_when_and_what_waits(app: AppHarness, look: Look) -> None:
    held = app.asked(app.carol, f"{ENGINE} 8h rollout")
    waiting = app.asked(app.carol, f"{DATA} 1h features")
    app.approve(held, app.bob)
    app.card(held, "active")
    shown = look(app.carol)
    ends_at = (app.record(held).request.ends_at or 0) // 1_000
    assert f"🟢 Active until <!date^{ends_at}^" in under(shown, "*Your access*")
    assert held in under(shown, "*Your access*")
    assert waiting in under(shown, "*Your pending requests*")
    assert "0 of 1 approved, expires <!date^" in under(shown, "*Your pending requests*")
    of_everybody = ("Request access", "Onboard somebody", "Past requests")
    assert sorted(button for button in shown.buttons if button not in of_everybody) == [
        "Cancel request",
        "End access",
        "Extend",
        "Remind",
    ]


@both
def test_it_shows_an_approver_what_waits_for_them_but_not_their_own(app: AppHarness, look: Look) -> None:
    theirs = app.asked(app.carol, f"{ENGINE} 8h <!channel> *rollout*")
    own = app.asked(app.bob, f"{DATA} 8h features")
    shown = look(app.bob)
    assert theirs in under(shown, "*Needs your approval*")
    assert "<!channel> *rollout*" in under(shown, "*Needs your approval*")
    assert own not in under(shown, "*Needs your approval*")
    assert own in under(shown, "*Your pending requests*")
    if isinstance(shown, SeenMessage):
        assert "channel" not in shown.mentions
    assert "*Needs your approval*" not in look(app.dave).plain


@both
def test_it_shows_how_many_approvals_there_are_already(app: AppHarness, look: Look) -> None:
    ref = app.asked(app.carol, f"{ADMIN} 1h incident")
    app.approve(ref, app.bob)
    assert "1 of 2 approved" in under(look(app.judy), "*Needs your approval*")


@both
def test_what_was_asked_for_me_by_somebody_else_is_mine_as_well(app: AppHarness, look: Look) -> None:
    ref = app.asked(app.carol, f"{ENGINE} @dave 8h rollout")
    for person in (app.carol, app.dave):
        assert f"{ref}*" in under(look(person), "*Your pending requests*")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.until(lambda: "End access" in look(app.dave).buttons, "dave to see that it is active")
    assert "End access" not in look(app.carol).buttons


def test_somebody_without_a_link_reads_in_the_list_how_to_get_one(app: AppHarness) -> None:
    assert "You are not linked to a RAM user yet; `/pairec-access link` shows how." in by_list(app.erin).plain


def test_home_says_to_somebody_without_a_link_which_of_its_buttons_gets_them_one(app: AppHarness) -> None:
    shown = by_home(app.erin)
    assert "not linked to a RAM user yet. Choose yours in *Request access*" in shown.plain
    assert "If you have none, *Onboard somebody* requests one." in shown.plain
    assert shown.buttons == ["Your access in RAM", "Request access", "Onboard somebody", "Past requests"]
    app.erin.click("Request access", shown)
    assert "RAM user" in app.erin.modal("Request access").plain
    assert "not linked" not in by_home(app.carol).plain


def test_home_sets_what_it_lists_apart(app: AppHarness) -> None:
    first = app.asked(app.carol, f"{ENGINE} 8h rollout")
    second = app.asked(app.carol, f"{DATA} 8h features")
    for person in (app.carol, app.bob):
        blocks = by_home(person).body["blocks"]
        at = [number for ref in (first, second) for number, each in enumerate(blocks) if ref in str(each)]
        between = [each["type"] for each in blocks[min(at) : max(at)]]
        assert between.count("divider") == 1, between


def test_a_guest_reads_in_both_places_that_it_is_not_for_guests(app: AppHarness) -> None:
    app.grace.type("/pairec-access list")
    app.grace.ephemeral_with("Guests cannot request access")
    app.grace.open_home()
    app.grace.home("Guests cannot request access")


@both
def test_what_was_there_before_is_shown_as_such(app: AppHarness, look: Look) -> None:
    ref = app.asked(app.dave, "algorithm-engineer 1h features")
    app.approve(ref, app.bob)
    app.card(ref, "stays when this request ends")
    assert f"`{MONITOR}`: held before" in under(look(app.dave), "*Your access*")


@both
def test_giving_back_works_there(app: AppHarness, look: Look) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.carol.click("End access", look(app.carol))
    app.comes_to_lose("carol", ENGINE)


@both
def test_cancelling_works_there(app: AppHarness, look: Look) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.carol.click("Cancel request", look(app.carol))
    app.card(ref, "cancelled")


@both
def test_approving_works_there(app: AppHarness, look: Look) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.bob.click("Approve", look(app.bob))
    app.comes_to_hold("carol", ENGINE)
    assert app.card(ref, "active").buttons == ["Revoke", "Details"]


@both
def test_it_shows_an_approver_as_which_ram_user_somebody_asks(app: AppHarness, look: Look) -> None:
    app.asked(app.carol, f"{ENGINE} @dave 8h rollout")
    waits = under(look(app.bob), "*Needs your approval*")
    assert "for <@U0DAVE> as RAM user `dave`, 8h" in waits
    assert "Identity not verified" not in waits


@both
def test_approving_a_claim_there_says_that_it_confirms_who_somebody_is(app: AppHarness, look: Look) -> None:
    claims(app, app.erin, "erin", DATA)
    shown = look(app.bob)
    waits = under(shown, "*Needs your approval*")
    assert "for <@U0ERIN> as RAM user `erin`, 2h" in waits
    assert "*Identity not verified.*" in waits
    assert "Approving also links <@U0ERIN> to RAM user `erin`." in waits
    app.bob.click("Approve", shown)
    app.comes_to_hold("erin", DATA)
    linked_to(app, app.erin, "You are RAM user `erin`")
    assert "Nobody has confirmed" not in look(app.judy).plain


@both
def test_the_one_who_waits_is_not_told_what_an_approval_confirms(app: AppHarness, look: Look) -> None:
    ref = claims(app, app.erin, "erin", DATA)
    waits = under(look(app.erin), "*Your pending requests*")
    assert ref in waits and "Identity not verified" not in waits


@both
def test_denying_works_there(app: AppHarness, look: Look) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.bob.click("Deny", look(app.bob))
    app.bob.modal(f"Deny {ref}")
    app.bob.submit({"Reason": "not today"})
    assert "not today" in app.card(ref, "denied").plain


@both
def test_details_open_there(app: AppHarness, look: Look) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.bob.click("Details", look(app.bob))
    app.bob.modal("History")
    assert app.record(ref).pending


@both
def test_approving_the_admin_policy_asks_for_confirmation_there_too(app: AppHarness, look: Look) -> None:
    app.asked(app.carol, f"{ADMIN} 1h incident")
    spots = look(app.bob).spots()
    approve = next(spot.element for spot in spots if spot.element["action_id"] == "approve")
    assert approve["confirm"]["title"]["text"] == "Make an administrator?"


def test_a_long_list_shows_the_first_and_says_how_many_more_there_are(app: AppHarness) -> None:
    items = (ENGINE, DATA, MONITOR, ADMIN, "algorithm-engineer", "engine-engineer")
    for number, item in enumerate(items, start=1):
        app.carol.type(f"/pairec-access request {item} 1h rollout")
        app.carol.ephemeral_with(f"R-{1000 + number}")
    waits = under(by_list(app.bob), "*Needs your approval*")
    assert waits.count("[Approve]") == LISTED
    assert f"and {len(items) - LISTED} more" in waits
    assert under(by_home(app.bob), "*Needs your approval*").count("[Approve]") == len(items)


def test_the_home_tab_opens_the_form(app: AppHarness) -> None:
    app.carol.open_home()
    app.carol.click("Request access", app.carol.home("PAI-Rec access"))
    assert "For whom: U0CAROL" in app.carol.modal("Request access").plain


def test_the_home_tab_is_redrawn_with_every_change_for_both_sides(app: AppHarness) -> None:
    app.carol.open_home()
    app.carol.home("No pending requests.")
    app.bob.open_home()
    app.bob.home("Nothing needs your approval.")
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.carol.home(f"*{ref}*")
    app.bob.home(f"*{ref}*")
    app.judy.click("Approve", app.card(ref))
    app.carol.home("🟢 Active until")
    app.bob.home("Nothing needs your approval.")
    app.people.advance(8 * HOUR)
    app.carol.home("Nothing granted here.")


def test_a_click_in_the_home_tab_that_is_too_late_is_answered_by_direct_message(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    home = by_home(app.bob)
    app.judy.click("Approve", app.card(ref))
    app.comes_to_hold("carol", ENGINE)
    app.bob.forge(
        {
            "type": "block_actions",
            "container": {"type": "view", "view_id": home.id},
            "view": home.body,
            "actions": [
                {
                    "type": "button",
                    "block_id": "b",
                    "action_id": "approve",
                    "action_ts": "1.0",
                    "value": app.name(ref),
                }
            ],
            "response_url": None,
        }
    )
    app.bob.direct_message_with(f"{ref} was approved by <@U0JUDY>")


def test_the_list_still_shows_what_is_mine_when_ram_does_not_answer(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "reset"})
    shown = by_list(app.carol)
    assert ref in under(shown, "*Your pending requests*")
    assert "RAM did not answer in time" in shown.plain


def test_an_approver_sees_in_home_what_others_have_and_revokes_it_there(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.approve(ref, app.bob)
    app.card(ref, "active")
    app.judy.open_home()
    shown = app.judy.home("*Active access*")
    assert f"*{ref}* · *Engine* (`{ENGINE}`) for <@U0CAROL> as RAM user `carol`, 8h" in shown.plain
    app.judy.click("Revoke", shown)
    app.comes_to_lose("carol", ENGINE)
    assert app.events(ref).count("taken back") == 1
    app.carol.open_home()
    assert "*Active access*" not in app.carol.home("*Your access*").plain, "it is for approvers"


def test_whoever_waits_reminds_in_the_list(app: AppHarness) -> None:
    ref = app.asked(app.carol, f"{ENGINE} 8h rollout")
    app.carol.click("Remind", by_list(app.carol))
    app.carol.ephemeral_with(f"*{ref}*: reminding the approvers.")
    assert app.events(ref).count("reminded") == 1
