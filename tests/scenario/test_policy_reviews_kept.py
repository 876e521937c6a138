"""What people reviewed is kept: nothing but another review by people takes its place."""

from __future__ import annotations

import json

from approvals.kinds import NoticeKind
from approvals.ledger import notices
from approvals.policies.published import published
from tests.harness.app import ADMIN, APPROVALS, ENGINE, AppHarness
from tests.harness.refusals import press, refused
from tests.scenario.policies import change, engine_is_reviewed, notice, review, reviewed, swap

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
