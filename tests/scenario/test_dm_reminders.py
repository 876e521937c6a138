"""Whoever wishes that is reminded by direct message as well, until they say otherwise."""

from __future__ import annotations

import pytest

from bot.sandbox.client import SandboxPerson
from tests.harness.app import APPROVALS, ENGINE, AppHarness
from tests.harness.reminders import MONDAY, goes_to

MINUTE = 60
ASKS = f"{ENGINE} 8h rolling out"
STILL = "still needs your approval"


@pytest.fixture
def monday(app: AppHarness) -> AppHarness:
    goes_to(app, MONDAY, 10)
    return app


def reminded(person: SandboxPerson, *, in_person: bool) -> int:
    return sum(STILL in m.plain and (m.channel != APPROVALS) == in_person for m in person.messages())


def test_whoever_wishes_it_is_told_in_person_and_mentioned_all_the_same(monday: AppHarness) -> None:
    monday.bob.type("/pairec-access reminders dm")
    assert "also come by direct message" in monday.bob.ephemeral_with("Reminders").plain
    monday.asked(monday.carol, ASKS)
    monday.people.advance(15 * MINUTE)
    assert "Engine" in monday.bob.direct_message_with(STILL).plain
    assert reminded(monday.bob, in_person=False) == 1
    assert not reminded(monday.judy, in_person=True)
    assert "U0BOB" in next(m for m in monday.judy.messages() if STILL in m.plain).mentions


def test_who_takes_it_back_is_mentioned_alone(monday: AppHarness) -> None:
    for word in ("dm", "thread"):
        monday.bob.type(f"/pairec-access reminders {word}")
    monday.bob.ephemeral_with("mention you in the card's thread")
    monday.asked(monday.carol, ASKS)
    monday.people.advance(15 * MINUTE)
    monday.until(lambda: reminded(monday.judy, in_person=False), "the thread to be reminded")
    monday.until(monday.has_looked, "all to be done")
    assert not reminded(monday.bob, in_person=True)


def test_home_has_a_button_for_it_and_shows_what_holds(app: AppHarness) -> None:
    app.bob.open_home()
    app.bob.click("By direct message too", app.bob.home("Reminders"))
    app.bob.click("In threads only", app.bob.home("also come by direct message"))
    app.bob.home("mention you in the card's thread")
    app.carol.open_home()
    assert "Reminders" not in app.carol.home("*Your access*").plain


def test_clicking_twice_is_choosing_once_and_it_stands_in_the_trail(app: AppHarness) -> None:
    app.bob.open_home()
    shown = app.bob.home("Reminders")
    for _ in range(2):
        app.bob.click("By direct message too", shown)
    app.bob.home("also come by direct message")
    with app.ledger.read() as tx:
        rows = tx.rows("SELECT entry FROM audit")
    assert sum('"dm reminders on"' in str(row["entry"]) for row in rows) == 1
    assert app.chain_holds()


def test_it_is_refused_to_whoever_has_no_link(app: AppHarness) -> None:
    app.erin.type("/pairec-access reminders dm")
    app.erin.ephemeral_with("not linked")


def test_what_is_no_such_word_shows_what_holds(app: AppHarness) -> None:
    app.bob.type("/pairec-access reminders every minute <!channel>")
    app.bob.ephemeral_with("mention you in the card's thread")
