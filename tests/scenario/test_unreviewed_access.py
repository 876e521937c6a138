"""What nobody reviews by the end of an access review: revoked where the catalogue says so, and kept where that is not
for the app to do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from approvals.ledger import access_reviews
from bot.sandbox.ram.state import AccountState
from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import audit_trail, press, refused
from tests.harness.rules import catalog_with
from tests.harness.unreviewed_kill_points import REVOKES
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, carol_has, comes_to, in_time
from tests.scenario.command_line import CommandLine
from tests.scenario.conftest import PACE
from tests.scenario.drifting import about_user
from tests.scenario.reviewing import DAY, due_later, item, over, part, passes, shows, start, told, whose

BUNDLES = """
[bundles.pair]
title = "Pair"
allows = "Engine and data."
policies = ["PaiRecEngineAccess", "PaiRecDataManagementAccess"]

[bundles.lead]
title = "Lead"
allows = "Engine, and who may use it."
policies = ["PaiRecEngineAccess", "PaiRecRamAdminAccess"]
"""
REVIEW_DAYS = 10
VANISHING = (("carol", MONITOR), ("carol", ENGINE), ("dave", DATA), ("frank", DATA))
THEN = "Whatever a request granted and nobody reviews by then is revoked."
Opens = Callable[..., AppHarness]


@pytest.fixture
def app_with(tmp_path: Path) -> Iterator[Opens]:
    """With these tables in the catalogue, which gives the admin policy for longer than the built-in one."""

    def opened(*tables: str) -> AppHarness:
        return stack.enter_context(AppHarness(tmp_path, {"PAIREC_CATALOG": str(catalog(tmp_path, *tables))}, pace=PACE))

    with ExitStack() as stack:
        yield opened


@pytest.fixture
def app(app_with: Opens) -> AppHarness:
    return app_with(REVOKES, BUNDLES)


@pytest.fixture
def pairec_access(app: AppHarness) -> CommandLine:
    return CommandLine(app)


def catalog(folder: Path, *tables: str) -> Path:
    path = catalog_with(folder, *tables)
    path.write_text(path.read_text("utf-8").replace('longest = "8h"', 'longest = "90d"', 1), "utf-8")
    return path


def ends(app: AppHarness) -> str:
    """Its time is up; what approvers read then."""
    passes(app, REVIEW_DAYS)
    return over(app).plain


def starts(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access, f"{REVIEW_DAYS}d")


def stays(app: AppHarness, user: str, what: str = "") -> str | None:
    """Why it does."""
    found = item(app, user, what)
    assert found.verdict is None
    return found.stays


def detaches(app: AppHarness) -> list[str]:
    """Whom and what RAM took away from users, by its own log."""
    log = app.people.account()["log"]
    took = [each for each in log if each["action"] == "DetachPolicyFromUser" and each["result"] == "ok"]
    return [f"{each['user']} {each['policy']}" for each in took]


def silent_about_admins(app: AppHarness) -> None:
    app.people.inject_ram_fault(
        {"action": "ListEntitiesForPolicy", "fault": "no_permission", "policy": ADMIN, "times": None}
    )


def test_what_a_request_granted_and_nobody_reviewed_is_revoked_in_the_end(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    starts(app, pairec_access)
    by = whose(app, "carol")
    assert THEN in told(app.bob)[-1].plain and THEN in part(app, by).plain
    end = ends(app)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", DATA) and detaches(app) == [f"carol {DATA}"]
    assert "0 kept, 0 shortened, 0 revoked, 7 not reviewed." in end
    assert "so it is being revoked:" in end and f"by *{ref}*, until revoked, since" in end
    assert f" · <@{by.id}> did not answer" in end
    why = "was revoked: nobody reviewed it in the access review."
    app.carol.direct_message_with(f"*{ref}*: *Data management* (`{DATA}`) {why}")
    app.card(ref, "Nobody reviewed it, so the access review revoked it.")
    assert app.chain_holds()


def test_what_was_granted_elsewhere_and_nobody_reviewed_stays_and_approvers_read_it(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    starts(app, pairec_access)
    end = ends(app)
    assert stays(app, "erin") == stays(app, "bob") == "granted elsewhere"
    assert "and it stays:" in end and "did not answer · granted elsewhere" in end
    assert detaches(app) == [] and app.holds("erin", ENGINE) and app.holds("bob", ADMIN)


def test_the_admin_policy_stays_although_nobody_reviewed_it(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = app.asked(app.dave, f"{ADMIN} 60d lead")
    app.approve(ref, app.bob, app.judy)
    comes_to(app, ref, "active")
    ref = carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    assert "granted with the administrators' policy" in ends(app)
    comes_to(app, ref, "ended")
    assert stays(app, "dave", ADMIN) == "admin policy"
    assert app.holds("dave", ADMIN) and detaches(app) == [f"carol {DATA}"]
    assert app.chain_holds()


def test_a_bundle_with_the_admin_policy_stays_with_all_that_is_in_it(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = app.asked(app.carol, "lead 60d lead")
    app.approve(ref, app.bob, app.judy)
    comes_to(app, ref, "active")
    starts(app, pairec_access)
    ends(app)
    assert stays(app, "carol", ENGINE) == stays(app, "carol", ADMIN) == "admin policy"
    assert app.holds("carol", ENGINE) and app.holds("carol", ADMIN) and detaches(app) == []


def test_of_what_an_approver_kept_no_other_part_is_revoked(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = app.asked(app.carol, "pair 60d rollout")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    starts(app, pairec_access)
    by = whose(app, "carol", DATA)
    by.click("Keep", about_user(part(app, by), "carol", DATA))
    shows(app, by, "1 thing stays.")
    ends(app)
    assert stays(app, "carol", ENGINE) == "bound to what stays"
    assert app.holds("carol", ENGINE) and app.holds("carol", DATA) and detaches(app) == []


def test_nothing_is_revoked_while_there_are_fewer_than_three_approvers(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    app.detach_by_hand("judy", ADMIN)
    assert "did not answer · fewer than three approvers" in ends(app)
    assert stays(app, "carol") == "few approvers" and app.holds("carol", DATA) and f"carol {DATA}" not in detaches(app)


def test_nothing_is_revoked_until_ram_says_who_may_approve(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    silent_about_admins(app)
    passes(app, REVIEW_DAYS)
    app.until(lambda: due_later(app), "the review to wait for RAM")
    assert app.holds("carol", DATA) and item(app, "carol").verdict is None
    app.people.clear_faults()
    app.people.advance(HOUR + 1)
    comes_to(app, ref, "ended")
    assert item(app, "carol").verdict == "revoke unreviewed" and not app.holds("carol", DATA)


def test_where_ram_does_not_say_it_for_a_day_the_review_ends_and_nothing_is_revoked(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    silent_about_admins(app)
    passes(app, REVIEW_DAYS)
    app.until(lambda: due_later(app), "the review to wait for RAM")
    app.people.advance(DAY + HOUR)
    assert "RAM did not say who may approve" in over(app).plain
    assert stays(app, "carol") == "approvers unknown" and app.holds("carol", DATA) and detaches(app) == []


def test_nothing_is_revoked_while_so_much_looks_removed_that_ram_is_not_believed(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    for user, policy in VANISHING:
        ref = app.asked(getattr(app, user), f"{policy} 60d rollout")
        app.approve(ref, app.bob)
        comes_to(app, ref, "active")
    carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    passes(app, REVIEW_DAYS, but=HOUR)

    def vanish(state: AccountState, now: float) -> None:
        gone = {(state.users[name].user_id, policy) for name, policy in VANISHING}
        for held in [each for each in state.attachments if (each[0].id, each[1].name) in gone]:
            del state.attachments[held]

    app.sandbox.account.write(vanish)
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: looks_removed(app) == 4, "the bot to miss it")
    app.real_passes(LONG_ENOUGH)
    app.bob.message_with("look removed all at once", "C0APPROVALS")
    app.people.advance(HOUR)
    assert "too much looks removed at once" in over(app).plain
    assert stays(app, "carol", DATA) == "mass removal" and app.holds("carol", DATA) and detaches(app) == []


def looks_removed(app: AppHarness) -> int:
    with app.ledger.read() as tx:
        rows = tx.rows("SELECT id FROM grants WHERE state = 'active' AND missing_since_real IS NOT NULL")
    return len(rows)


def test_more_time_that_was_asked_for_is_cancelled_with_what_nobody_reviewed(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="60d", policy=DATA)
    active = app.carol.direct_message_with("is active until")
    starts(app, pairec_access)
    passes(app, REVIEW_DAYS, but=HOUR)
    before = app.requests()
    app.carol.click("Extend", active)
    app.carol.modal(f"Extend {ref}")
    assert app.carol.submit({"How much longer": "4h", "Reason": "not done"}) == {}
    more = f"R-{1_001 + before}"
    app.card(more, "needs approval")
    app.people.advance(HOUR + 1)
    comes_to(app, ref, "ended")
    app.card(more, "what it was to extend was revoked.")
    app.carol.direct_message_with(f"*{more}*: cancelled: what it was to extend was revoked.")
    with refused(app, app.bob, "already_closed", "what it was to extend was revoked.", more):
        press(app.bob, "approve", app.name(more), app.card(more))


def test_a_review_that_is_ended_early_revokes_nothing(app: AppHarness, pairec_access: CommandLine) -> None:
    carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    assert pairec_access("review", "end").returncode == 0
    assert "the review was ended early" in over(app).plain
    assert stays(app, "carol") == "ended early" and app.holds("carol", DATA)


def test_what_the_catalogue_said_when_approvers_were_told_holds_until_the_end(
    app: AppHarness, pairec_access: CommandLine, tmp_path: Path
) -> None:
    ref = carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    catalog(tmp_path)
    app.restart_bot()
    ends(app)
    comes_to(app, ref, "ended")
    assert not app.holds("carol", DATA)


def test_a_review_that_began_before_the_catalogue_said_so_revokes_nothing(app_with: Opens, tmp_path: Path) -> None:
    app = app_with()
    pairec_access = CommandLine(app)
    carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    assert THEN not in told(app.bob)[-1].plain
    catalog(tmp_path, REVOKES)
    app.restart_bot()
    assert "<@U0BOB>" not in ends(app)
    assert stays(app, "carol") is None and app.holds("carol", DATA)


def test_the_result_says_who_was_to_review_what_nobody_did(app: AppHarness, pairec_access: CommandLine) -> None:
    carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    by = whose(app, "carol")
    list_before = part(app, by)
    ends(app)
    with refused(app, by, "review_over", "This access review is over.", act="access_review"):
        press(by, "access_review_keep", item(app, "carol").id, list_before)
    found = list(csv.DictReader(io.StringIO(pairec_access("review", "show", "--format", "csv").stdout)))
    [carol] = [each for each in found if each["ram_user"] == "carol"]
    assert (carol["verdict"], carol["said_by"], carol["stays"]) == ("revoke unreviewed", "", "")
    assert carol["reviewer"] == by.id
    assert {each["stays"] for each in found if each is not carol} == {"granted elsewhere"}
    [listed] = list(csv.DictReader(io.StringIO(pairec_access("review", "list", "--format", "csv").stdout)))
    assert (listed["unreviewed"], listed["open"]) == ("revoke", "6")
    noted = [entry for entry in audit_trail(app) if entry["event"] == "access not reviewed"]
    assert len(noted) == 7 and {entry["reviewer"] for entry in noted if entry["ram_user"] == "carol"} == {by.id}
    with app.ledger.read() as tx:
        [review] = access_reviews.every_one(tx)
    assert review.closed_at is not None


def test_what_an_approver_shortened_runs_until_then_although_nobody_reviewed_the_rest_of_its_request(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = app.asked(app.carol, "pair 60d both")
    app.approve(ref, app.bob)
    comes_to(app, ref, "active")
    starts(app, pairec_access)
    by = whose(app, "carol", ENGINE)
    by.choose("Shorten", "to 30 days from now", about_user(part(app, by), "carol", ENGINE))
    shows(app, by, "It ends")
    assert "1 shortened" in ends(app) and stays(app, "carol", DATA) == "bound to what stays"
    assert app.holds("carol", ENGINE) and app.holds("carol", DATA)
    app.people.advance((30 - REVIEW_DAYS) * DAY)
    comes_to(app, ref, "ended")
    assert detaches(app).count(f"carol {DATA}") == 1 and app.chain_holds()


def test_what_reviewers_came_to_know_too_late_to_review_is_not_revoked(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    carol_has(app, duration="60d", policy=DATA)
    silent_about_admins(app)
    assert pairec_access("review", "start", "--by", f"{REVIEW_DAYS}d").returncode == 0
    app.people.advance((REVIEW_DAYS // 2 + 1) * DAY)
    app.people.clear_faults()
    app.restart_bot()
    app.until(lambda: told(app.bob), "approvers to be told")
    assert THEN not in told(app.bob)[-1].plain
    app.until(lambda: due_later(app), "the review to wait")
    app.people.advance(REVIEW_DAYS // 2 * DAY)
    over(app)
    assert stays(app, "carol") is None and app.holds("carol", DATA) and detaches(app) == []


def test_where_the_bot_was_down_when_reviewers_were_to_be_reminded_nothing_is_revoked(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    carol_has(app, duration="60d", policy=DATA)
    starts(app, pairec_access)
    app.until(lambda: due_later(app), "the review to wait")
    app.stop_bot()
    app.people.advance(REVIEW_DAYS * DAY + 1)
    app.start_bot()
    assert "did not answer · nobody was reminded" in over(app).plain
    assert stays(app, "carol") == "nobody was reminded" and app.holds("carol", DATA) and detaches(app) == []
