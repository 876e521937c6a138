"""Break-glass: taken at once in an emergency, told to everybody who could have approved it, and reviewed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from approvals.millis import DAY, SECOND
from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import APPROVALS, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.break_glass import BREAK_GLASS, opened, reviews, takes
from tests.harness.refusals import audit_trail, invite, press, refused
from tests.harness.reminders import MINUTE, MONDAY, goes_to
from tests.harness.rules import LONG, catalog_with
from tests.harness.waiting import comes_to
from tests.scenario.command_line import CommandLine

FROZEN = """
[[rules]]
name = "release freeze"
when = "{unless}item == 'PaiRecEngineAccess'"
deny = "Frozen until Monday."
"""
ENGINE_TAKES_TWO = """
[[rules]]
name = "engine takes two"
when = "item == 'PaiRecEngineAccess'"
require = 2
"""
BY_BREAK_GLASS = "by break-glass. All approvers were told"
Opens = Callable[..., AppHarness]


@pytest.fixture
def app_with(tmp_path: Path) -> Iterator[Opens]:
    with ExitStack() as stack:
        yield lambda *tables: opened(stack, tmp_path, tables)


@pytest.fixture
def app(app_with: Opens) -> AppHarness:
    return app_with(BREAK_GLASS)


def buttons(message: SeenMessage) -> str:
    return str(message.blocks)


def test_it_is_active_at_once_for_as_long_as_the_catalogue_says(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    assert app.holds("carol", ENGINE)
    said = app.carol.ephemeral_with("granting `PaiRecEngineAccess` to you now").plain
    assert ref in said and "Every approver was told" in said
    assert "approved by" not in app.carol.direct_message_with(BY_BREAK_GLASS).plain
    app.people.advance(30 * MINUTE)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", ENGINE)
    assert app.events(ref)[0] == "break glass"
    assert app.chain_holds()


def test_the_channel_and_every_approver_are_told_that_nobody_approved_it(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    card = app.card(ref, "break-glass, needs review")
    assert "🚨" in card.plain and "nobody approved it" in card.plain and "503s since 4" in card.plain
    assert "Approved by" not in card.plain
    for approver in (app.alice, app.bob, app.judy):
        assert f"<@{approver.id}>" in card.plain, "the channel calls them"
        assert ref in approver.direct_message_with("break-glass, needs review").plain


def test_what_was_justified_runs_to_its_end_and_the_next_one_is_possible(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    reviews(app, app.bob, ref, "Justified", "the pager was right")
    card = app.card(ref, "Justified, says")
    assert "the pager was right" in card.plain and "Not justified" not in buttons(card)
    assert "the pager was right" in app.carol.direct_message_with("found your break-glass justified").plain
    assert app.holds("carol", ENGINE)
    app.people.advance(30 * MINUTE)
    comes_to(app, ref, "ended")
    comes_to(app, takes(app), "active")


def test_what_was_not_justified_is_revoked_and_bars_from_the_next_for_a_time(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    reviews(app, app.judy, ref, "Not justified", "a rollout can wait")
    comes_to(app, ref, "ended")
    assert not app.holds("carol", ENGINE)
    assert "a rollout can wait" in app.card(ref, "Not justified, says").plain
    app.carol.direct_message_with("found your break-glass not justified. The next one is possible from")
    app.carol.direct_message_with("was revoked by")
    with refused(app, app.carol, "barred", "Your last break-glass was not justified", act="break_glass"):
        app.carol.type(f"/pairec-access break-glass {MONITOR} again")
    app.asked(app.carol, f"{DATA} 8h in the usual way")
    app.people.advance(14 * 24 * HOUR)
    comes_to(app, takes(app, item=MONITOR), "active")


def test_it_is_one_at_a_time_and_a_review_counts(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    with refused(app, app.carol, "emergency_open", f"You used break-glass with {ref}", act="break_glass"):
        app.carol.type(f"/pairec-access break-glass {MONITOR} more")
    app.people.advance(31 * MINUTE)
    comes_to(app, ref, "ended")
    with refused(app, app.carol, "emergency_open", f"You used break-glass with {ref}", act="break_glass"):
        app.carol.type(f"/pairec-access break-glass {MONITOR} more")
    assert app.requests() == 1


def test_a_command_that_slack_delivers_twice_gives_it_once(app: AppHarness) -> None:
    app.people.inject_slack_fault({"fault": "redeliver"})
    ref = takes(app)
    comes_to(app, ref, "active")
    app.card(ref, "needs review")
    assert app.requests() == 1 and app.writes("AttachPolicyToUser", "carol", ENGINE) == 1


def test_a_form_that_slack_delivers_twice_reviews_it_once(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    app.bob.click("Not justified", app.card(ref))
    app.bob.modal(f"Review {ref}")
    app.people.inject_slack_fault({"fault": "redeliver"})
    assert app.bob.submit({"Why": "a rollout can wait"}) == {}
    comes_to(app, ref, "ended")
    assert app.events(ref).count("emergency reviewed") == app.events(ref).count("taken back") == 1


def test_of_two_who_review_it_the_first_counts(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    app.judy.click("Not justified", app.card(ref))
    app.judy.modal(f"Review {ref}")
    reviews(app, app.bob, ref, "Justified", "the pager was right")
    app.card(ref, "Justified, says")
    assert app.judy.submit({"Why": "it was not"}) == {}
    app.judy.direct_message_with(f"<@{app.bob.id}> reviewed {ref} already.")
    assert app.holds("carol", ENGINE)
    assert app.events(ref).count("emergency reviewed") == 1


def test_nobody_reviews_their_own_and_only_approvers_do(app: AppHarness) -> None:
    ref = takes(app, app.bob)
    comes_to(app, ref, "active")
    with refused(app, app.bob, "own_request", f"{ref} is your own", ref, act="review_emergency"):
        app.bob.click("Justified", app.card(ref))
    invite(app, app.carol)
    with refused(app, app.carol, "not_approver", "PaiRecRamAdminAccess", ref, act="review_emergency"):
        press(app.carol, "emergency_justified", app.name(ref), app.card(ref))
    assert app.record(ref).under_review


def test_words_are_asked_for(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    app.bob.click("Not justified", app.card(ref))
    app.bob.modal(f"Review {ref}")
    assert list(app.bob.submit({"Why": " "})) == ["words"]
    assert app.record(ref).under_review


@pytest.mark.parametrize(
    ("who", "typed", "why", "says"),
    [
        ("carol", f"{ENGINE}", "reason_missing", "reason"),
        ("carol", f"{DATA} 503s", "not_for_emergencies", "Break-glass does not give `PaiRecDataManagementAccess`"),
        ("dave", f"{ENGINE} 503s", "not_in_group", "Break-glass is for members of the RAM groups `rec-oncall`"),
        ("erin", f"{ENGINE} 503s", "not_linked", "link"),
        ("carol", "PaiRecEngin 503s", "unknown_item", "Did you mean"),
    ],
)
def test_what_is_not_given_is_said_and_in_the_trail(app: AppHarness, who: str, typed: str, why: str, says: str) -> None:
    person: SandboxPerson = getattr(app, who)
    with refused(app, person, why, says, act="break_glass"):
        person.type(f"/pairec-access break-glass {typed}")
    assert app.requests() == 0


def test_without_the_table_it_is_off(app_with: Opens) -> None:
    app = app_with()
    for typed in ("", f" {ENGINE} 503s"):
        with refused(app, app.carol, "no_break_glass", "Break-glass is off.", act="break_glass"):
            app.carol.type(f"/pairec-access break-glass{typed}")
    assert app.requests() == 0


def test_what_it_gives_is_said_to_whoever_types_it_alone(app: AppHarness) -> None:
    app.carol.type("/pairec-access break-glass")
    said = app.carol.ephemeral_with("Break-glass gives").plain
    assert f"`{ENGINE}`, `{MONITOR}` at once for 30m" in said and "rec-oncall" in said


def test_a_freeze_holds_unless_its_rule_says_otherwise(app_with: Opens, tmp_path: Path) -> None:
    app = app_with(BREAK_GLASS, FROZEN.format(unless=""))
    with refused(app, app.carol, "denied_by_rule", "Frozen until Monday.", act="break_glass"):
        app.carol.type(f"/pairec-access break-glass {ENGINE} 503s")
    lenient = catalog_with(tmp_path, BREAK_GLASS, FROZEN.format(unless="!break_glass && "))
    app.restart_bot({"PAIREC_CATALOG": str(lenient)})
    comes_to(app, takes(app), "active")


def test_what_takes_two_by_a_rule_is_not_given(app_with: Opens) -> None:
    app = app_with(BREAK_GLASS, ENGINE_TAKES_TWO)
    with refused(app, app.carol, "takes_more_by_rule", "By the rule `engine takes two`", act="break_glass"):
        app.carol.type(f"/pairec-access break-glass {ENGINE} 503s")
    comes_to(app, takes(app, item=MONITOR), "active")


def test_it_is_never_extended(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    told = app.carol.direct_message_with(BY_BREAK_GLASS)
    assert "Extend" not in buttons(told) and "End access" in buttons(told)
    app.carol.type("/pairec-access list")
    listed = app.carol.ephemeral_with("Break-glass, to be reviewed by")
    assert "Extend" not in buttons(listed)


def test_whoever_waits_for_approval_of_the_same_may_take_it(app: AppHarness) -> None:
    waits = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    ref = takes(app)
    comes_to(app, ref, "active")
    assert app.record(waits).pending


def test_approvers_find_it_in_their_list_and_its_details(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    app.judy.type("/pairec-access list")
    assert ref in app.judy.ephemeral_with("Break-glass that needs a review").plain
    app.bob.click("Details", app.card(ref))
    assert "took it by break-glass" in app.bob.modal(ref).plain


def test_reviewers_are_reminded_every_day_until_one_of_them_reviewed_it(app: AppHarness) -> None:
    goes_to(app, MONDAY, 10)
    ref = takes(app)
    comes_to(app, ref, "active")

    def reminded() -> int:
        return sum(f"*{ref}* still needs a review" in message.plain for message in app.bob.messages(APPROVALS))

    for times, hours in enumerate((4, 24, 24), start=1):
        app.people.advance(hours * HOUR)
        app.until(lambda times=times: reminded() == times, f"reminder {times}")
    reviews(app, app.judy, ref, "Justified", "late, and right")
    app.card(ref, "Justified, says")
    app.people.advance(48 * HOUR)
    app.carol.type("/pairec-access list")
    app.carol.ephemeral_with("Your access")
    assert reminded() == 3


def test_it_is_due_for_review_on_the_next_working_day(app: AppHarness) -> None:
    goes_to(app, MONDAY, 10)
    for who, days in ((app.bob, 1), (app.carol, 3)):
        ref = takes(app, who)
        emergency = app.record(ref).emergency
        assert emergency is not None
        assert emergency.review_by - emergency.taken_at == days * DAY
        assert datetime.fromtimestamp(emergency.review_by / SECOND, UTC).weekday() < 5
        app.people.advance(4 * 24 * HOUR)


def test_explain_says_that_it_could_be_taken_or_why_not(app_with: Opens) -> None:
    app = app_with(BREAK_GLASS, LONG)
    app.carol.type(f"/pairec-access explain {ENGINE} 8h")
    app.carol.ephemeral_with(f"/pairec-access break-glass {ENGINE} …` gives it to you at once for 30m.")
    app.dave.type(f"/pairec-access explain {ENGINE} 8h")
    app.dave.ephemeral_with("Break-glass is for members of the RAM groups")
    app.carol.type(f"/pairec-access explain {DATA} 8h")
    assert "reak-glass" not in app.carol.ephemeral_with(f"`{DATA}`").plain
    assert app.requests() == 0


def test_the_trail_says_who_took_it_who_was_told_and_what_was_said_of_it(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    reviews(app, app.bob, ref, "Not justified", "a rollout can wait")
    comes_to(app, ref, "ended")
    taken = next(each for each in audit_trail(app) if each["event"] == "break glass")
    assert (taken["by_slack"], taken["item"], taken["reason"]) == (app.carol.id, ENGINE, "503s since 4")
    assert {app.alice.id, app.bob.id, app.judy.id} <= set(taken["told"])
    said = next(each for each in audit_trail(app) if each["event"] == "emergency reviewed")
    assert (said["verdict"], said["reason"], said["by_ram_user"]) == ("not_justified", "a rollout can wait", "bob")
    assert app.chain_holds()


@pytest.mark.parametrize(("seen", "why"), [({"is_restricted": True}, "guest"), ({"is_stranger": True}, "stranger")])
def test_no_guest_and_nobody_of_another_workspace_is_told_what_it_gives_to_whom(
    app: AppHarness, seen: dict[str, bool], why: str
) -> None:
    app.people.inject_slack_fault({"person": "U0CAROL", "set": seen})
    with refused(app, app.carol, why, "", act="break_glass"):
        app.carol.type("/pairec-access break-glass")
    assert "rec-oncall" not in app.carol.screen_text()


def test_nobody_is_erased_whose_break_glass_waits_for_a_review(app: AppHarness) -> None:
    """Its reviewer has to read what it was taken for."""
    ref = takes(app)
    comes_to(app, ref, "active")
    app.people.advance(31 * MINUTE)
    comes_to(app, ref, "ended")
    assert CommandLine(app)("unlink", "carol").returncode == 0
    done = CommandLine(app)("ledger", "erase", "carol", "--yes")
    assert done.returncode == 2 and f"nothing was erased: {ref} of carol is not over" in done.stderr
    reviews(app, app.bob, ref, "Justified", "the pager was right")
    app.card(ref, "Justified, says")
    assert CommandLine(app)("ledger", "erase", "carol", "--yes").returncode == 0
    assert "503s" not in str(audit_trail(app)) and "the pager" not in str(audit_trail(app)) and app.chain_holds()


def test_a_reviewer_who_is_erased_leaves_neither_words_nor_a_name(app: AppHarness) -> None:
    ref = takes(app)
    comes_to(app, ref, "active")
    reviews(app, app.bob, ref, "Justified", "the pager was right")
    app.card(ref, "Justified, says")
    app.people.advance(31 * MINUTE)
    comes_to(app, ref, "ended")
    assert CommandLine(app)("unlink", "bob").returncode == 0
    assert CommandLine(app)("ledger", "erase", "bob", "--yes").returncode == 0
    [review] = [entry for entry in audit_trail(app) if entry["event"] == "emergency reviewed"]
    assert "reason" not in review and review["by_ram_user"] != "bob" and app.chain_holds()
