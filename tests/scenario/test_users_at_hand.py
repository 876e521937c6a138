"""The list of RAM users that forms offer: read while somebody wants it, and otherwise left alone."""

from __future__ import annotations

import pytest

from bot.directory import cached_lists
from bot.directory.cached_lists import CachedLists
from bot.directory.people import LiveDirectory
from bot.sandbox.ram.large import GROUPS_OF_ONE, make_large
from tests.harness.app import ENGINE, MONITOR, AppHarness
from tests.scenario.claiming import NOT_YET


def test_a_form_that_is_the_first_in_a_long_time_finds_who_somebody_is_all_the_same(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was read at the start is too old."""
    app.until(app.has_looked, "the bot to have looked at everything")
    monkeypatch.setattr(cached_lists, "MAX_AGE_SECONDS", 0.5)
    for _ in range(2):
        app.erin.type("/pairec-access request")
        form = app.erin.modal(NOT_YET)
        assert "RAM user: erin (Erin Sato)\n  Found by the email address confirmed in Slack." in form.plain
        app.until(lambda: _lists(app)._users_at_hand() is None, "the list to be too old")


def test_ram_is_not_asked_for_its_users_while_nobody_wants_them(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.until(app.has_looked, "the bot to have looked at everything")
    monkeypatch.setattr(cached_lists, "READ_INTERVAL_SECONDS", 0.01)
    monkeypatch.setattr(cached_lists, "WANTED_FOR_SECONDS", 0.2)
    app.erin.type("/pairec-access request")
    app.erin.modal(NOT_YET)
    app.until(lambda: app.sandbox.ram_calls.take()["ListUsers"], "them to be read again while they are wanted")
    app.until(lambda: not _lists(app).are_wanted, "nobody to want them any more")
    app.asked(app.carol, f"{MONITOR} 1h rolling out")
    app.sandbox.ram_calls.take()
    app.asked(app.carol, f"{ENGINE} 1h rolling out")
    assert app.sandbox.ram_calls.take()["ListUsers"] == 0


def test_whether_ram_tells_its_users_is_asked_by_one_of_them_while_nobody_wants_them(app: AppHarness) -> None:
    """There are more than one answer takes."""
    app.until(app.has_looked, "the bot to have looked at everything")
    make_large(app.sandbox.account, "carol", users=1_200, groups=GROUPS_OF_ONE)
    app.sandbox.ram_calls.take()
    _lists(app).ask_for_users()
    assert app.sandbox.ram_calls.take()["ListUsers"] == 1
    app.erin.type("/pairec-access request")
    app.erin.modal(NOT_YET)
    app.sandbox.ram_calls.take()
    _lists(app).ask_for_users()
    assert app.sandbox.ram_calls.take()["ListUsers"] >= 2


def _lists(app: AppHarness) -> CachedLists:
    assert app.program
    directory = app.program.context.directory
    assert isinstance(directory, LiveDirectory)
    return directory.lists
