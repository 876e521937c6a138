"""Roles in workspaces and projects that no request accounts for."""

from __future__ import annotations

from tests.harness.app import AppHarness
from tests.scenario.drifting import about_user, asks_to_revoke, drift, rows

WORKSPACE, PROJECT = "10001", "ranking_dev"


def test_a_role_that_was_given_elsewhere_is_revoked_and_what_comes_with_it_goes_along(app: AppHarness) -> None:
    shown = drift(app, app.bob)
    brought = about_user(shown, "dave", "MaxCompute Developer")
    assert brought.buttons == ["Accept"] and "gives it along with another role" in brought.plain
    role = about_user(shown, "dave", "DataWorks Developer")
    assert role.buttons == ["Adopt", "Revoke", "Accept"] and "since" not in role.plain
    asked = asks_to_revoke(app, app.bob, "dave", "moved to another team", "DataWorks Developer")
    app.judy.click("Approve", asked)
    app.until(
        lambda: "role_project_dev" not in app.people.roles_of("dave", "dataworks", WORKSPACE), "the role to be gone"
    )
    app.until(lambda: app.states("R-1001") == ["ended"], "the record to say so")
    drift(app, app.bob)
    assert not any(user == "dave" and "dataworks" in what for _, user, what in rows(app))
    assert app.chain_holds()
