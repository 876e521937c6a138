"""The approvals channel: nobody from outside reads it, and a public one is warned of."""

from __future__ import annotations

import logging

import pytest

from bot.settings import SettingsError
from tests.harness.app import APPROVALS, ENGINE, AppHarness


@pytest.mark.parametrize("flag", ["is_ext_shared", "is_pending_ext_shared"])
def test_the_bot_does_not_start_with_a_channel_that_is_shared_with_another_organisation(
    app: AppHarness, flag: str
) -> None:
    app.stop_bot()
    app.people.inject_slack_fault({"channel": APPROVALS, "set": {flag: True}})
    with pytest.raises(SettingsError, match=r"^PAIREC_APPROVALS_CHANNEL is shared with another organisation"):
        app.start_bot()
    app.people.inject_slack_fault({"channel": APPROVALS, "set": {flag: False}})
    app.start_bot()
    app.asked(app.carol, f"{ENGINE} 8h rolling out")


def test_the_bot_starts_with_a_public_channel_and_warns(app: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    app.stop_bot()
    app.people.inject_slack_fault({"channel": APPROVALS, "set": {"is_private": False}})
    with caplog.at_level(logging.WARNING, "bot"):
        app.start_bot()
    warned = [entry for entry in caplog.records if "the approvals channel is public" in entry.getMessage()]
    assert [entry.__dict__["channel"] for entry in warned] == [APPROVALS]
    app.asked(app.carol, f"{ENGINE} 8h rolling out")


def test_the_bot_does_not_warn_of_a_private_channel(app: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    app.stop_bot()
    with caplog.at_level(logging.WARNING, "bot"):
        app.start_bot()
    assert "public" not in caplog.text
