"""Somebody new: from `onboard @person` to an active bundle."""

from __future__ import annotations

from tests.harness.app import APPROVALS, DATA, MONITOR, AppHarness
from tests.scenario.onboarding import (
    BUNDLE,
    becomes,
    created,
    events,
    heidi,
    link_of,
    onboard,
    ours,
    users,
)


def test_somebody_new_gets_a_user_a_link_and_an_active_bundle_in_one_go(app: AppHarness) -> None:
    new = heidi(app)
    shown = onboard(app, app.carol, new)
    for fact in ("heidi", "heidi@pairec-workshop.onaliyun.com", "Heidi Roth", "heidi@example.com", BUNDLE):
        assert fact in shown.plain
    app.bob.click("Approve", shown)

    done = becomes(app, new, "done")
    (user,) = users(app)
    assert ours(user, done)
    assert (user.display_name, user.email) == ("Heidi Roth", "heidi@example.com")
    assert link_of(app, new) == user.user_id == done.ram_user_id
    ref = f"R-{done.request_id}"
    assert app.record(ref).pending, "the approval of the user counts for nothing else"
    app.approve(ref, app.judy)
    app.comes_to_hold("heidi", DATA)
    app.comes_to_hold("heidi", MONITOR)
    app.until(lambda: app.states(ref) == ["active", "active"], f"{ref} to be active")

    said = app.bob.message_with("RAM user `heidi` is created", APPROVALS)
    assert ref in said.plain and "Approved by" in said.plain and not said.buttons
    for person in (app.carol, new):
        told = person.message_with("is created and linked to")
        assert "Enable Console Logon" in told.plain and ref in told.plain
    assert events(app) == [
        "onboarding asked",
        "onboarding approved",
        "create user begun",
        "create user confirmed",
        "created user seen",
        "onboarding done",
    ]
    assert created(app) == 1
    assert app.chain_holds()
