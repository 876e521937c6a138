"""Who is away is not reminded, mentioned or counted on, and may decide all the same."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.ledger import away, trail
from approvals.millis import DomainMillis
from bot.sandbox.client import SandboxPerson
from tests.harness.app import ADMIN, ENGINE, HOUR, AppHarness
from tests.harness.refusals import TEAM
from tests.harness.reminders import FRIDAY, MINUTE, MONDAY, goes_to, has_looked, is_reminded, lives_in, reminders
from tests.scenario.test_asked_until import wall

ASKS = f"{ENGINE} 8h rolling out"
SHANGHAI = ZoneInfo("Asia/Shanghai")
TOO_FEW = "Too few approvers are here"


@pytest.fixture
def monday(app: AppHarness) -> AppHarness:
    lives_in(app, "Asia/Shanghai", app.alice, app.bob, app.judy)
    goes_to(app, MONDAY, 10, zone=SHANGHAI)
    return app


def is_away(app: AppHarness, person: SandboxPerson, until: str) -> None:
    person.type(f"/pairec-access away {until}")
    app.until(lambda: away_until(app, person), f"{person.name} to be away; they see:\n{person.screen_text()}")


def away_until(app: AppHarness, person: SandboxPerson) -> DomainMillis | None:
    with app.ledger.read() as tx:
        return away.until(tx, TEAM, SlackUserId(person.id))


def said(app: AppHarness) -> list[str]:
    """What the trail has of who is away."""
    with app.ledger.read() as tx:
        events = [entry.fields["event"] for entry in trail.entries(tx)]
    return [each for each in events if each in (AuditEvent.AWAY, AuditEvent.BACK)]


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("until tomorrow", "Tuesday 09:00"),
        ("friday", "Friday 09:00"),
        ("until wednesday 14:30", "Wednesday 14:30"),
        ("到周五", "Friday 09:00"),
        ("3d", "Thursday 10:0"),
        ("2 hours", "Monday 12:0"),
    ],
)
def test_until_when_is_by_the_clock_of_whoever_says_so(monday: AppHarness, typed: str, until: str) -> None:
    is_away(monday, monday.bob, typed)
    assert wall(away_until(monday, monday.bob)).startswith(until)
    shown = monday.bob.ephemeral_with("You are away until")
    assert shown.buttons == ["I am back"] and said(monday) == ["away"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("until monday", "`until monday` has passed"),
        ("until 1999-12-31", "has passed"),
        ("until 2099-01-01", "You can be away for 366d at most"),
        ("400d", "You can be away for 366d at most"),
        ("until-revoked", "`until-revoked` is not a time"),
        ("for a while <!channel>", "is not a time"),
        ("0h", "`0h` is not a time"),
        ("x" * 3_000, "is not a time"),
    ],
)
def test_what_is_no_time_to_be_away_is_one_sentence(monday: AppHarness, typed: str, told: str) -> None:
    monday.bob.type(f"/pairec-access away {typed}")
    answer = monday.bob.ephemeral_with(told)
    assert answer.mentions == [] and away_until(monday, monday.bob) is None and said(monday) == []


def test_whoever_is_away_is_neither_mentioned_nor_reminded_and_decides_all_the_same(monday: AppHarness) -> None:
    is_away(monday, monday.bob, "until friday")
    ref = monday.asked(monday.carol, ASKS)
    card = monday.card(ref)
    assert "U0BOB" not in card.mentions and "U0ALICE" in card.mentions and TOO_FEW not in card.plain
    monday.people.advance(15 * MINUTE)
    assert is_reminded(monday, monday.alice).mentions == ["U0ALICE", "U0JUDY"]
    monday.approve(ref, monday.bob)
    monday.comes_to_hold("carol", ENGINE)


def test_the_card_says_when_too_few_are_left_and_that_they_are_enough_again(monday: AppHarness) -> None:
    is_away(monday, monday.bob, "until friday")
    ref = monday.asked(monday.carol, f"{ADMIN} 1h incident")
    assert TOO_FEW not in monday.card(ref).plain
    is_away(monday, monday.judy, "until tomorrow")
    card = monday.card(ref, TOO_FEW)
    assert "(1 of 2)" in card.plain and "Away: `judy` until <!date" in card.plain
    assert sorted(card.mentions) == ["U0ALICE", "U0CAROL"], "to name whoever is away would call them"
    monday.approve(ref, monday.bob)
    monday.until(lambda: TOO_FEW not in monday.card(ref, "*1 of 2* approved").plain, "one more to be enough")
    monday.judy.type("/pairec-access back")
    monday.judy.ephemeral_with("You are back.")
    monday.until(lambda: "U0JUDY" in monday.card(ref).mentions, "her to be asked again")


def test_whoever_asks_is_told_in_the_form_before_it_is_sent_and_by_message_after(monday: AppHarness) -> None:
    monday.look_at_admins()
    for person in (monday.alice, monday.bob, monday.judy):
        is_away(monday, person, "until tomorrow")
    monday.carol.type("/pairec-access request")
    assert f"{TOO_FEW} (0 of 1). Away: " in monday.carol.modal("Request access").plain
    monday.carol.close_modal()
    monday.carol.type(f"/pairec-access explain {ENGINE}")
    assert f"{TOO_FEW} (0 of 1)" in monday.carol.ephemeral_with("Nothing was requested").plain
    monday.asked(monday.carol, ASKS)
    assert f"{TOO_FEW} (0 of 1)" in monday.carol.direct_message_with("It needs").plain


def test_while_all_are_away_nobody_is_reminded_and_whoever_is_back_first_is(monday: AppHarness) -> None:
    for person, until in ((monday.alice, "2h"), (monday.bob, "until friday"), (monday.judy, "until friday")):
        is_away(monday, person, until)
    ref = monday.asked(monday.carol, ASKS)
    monday.people.advance(15 * MINUTE)
    assert 0 < (has_looked(monday, ref) or 0) <= HOUR and reminders(monday.alice) == []
    monday.carol.click("Remind", monday.carol.direct_message_with("It needs"))
    told = monday.carol.ephemeral_with("nobody was reminded, as all approvers are away (`alice` until <!date").plain
    assert "`bob` until" in told and "write to one of them, or press Remind again when one is back" in told
    assert "reminded" not in monday.events(ref)
    monday.people.advance(2 * HOUR)
    assert is_reminded(monday, monday.alice).mentions == ["U0ALICE"]
    monday.until(lambda: away_until(monday, monday.alice) is None, "her to be back")
    assert said(monday) == ["away", "away", "away", "back"] and monday.chain_holds()


def test_remind_that_found_everybody_away_can_be_pressed_again_when_one_is_back(monday: AppHarness) -> None:
    for person in (monday.alice, monday.bob, monday.judy):
        is_away(monday, person, "until friday")
    ref = monday.asked(monday.carol, ASKS)
    told = monday.carol.direct_message_with("It needs")
    monday.carol.click("Remind", told)
    monday.carol.ephemeral_with(f"{ref}*: nobody was reminded")
    assert reminders(monday.bob) == []
    monday.bob.type("/pairec-access back")
    monday.bob.ephemeral_with("You are back.")
    monday.carol.click("Remind", told)
    monday.carol.ephemeral_with(f"{ref}*: reminding the approvers.")
    assert is_reminded(monday, monday.bob).mentions == ["U0BOB"]
    monday.until(lambda: monday.events(ref).count("reminded") == 1, "the one that called somebody to be in the trail")


def test_saying_it_twice_is_once_and_home_shows_it_with_a_button_that_ends_it(monday: AppHarness) -> None:
    for _ in range(2):
        is_away(monday, monday.bob, "until friday")
    monday.bob.open_home()
    monday.bob.click("I am back", monday.bob.home("You are away until"))
    monday.until(lambda: "You are away" not in monday.bob.home("Your access").plain, "Home to be without it")
    monday.bob.click("I am back", monday.bob.ephemeral_with("You are away until"))
    monday.bob.ephemeral_with("You are not away.")
    monday.bob.type("/pairec-access away off")
    monday.bob.type("/pairec-access away")
    monday.bob.ephemeral_with("`/pairec-access away until monday` says so")
    assert said(monday) == ["away", "back"] and monday.chain_holds()


def test_another_day_takes_the_place_of_the_one_before(monday: AppHarness) -> None:
    is_away(monday, monday.bob, "1h")
    monday.bob.type("/pairec-access away until friday")
    monday.until(lambda: wall(away_until(monday, monday.bob)) == "Friday 09:00", "it to be Friday")
    monday.people.advance(2 * HOUR)
    is_away(monday, monday.judy, "until friday")
    assert away_until(monday, monday.bob) is not None
    goes_to(monday, FRIDAY, 9, 1, zone=SHANGHAI)
    monday.until(lambda: away_until(monday, monday.bob) is None, "him to be back")


def test_whoever_is_nobodys_approver_cannot_be_away_without_a_link(app: AppHarness) -> None:
    app.erin.type("/pairec-access away 2d")
    app.erin.ephemeral_with("You are not linked to a RAM user")
