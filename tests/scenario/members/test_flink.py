"""Flink, where a member has one role: it is replaced and given back, and what is not the bot's is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.products import places as of
from bot.sandbox.products.places import PlaceKey
from bot.sandbox.ram.identity import BOT_USER_ID
from tests.harness.app import APPROVALS, HOUR, AppHarness
from tests.harness.boards import status
from tests.harness.waiting import COMPARED_EVERY, LONG_ENOUGH, comes_to, in_time, time_is_up
from tests.scenario.members.asking import FLINK_PLACE, approved, catalog_that_gives_all, flink_role, gets, writes

ITEM = "flink-editor@ranking"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AppHarness]:
    with AppHarness(tmp_path, catalog_that_gives_all(tmp_path), pace=10.0, members=True) as opened:
        yield opened


def set_role(app: AppHarness, value: str, user: str = "carol") -> None:
    """Somebody does so in the console, past the bot."""
    app.sandbox.membership.give("flink", FLINK_PLACE, user, value)


def test_whoever_was_no_member_becomes_an_editor_and_is_none_again(app: AppHarness) -> None:
    ref = gets(app, ITEM)
    assert flink_role(app) == "EDITOR"
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert flink_role(app) is None


def test_a_viewer_becomes_an_editor_and_is_a_viewer_again_when_the_time_is_up(app: AppHarness) -> None:
    set_role(app, "VIEWER")
    ref = gets(app, ITEM)
    assert flink_role(app) == "EDITOR"
    time_is_up(app)
    comes_to(app, ref, "ended")
    assert flink_role(app) == "VIEWER"
    assert "Flink shows it gone" in app.carol.message_with("has expired").plain


def test_what_a_viewer_had_is_given_back_after_a_restart_too(app: AppHarness) -> None:
    set_role(app, "VIEWER")
    ref = gets(app, ITEM)
    app.stop_bot()
    app.start_bot()
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert flink_role(app) == "VIEWER"


@pytest.mark.parametrize("other", ["OWNER", "ADMIN", "release-manager"])
def test_whoever_has_a_role_that_is_not_the_bots_keeps_it_and_is_told_so(app: AppHarness, other: str) -> None:
    set_role(app, other)
    ref = approved(app, ITEM)
    comes_to(app, ref, "held")
    said = app.carol.message_with("was not granted").plain
    assert f"has the role `{other}` there, which is left as it is" in said
    assert other in app.card(ref, other).plain
    time_is_up(app)
    app.real_passes(LONG_ENOUGH)
    assert flink_role(app) == other
    assert writes(app) == []


def test_an_editor_whom_somebody_made_an_owner_meanwhile_stays_one(app: AppHarness) -> None:
    ref = gets(app, ITEM)
    set_role(app, "OWNER")
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert flink_role(app) == "OWNER"
    assert "OWNER" in app.card(ref, "ended").plain


def test_an_answer_that_is_lost_makes_nobody_lose_the_role_that_they_had(app: AppHarness) -> None:
    set_role(app, "VIEWER")
    app.sandbox.ram_faults.add({"action": "UpdateMember", "fault": "empty", "done": True})
    ref = gets(app, ITEM)
    app.revokes(app.carol, ref)
    comes_to(app, ref, "ended")
    assert flink_role(app) == "VIEWER"


def test_as_long_as_the_catalogue_does_not_give_it_nobody_can_ask_for_it(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=10.0, members=True) as app:
        app.carol.type(f"/pairec-access request {ITEM} 1h rollout")
        app.carol.ephemeral_with("flink-editor")
        ref = gets(app, "algorithm-engineer@ranking")
        assert not any(part.entitlement.kind.name == "flink" for part in app.record(ref).grants)
        assert app.bob.messages(APPROVALS)


def test_of_two_requests_the_last_to_end_gives_the_former_role_back(app: AppHarness) -> None:
    set_role(app, "VIEWER")
    first, second = gets(app, ITEM), gets(app, ITEM, "8h")
    time_is_up(app)
    comes_to(app, first, "ended")
    assert flink_role(app) == "EDITOR"
    time_is_up(app, 8 * HOUR)
    comes_to(app, second, "ended")
    assert flink_role(app) == "VIEWER"


def test_an_editor_whom_somebody_made_a_viewer_by_hand_stays_one(app: AppHarness) -> None:
    ref = gets(app, ITEM)
    set_role(app, "VIEWER")
    app.people.advance(COMPARED_EVERY)
    in_time(app, lambda: app.states(ref) == ["ended"], "it to be noticed")
    assert flink_role(app) == "VIEWER"
    assert "outside this app" in app.carol.message_with("was removed from").plain


def test_where_the_bot_is_no_owner_it_fails_alone_and_the_status_says_why(app: AppHarness) -> None:
    key = PlaceKey("flink", FLINK_PLACE)
    app.sandbox.membership.change(lambda places, now: of.grant(places, key, BOT_USER_ID, ["VIEWER"], now))
    shown = status(app, app.carol, "flink-bot").plain
    assert f"is not `OWNER` in `{FLINK_PLACE}`" in shown and "makes the app's RAM user `OWNER`" in shown
    ref = approved(app, "algorithm-engineer@ranking")
    in_time(app, lambda: app.states(ref).count("active") == len(app.states(ref)) - 1, "the rest to be given")
    assert flink_role(app) is None


def test_who_has_a_bundle_without_the_role_that_goes_with_it_is_named(tmp_path: Path) -> None:
    with AppHarness(tmp_path, pace=10.0, members=True) as app:
        assert "nobody has a bundle that it goes with" in status(app, app.carol, "flink-editor").plain
        gets(app, "algorithm-engineer@ranking")
        lacking = status(app, app.carol, "flink-editor").plain
        assert f"`carol in {FLINK_PLACE}` should be `EDITOR`" in lacking
        assert "deletes `granted = false`" in lacking
        set_role(app, "EDITOR")
        assert "1 person who should be `EDITOR` is" in status(app, app.carol, "flink-editor").plain
        set_role(app, "OWNER")
        assert "1 person who should be `EDITOR` is" in status(app, app.carol, "flink-editor").plain
