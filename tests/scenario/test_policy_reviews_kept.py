"""What people reviewed is kept: nothing but another review by people takes its place. And they saw all of it."""

from __future__ import annotations

import json

from approvals.kinds import NoticeKind
from approvals.ledger import notices
from approvals.policies.published import published
from tests.harness.app import ADMIN, APPROVALS, ENGINE, HOUR, AppHarness
from tests.harness.refusals import press, refused
from tests.scenario.policies import change, document, engine_is_reviewed, notice, review, reviewed, swap

NARROW = ("ram:GetPolicy",)
BOTH = ("U0BOB", "U0JUDY")


def test_the_published_document_does_not_overrule_a_narrower_one_that_people_reviewed(app: AppHarness) -> None:
    app.look_at_policies()
    app.until(lambda: ADMIN in reviewed(app), "the published ones to be known")
    change(app, *NARROW, policy=ADMIN)
    app.look_at_policies()
    review(app, f"Changed since it was reviewed:* `{ADMIN}`")
    assert reviewed(app)[ADMIN] == ("v2", BOTH)
    ref = app.asked(app.carol, f"{ADMIN} 8h an incident")
    wide = json.dumps(json.loads(published()[("Custom", ADMIN)].document))
    app.by_hand("CreatePolicyVersion", PolicyName=ADMIN, PolicyDocument=wide, SetAsDefault="true")
    app.look_at_policies()
    assert "(`v2` → `v3`)" in notice(app, ADMIN).plain
    with refused(app, app.bob, "policy_changed", "changed since it was reviewed", ref):
        app.bob.click("Approve", app.card(ref))
    assert reviewed(app)[ADMIN] == ("v2", BOTH), "the look replaces no review"
    swap(app, "v2", ADMIN)
    app.look_at_policies()
    app.bob.message_with(f"`{ADMIN}` is again as it was reviewed", APPROVALS)


def test_a_click_that_is_refused_has_nobody_review_anything(app: AppHarness) -> None:
    engine_is_reviewed(app)
    ref = app.asked(app.dave, f"{ENGINE} 8h rolling out")
    change(app, "*")
    with refused(app, app.carol, "not_approver", "does not hold", ref):
        press(app.carol, "approve", app.name(ref), app.card(ref))
    with app.ledger.read() as tx:
        assert notices.open_about(tx, NoticeKind.POLICY_REVIEW, ENGINE) is None
    with refused(app, app.bob, "policy_changed", "changed since it was reviewed", ref):
        app.bob.click("Approve", app.card(ref))
    notice(app)


def test_whoever_reviews_sees_every_action_and_what_changes_other_services_first(app: AppHarness) -> None:
    engine_is_reviewed(app)
    harmless = [f"pairec:Get{number}" for number in range(60)]
    change(app, *harmless, "ram:AttachPolicyToUser", "oss:*")
    app.look_at_policies()
    shown = notice(app).plain
    assert [action for action in harmless if f"➕ `{action}`" not in shown] == []
    assert shown.index("➕ `oss:*`") < shown.index("➕ `ram:AttachPolicyToUser`") < shown.index("➕ `pairec:Get0`")
    review(app)
    assert reviewed(app)[ENGINE] == ("v2", BOTH)


def test_what_a_message_cannot_show_is_not_reviewed_by_it(app: AppHarness) -> None:
    engine_is_reviewed(app)
    too_long = document("oss:*", Condition={"StringLike": {"acs:tag": ["x" * 5_000]}})
    app.by_hand("CreatePolicyVersion", PolicyName=ENGINE, PolicyDocument=too_long, SetAsDefault="true")
    app.look_at_policies()
    shown = app.bob.message_with("*Cannot be reviewed here:*", APPROVALS)
    assert "Read it: RAM console > Permissions > Policies" in shown.plain and not shown.buttons
    with app.ledger.read() as tx:
        asked = notices.open_about(tx, NoticeKind.POLICY_REVIEW, ENGINE)
    assert asked
    with refused(app, app.bob, "review_too_long", "cannot be reviewed here", act="review"):
        press(app.bob, "approve_policy", asked.id, shown)
    ref = app.asked(app.carol, f"{ENGINE} 8h rolling out")
    with refused(app, app.bob, "policy_changed", "changed since it was reviewed", ref):
        app.bob.click("Approve", app.card(ref))


def bob_reviews_what_is_swapped_back(app: AppHarness) -> None:
    engine_is_reviewed(app)
    change(app, "oss:*")
    app.look_at_policies()
    app.bob.click("Reviewed", notice(app))
    app.until(lambda: "1 of 2* reviewed" in notice(app).plain, "the first word to count")
    swap(app, "v1")
    app.look_at_policies()
    app.bob.message_with(f"`{ENGINE}` is again as it was reviewed", APPROVALS)


def test_a_word_is_kept_while_ram_shows_for_a_while_what_the_policy_was_before(app: AppHarness) -> None:
    bob_reviews_what_is_swapped_back(app)
    swap(app, "v2")
    app.look_at_policies()
    assert "1 of 2* reviewed: <@U0BOB>" in notice(app).plain
    app.judy.click("Reviewed", notice(app))
    app.until(lambda: reviewed(app)[ENGINE] == ("v2", BOTH), "both words to count")
    assert app.chain_holds()


def test_a_word_of_long_ago_does_not_count_for_what_comes_again(app: AppHarness) -> None:
    bob_reviews_what_is_swapped_back(app)
    app.people.advance(49 * HOUR)
    swap(app, "v2")
    app.look_at_policies()
    assert "1 of 2" not in notice(app).plain
