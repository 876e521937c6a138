"""While one approver is left they hear that it takes two to make another one, and that they are enough again."""

from __future__ import annotations

from tests.harness.app import ADMIN, APPROVALS, AppHarness
from tests.scenario.command_line import CommandLine


def test_whoever_is_left_is_told_before_nobody_is_and_when_there_are_enough_again(
    app: AppHarness, pairec_access: CommandLine
) -> None:
    assert pairec_access("unlink", "judy").returncode == 0
    app.look_at_admins()
    assert pairec_access("unlink", "alice").returncode == 0
    app.look_at_admins()
    told = app.bob.message_with("A new approver takes two", APPROVALS)
    assert "Only @bob may decide" in told.plain or "Only <@U0BOB> can decide" in told.plain
    app.look_at_admins()
    assert pairec_access("link", "U0ALICE", "alice").returncode == 0
    app.look_at_admins()
    app.bob.message_with("Enough people can decide again", APPROVALS)
    assert len([each for each in app.bob.messages(APPROVALS) if "A new approver" in each.plain]) == 0
    assert app.holds("alice", ADMIN)
