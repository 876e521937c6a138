"""An access review: started by whoever runs the bot, gone through by approvers, signed off."""

from __future__ import annotations

import csv
import io
from functools import partial

from approvals.ledger import access_reviews
from tests.harness.app import ADMIN, DATA, ENGINE, HOUR, MONITOR, AppHarness
from tests.harness.refusals import press, refused
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.command_line import CommandLine
from tests.scenario.drifting import about_user, asks_to_adopt, gone, looks, request
from tests.scenario.reviewing import (
    DAY,
    another,
    due_later,
    events,
    item,
    keeps_all,
    over,
    part,
    reminded,
    row_of,
    shows,
    start,
    told,
    whose,
)


def test_each_approver_is_told_of_a_part_and_nobody_gets_their_own(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    app.bob.click("Review", told(app.bob)[-1])
    shown = shows(app, app.bob, "Do they stay?")
    assert "3 more are for other approvers." in shown.plain
    for person, name in ((app.alice, "alice"), (app.bob, "bob"), (app.judy, "judy")):
        assert f"|`{name}`>" not in part(app, person).plain
    with app.ledger.read() as tx:
        [review] = access_reviews.every_one(tx)
        parts = [each.reviewer for each in access_reviews.items(tx, review.id)]
    assert len(parts) == 6 and all(parts.count(each) <= 3 for each in parts)
    begun = ["access review started", "access review items", "access review collected"]
    assert events(app) == begun and app.chain_holds()


def test_what_ends_within_a_month_is_not_reviewed_and_what_runs_on_is(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    carol_has(app, duration="8h", policy=ENGINE)
    carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    assert item(app, "carol").access.about.endswith(DATA)
    with app.ledger.read() as tx:
        [review] = access_reviews.every_one(tx)
        names = [each.access.principal.name for each in access_reviews.items(tx, review.id)]
    assert names.count("carol") == 1 and len(names) == 7


def test_what_is_kept_stays_and_is_not_asked_again(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    by = whose(app, "dave")
    list_before = part(app, by)
    by.click("Keep", about_user(list_before, "dave"))
    assert "|`dave`>" not in shows(app, by, "1 thing stays.").plain
    read = len(by.messages())
    press(by, "access_review_keep", item(app, "dave").id, list_before)
    app.until(lambda: len(by.messages()) > read, "the second click to be answered")
    assert events(app).count("access reviewed") == 1
    assert app.holds("dave", MONITOR) and item(app, "dave").said_by == by.id
    assert app.chain_holds()


def test_what_a_request_granted_is_revoked_by_one_approver(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by = whose(app, "carol")
    shown = part(app, by)
    assert f"has `{DATA}` by *{ref}*, until revoked" in shown.plain
    by.click("Revoke", about_user(shown, "carol"), confirm=True)
    shows(app, by, "Revoking.")
    comes_to(app, ref, "ended")
    assert not app.holds("carol", DATA)
    assert item(app, "carol").verdict == "revoke" and app.chain_holds()


def test_what_was_granted_elsewhere_is_revoked_once_another_approver_agrees(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access)
    by = whose(app, "erin")
    by.click("Revoke", about_user(part(app, by), "erin"), confirm=True)
    shows(app, by, "Another approver decides.")
    asked = request(app)
    assert "Access review" in asked.plain and app.holds("erin", ENGINE)
    assert item(app, "erin").verdict == "asked"
    other = another(app, by)
    other.click("Approve", asked)
    app.until(lambda: not app.holds("erin", ENGINE), "RAM not to have it")
    assert item(app, "erin").verdict == "revoke" and app.chain_holds()


def test_what_is_gone_by_then_is_said_to_be(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by = whose(app, "carol")
    shown = part(app, by)
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    by.click("Revoke", about_user(shown, "carol"), confirm=True)
    shows(app, by, "It was gone already.")
    assert item(app, "carol").verdict == "gone"


def test_what_a_request_granted_with_one_approval_is_kept_in_one_click(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by = whose(app, "carol")
    left = part(app, by)
    by.click("Keep 1 that takes one approval", left, confirm=True)
    shows(app, by, "1 thing stays.")
    assert item(app, "carol").verdict == "keep" and item(app, "erin").verdict is None
    assert app.holds("carol", DATA)


def test_keeping_all_of_a_page_twice_keeps_nothing_that_was_not_on_it(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    for policy in (DATA, ENGINE, MONITOR):
        carol_has(app, duration="until-revoked", policy=policy)
    start(app, pairec_access)
    by = next(each for each in (app.alice, app.bob, app.judy) if "Keep " in str(part(app, each).buttons))
    left = part(app, by)
    keeps = next(each for each in left.buttons if each.startswith("Keep ") and "approval" in each)
    value = next(
        spot.element["value"] for spot in left.spots() if (spot.element.get("text") or {}).get("text") == keeps
    )
    review_id, first, *_ = value.split(" ")
    press(by, "access_review_keep_harmless", f"{review_id} {first} {'f' * 32} x", left)
    app.until(lambda: events(app).count("access reviewed") == 1, "the one that was named to be kept")
    press(by, "access_review_keep_harmless", review_id, left)
    shows(app, by, "0 things stay.")
    assert events(app).count("access reviewed") == 1


def test_what_comes_through_a_group_can_only_be_kept(app: AppHarness, pairec_access: CommandLine) -> None:
    app.by_hand("CreateGroup", GroupName="ops")
    app.by_hand("AddUserToGroup", UserName="erin", GroupName="ops")
    app.by_hand("AttachPolicyToGroup", GroupName="ops", PolicyName=ADMIN, PolicyType="Custom")
    start(app, pairec_access)
    by = whose(app, "erin", "|ops")
    row = about_user(part(app, by), "erin", "ops")
    assert row.buttons == ["Keep"] and "change that in the RAM console" in row.plain
    with refused(app, by, "drift_barred", "can only be accepted here", act="access_review"):
        press(by, "access_review_revoke", item(app, "erin", "|ops").id, row)


def test_what_another_approver_does_not_want_revoked_is_to_be_decided_anew(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access)
    by = whose(app, "erin")
    by.click("Revoke", about_user(part(app, by), "erin"), confirm=True)
    asked = request(app)
    assert "|`erin`>" not in part(app, by).plain
    other = another(app, by)
    other.click("Deny", asked)
    app.until(lambda: item(app, "erin").verdict is None, "it to be decided anew")
    assert "|`erin`>" in part(app, by).plain and app.holds("erin", ENGINE)


def test_what_somebody_asks_to_adopt_is_not_taken_for_asked_to_be_revoked(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access)
    by = whose(app, "dave")
    other = another(app, by)
    asks_to_adopt(app, other, "dave", "8h", "for the rollout")
    row = about_user(part(app, by), "dave")
    with refused(app, by, "drift_pending", "asked for already", act="access_review"):
        press(by, "access_review_revoke", item(app, "dave").id, row)
    assert item(app, "dave").verdict is None


def test_what_the_cloud_does_not_let_go_yet_is_not_said_to_be_gone(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by, row = row_of(app, "carol")
    app.people.inject_ram_fault({"action": "DetachPolicyFromUser", "fault": "throttle"})
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ending")
    by.click("Revoke", row, confirm=True)
    shows(app, by, "Revoking.")
    assert item(app, "carol").verdict == "revoke" and app.holds("carol", DATA)


def test_what_another_request_gives_by_then_is_said_and_stays_to_be_decided(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    by, row = row_of(app, "carol")
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    carol_has(app, duration="8h", policy=DATA)
    with refused(app, by, "granted_meanwhile", "A request granted this meanwhile", act="access_review"):
        press(by, "access_review_revoke", item(app, "carol").id, row)
    assert item(app, "carol").verdict is None and app.holds("carol", DATA)


def test_nobody_decides_on_the_part_of_another_who_can(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    by = whose(app, "dave")
    other = another(app, by)
    shown = part(app, other)
    for action in ("access_review_keep", "access_review_revoke"):
        with refused(app, other, "others_part", f"<@{by.id}> reviews this", act="access_review"):
            press(other, action, item(app, "dave").id, shown)


def test_whoever_is_away_gets_no_part(app: AppHarness, pairec_access: CommandLine) -> None:
    app.judy.type("/pairec-access away 30d")
    app.judy.ephemeral_with("away until")
    pairec_access("review", "start", "--by", "30d")
    assert app.program is not None
    app.program.wake()
    app.until(lambda: told(app.alice) and told(app.bob), "those who are here to be told")
    assert told(app.judy) == []


def test_what_cannot_be_read_for_a_day_is_said_to_be_missing(app: AppHarness, pairec_access: CommandLine) -> None:
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "no_permission", "policy": MONITOR})
    pairec_access("review", "start", "--by", "10d")
    assert app.program is not None
    app.program.wake()
    app.until(lambda: due_later(app), "who has what to be read")
    app.people.advance(DAY + HOUR)
    app.until(lambda: told(app.bob), "approvers to be told")
    assert "Not everything could be read" in part(app, app.bob).plain
    app.people.advance(10 * DAY)
    assert "Not everything could be read" in over(app).plain
    [listed] = list(csv.DictReader(io.StringIO(pairec_access("review", "list", "--format", "csv").stdout)))
    assert listed["complete"] == "no"


def test_it_ends_on_time_although_ram_never_answers(app: AppHarness, pairec_access: CommandLine) -> None:
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "no_permission", "policy": ADMIN})
    pairec_access("review", "start", "--by", "1d")
    assert app.program is not None
    app.program.wake()
    app.people.advance(DAY + 2 * HOUR)
    app.until(lambda: "access review closed" in events(app), "it to end")
    assert pairec_access("review", "start", "--by", "30d").returncode == 0


def test_whoever_runs_the_bot_may_end_it(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    assert "is over." in pairec_access("review", "end").stdout
    assert "0 kept, 0 shortened, 0 revoked, 6 not reviewed." in over(app).plain and told(app.bob) == []
    pairec_access.fails("No access review is open.", "review", "end")


def test_only_approvers_see_it_and_nobody_decides_on_their_own(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    shown = part(app, app.bob)
    with refused(app, app.carol, "not_approver", "does not hold", act="access_review"):
        app.carol.type("/pairec-access review")
    for action in ("access_review_keep", "access_review_revoke", "access_review_show"):
        with refused(app, app.carol, "not_approver", "does not hold", act="access_review"):
            press(app.carol, action, item(app, "dave").id, shown)
    for action in ("access_review_keep", "access_review_revoke"):
        with refused(app, app.bob, "own_drift", "your own access", act="access_review"):
            press(app.bob, action, item(app, "bob").id, shown)


def test_what_somebody_decided_is_not_decided_otherwise(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    by = whose(app, "dave")
    other = next(each for each in (app.alice, app.bob, app.judy) if each is not by)
    list_of_other = part(app, other)
    by.click("Keep", about_user(part(app, by), "dave"))
    shows(app, by, "1 thing stays.")
    for action in ("access_review_keep", "access_review_revoke"):
        with refused(app, other, "item_decided", "decided on this already", act="access_review"):
            press(other, action, item(app, "dave").id, list_of_other)


def test_a_part_of_somebody_who_may_not_approve_any_more_is_everybodys(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access)
    by = whose(app, "dave")
    app.by_hand("DetachPolicyFromUser", UserName=by.name, PolicyName=ADMIN, PolicyType="Custom")
    for other in (app.alice, app.bob, app.judy):
        if other is not by:
            assert "|`dave`>" in part(app, other).plain
    app.people.advance(15 * DAY + 1)
    app.until(lambda: item(app, "dave").reviewer != by.id, "it to become another one's")


def test_the_part_of_somebody_who_left_slack_is_everybodys_and_then_another_ones(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access)
    by = whose(app, "erin")
    gone(app, by.id)
    looks(app)
    other = another(app, by)
    other.click("Keep", about_user(part(app, other), "erin"))
    shows(app, other, "1 thing stays.")
    assert item(app, "erin").said_by == other.id
    assert by.id in parts(app)
    app.people.advance(15 * DAY + 1)
    app.until(lambda: by.id not in parts(app), "their part to be shared out again")
    assert "access review shared out" in events(app) and app.chain_holds()


def parts(app: AppHarness) -> set[str | None]:
    """Whose what is left is."""
    with app.ledger.read() as tx:
        [review] = access_reviews.every_one(tx)
        return {each.reviewer for each in access_reviews.open_items(tx, review.id)}


def test_reviewers_are_reminded_half_way_and_a_day_before_the_end(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access, "10d")
    for days in (5, 4):
        [before] = told(app.bob)
        app.people.advance(days * DAY + 1)
        app.until(partial(reminded, app, before), "bob to be reminded")
    assert sum("over, or told anew below." in m.plain for m in app.bob.messages()) == 2


def test_at_its_end_approvers_read_what_nobody_looked_at_and_one_signs_it_off(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    start(app, pairec_access, "10d")
    by = whose(app, "dave")
    list_before = part(app, by)
    by.click("Keep", about_user(list_before, "dave"))
    shows(app, by, "1 thing stays.")
    app.people.advance(10 * DAY + 1)
    end = over(app)
    assert "1 kept, 0 shortened, 0 revoked, 5 not reviewed." in end.plain
    assert "`erin`" in end.plain and "<@U0BOB>" not in end.plain
    assert told(app.alice) == told(app.bob) == []
    with refused(app, by, "review_over", "This access review is over.", act="access_review"):
        press(by, "access_review_keep", item(app, "erin").id, list_before)
    with refused(app, app.carol, "not_approver", "does not hold", act="access_review"):
        press(app.carol, "access_review_sign", end.blocks[-1]["elements"][0]["value"], end)
    app.judy.click("Sign off", end)
    app.until(lambda: "Signed off by <@U0JUDY>." in over(app).plain, "who signed to be shown")
    assert over(app).buttons == ["Show what stays"]
    found = list(csv.DictReader(io.StringIO(pairec_access("review", "show", "--format", "csv").stdout)))
    assert {each["ram_user"]: each["verdict"] for each in found}["dave"] == "keep" and len(found) == 6
    [listed] = list(csv.DictReader(io.StringIO(pairec_access("review", "list", "--format", "csv").stdout)))
    assert (listed["items"], listed["open"], listed["signed_by"]) == ("6", "5", "U0JUDY")
    assert events(app)[-2:] == ["access review closed", "access review signed"] and app.chain_holds()


def test_what_nobody_looked_at_is_named_with_the_request_that_granted_it(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    ref = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access, "10d")
    app.people.advance(10 * DAY + 1)
    assert f"has `{DATA}` by *{ref}*, until revoked" in over(app).plain and "<@U0CAROL>" not in over(app).plain


def test_it_is_over_as_soon_as_everything_is_decided(app: AppHarness, pairec_access: CommandLine) -> None:
    start(app, pairec_access)
    keeps_all(app)
    assert "6 kept, 0 shortened, 0 revoked, 0 not reviewed." in over(app).plain
    assert "No access review is open." in part(app, app.bob).plain


def test_one_review_runs_at_a_time_and_for_half_a_year_at_most(app: AppHarness, pairec_access: CommandLine) -> None:
    pairec_access.fails("A review takes 1d at least, and 180d at most.", "review", "start", "--by", "1h")
    pairec_access.fails("such as 30d", "review", "start", "--by", "until-revoked")
    start(app, pairec_access)
    pairec_access.fails("An access review is open already.", "review", "start", "--by", "30d")


def test_what_cannot_be_read_is_read_again_before_anything_is_shared_out(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "no_permission", "policy": MONITOR})
    pairec_access("review", "start", "--by", "30d")
    assert app.program is not None
    app.program.wake()
    app.until(lambda: due_later(app), "who has what to be read")
    assert "who has what is being read" in part(app, app.bob).plain and told(app.bob) == []
    app.people.clear_faults()
    app.people.advance(HOUR + 1)
    app.until(lambda: told(app.bob), "approvers to be told")


def test_of_a_short_review_what_cannot_be_read_is_waited_for_no_longer_than_a_quarter(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    app.people.inject_ram_fault({"action": "ListEntitiesForPolicy", "fault": "no_permission", "policy": MONITOR})
    pairec_access("review", "start", "--by", "1d")
    assert app.program is not None
    app.program.wake()
    app.until(lambda: due_later(app), "who has what to be read")
    app.people.advance(6 * HOUR)
    app.until(lambda: told(app.bob), "approvers to be told")
    assert "Not everything could be read" in part(app, app.bob).plain
