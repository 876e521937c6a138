"""What nobody reviewed until the end of an access review, and that stayed: an approver is shown it, and revokes it."""

from __future__ import annotations

import pytest

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import DATA, ENGINE, MONITOR, AppHarness
from tests.harness.refusals import press, refused
from tests.harness.waiting import carol_has, comes_to
from tests.scenario.command_line import CommandLine
from tests.scenario.drifting import about_user
from tests.scenario.reviewing import another, item, over, part, shows, start

SHOW, ELSEWHERE = "Show what stays", "What was granted elsewhere is in `/pairec-access drift`"

POLICIES = (DATA, ENGINE, MONITOR)


def left(app: AppHarness, person: SandboxPerson) -> SeenMessage:
    person.click(SHOW, over(app))
    return shows(app, person, ELSEWHERE)


@pytest.fixture
def ref(app: AppHarness, pairec_access: CommandLine) -> str:
    """What a request gave carol, which a review left."""
    given = carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    assert pairec_access("review", "end").returncode == 0
    return given


def test_what_a_request_gives_still_is_revoked_by_a_button(app: AppHarness, ref: str) -> None:
    shown = left(app, app.bob)
    assert f"has `{DATA}` by *{ref}*, until revoked" in shown.plain and "`erin`" not in shown.plain
    app.bob.click("Revoke", about_user(shown, "carol"), confirm=True)
    shows(app, app.bob, "Revoking.")
    comes_to(app, ref, "ended")
    assert not app.holds("carol", DATA) and item(app, "carol").verdict is None
    shows(app, app.bob, "nothing is left that a request gives.")
    assert app.chain_holds()


def test_it_is_there_after_the_review_was_signed_off_as_well(app: AppHarness, ref: str) -> None:
    app.judy.click("Sign off", over(app))
    app.until(lambda: "Signed off by" in over(app).plain, "who signed to be shown")
    assert over(app).buttons == [SHOW] and f"*{ref}*" in left(app, app.bob).plain


def test_a_second_click_says_that_it_is_under_way_and_changes_nothing(app: AppHarness, ref: str) -> None:
    row = about_user(left(app, app.bob), "carol")
    app.bob.click("Revoke", row, confirm=True)
    comes_to(app, ref, "ended")
    app.bob.click("Revoke", row, confirm=True)
    shows(app, app.bob, "It was gone already.")
    assert app.events(ref).count("taken back") == 1


def test_only_approvers_act_on_it(app: AppHarness, ref: str) -> None:
    with refused(app, app.carol, "not_approver", "does not hold", act="access_review"):
        press(app.carol, "access_review_left_revoke", item(app, "carol").id, over(app))
    with refused(app, app.carol, "not_approver", "does not hold", act="access_review"):
        press(app.carol, "access_review_left", spot_value(over(app)), over(app))
    assert app.holds("carol", DATA)


def spot_value(end: SeenMessage) -> str:
    """What the button carries that shows what stays."""
    found = (spot.element for spot in end.spots())
    return next(str(each["value"]) for each in found if each["action_id"] == "access_review_left")


def test_nobody_revokes_their_own_by_it(app: AppHarness, pairec_access: CommandLine) -> None:
    ref = app.asked(app.bob, f"{DATA} until-revoked rollout")
    app.approve(ref, app.judy)
    comes_to(app, ref, "active")
    start(app, pairec_access)
    assert pairec_access("review", "end").returncode == 0
    assert f"*{ref}*" not in left(app, app.bob).plain and f"*{ref}*" in left(app, app.judy).plain
    with refused(app, app.bob, "own_drift", "your own access", act="access_review"):
        press(app.bob, "access_review_left_revoke", item(app, "bob", DATA).id, over(app))


@pytest.mark.parametrize("user", ["erin", "dave"])
def test_what_was_granted_elsewhere_is_not_revoked_by_one_approver(app: AppHarness, ref: str, user: str) -> None:
    shown = left(app, app.bob)
    with refused(app, app.bob, "unknown_review_item", "No access review has this.", act="access_review"):
        press(app.bob, "access_review_left_revoke", item(app, user).id, shown)


def test_what_is_under_review_yet_is_decided_there_alone(app: AppHarness, pairec_access: CommandLine) -> None:
    carol_has(app, duration="until-revoked", policy=DATA)
    start(app, pairec_access)
    shown = part(app, app.bob)
    with refused(app, app.bob, "unknown_review_item", "No access review has this.", act="access_review"):
        press(app.bob, "access_review_left_revoke", item(app, "carol").id, shown)


def test_what_somebody_decided_in_it_is_not_revoked_by_that_button(app: AppHarness, pairec_access: CommandLine) -> None:
    for policy in POLICIES:
        carol_has(app, duration="until-revoked", policy=policy)
    start(app, pairec_access)
    by = next(each for each in (app.alice, app.bob, app.judy) if "carol" in str(part(app, each).plain))
    by.click("Keep", about_user(part(app, by), "carol"))
    shows(app, by, "1 thing stays.")
    kept = next(each for each in (item(app, "carol", what) for what in POLICIES) if each.verdict == "keep")
    assert pairec_access("review", "end").returncode == 0
    other = another(app, by)
    with refused(app, other, "item_decided", "decided on this already", act="access_review"):
        press(other, "access_review_left_revoke", kept.id, over(app))
