"""A channel that watches: told what changes and nothing else, under a board that is kept up to date."""

from __future__ import annotations

from dataclasses import replace

import pytest

from approvals.ledger.status_findings import add_change, finding
from bot.sandbox.client import SeenMessage
from tests.harness.app import AppHarness
from tests.harness.boards import GENERAL, RANKING, board, boards, row, status, thread
from tests.harness.refusals import is_told
from tests.harness.waiting import LONG_ENOUGH, in_time

HALF_AN_HOUR = 1800


def watched(app: AppHarness) -> SeenMessage:
    is_told(app, app.carol, "/pairec-status watch 30m", "This channel watches the status now")
    return board(app, app.carol, "watched every 30m")


def looked(app: AppHarness, seconds: float = HALF_AN_HOUR + 1) -> None:
    """Time passes until the next look, and that is over."""
    before = finished_runs(app)
    app.people.advance(seconds)
    app.until(lambda: finished_runs(app) > before, "another look")


def finished_runs(app: AppHarness) -> int:
    with app.ledger.read() as tx:
        return len(tx.rows("SELECT id FROM status_runs WHERE finished_at IS NOT NULL"))


def test_only_what_changes_is_posted_and_that_under_the_board(app: AppHarness) -> None:
    first = watched(app)
    looked(app)
    assert thread(app.carol, first) == []
    app.people.turn_switch("oss.permission")
    looked(app)
    told = app.until(lambda: thread(app.carol, first), "the change to be posted")[0]
    assert "*OSS* · RAM permission: OK → *Failed* · missing `oss:ListObjects`" in told and "DataHub" not in told
    assert "Failed since" in row(board(app, app.carol, "1 failed"), "OSS")
    looked(app)
    app.people.turn_switch("oss.permission", broken=False)
    looked(app)
    app.until(lambda: len(thread(app.carol, first)) == 2, "the mend to be posted")
    assert "Failed → *OK*" in thread(app.carol, first)[1]
    assert [m.ts for m in boards(app.carol)] == [first.ts], "the board is one, and redrawn"


def test_what_changes_reaches_the_channel_and_is_unread_there(app: AppHarness) -> None:
    first = watched(app)
    app.dave._do("read", channel=GENERAL)
    app.people.turn_switch("oss.permission")
    looked(app)
    app.until(lambda: thread(app.carol, first), "the change to be posted")
    told = next(m for m in app.dave.messages(GENERAL) if m.body["thread_ts"] == first.ts and m.ts != first.ts)
    assert told.body["broadcast"] and "RAM permission: OK → *Failed*" in told.text
    channel = next(c for c in app.dave.screen()["conversations"] if c["id"] == GENERAL)
    assert channel["unread"] >= 1


def test_where_no_thread_can_be_had_what_changes_is_posted_by_itself(app: AppHarness) -> None:
    watched(app)
    app.people.turn_switch("oss.permission")
    refusal = {"fault": "error", "method": "chat.postMessage", "error": "restricted_action_non_threadable_channel"}
    app.people.inject_slack_fault(refusal)
    looked(app)
    in_time(app, lambda: len(boards(app.carol)) == 2, "a new board")
    app.people.inject_slack_fault(refusal)

    def alone() -> list[SeenMessage]:
        found = [m for m in app.carol.messages(GENERAL) if "*OSS* · RAM permission" in m.plain]
        return [m for m in found if not m.plain.startswith("PAI-Rec status")]

    in_time(app, alone, "the change to be posted")


def test_what_somebody_else_finds_in_between_is_told_as_well(app: AppHarness) -> None:
    first = watched(app)
    app.people.turn_switch("eas.connection")
    status(app, app.dave, "eas")
    told = app.until(lambda: thread(app.carol, first), "the change to be posted")[0]
    assert "*PAI-EAS* · PAI-Rec connectivity: OK → *Failed*" in told


def test_unwatch_ends_it(app: AppHarness) -> None:
    first = watched(app)
    is_told(app, app.dave, "/pairec-status unwatch", "This channel no longer watches the status.")
    app.people.turn_switch("oss.permission")
    app.people.advance(2 * HALF_AN_HOUR)
    status(app, app.carol, "oss")
    assert thread(app.carol, first) == []
    is_told(app, app.dave, "/pairec-status unwatch", "This channel does not watch the status.")


def test_a_channel_that_watches_anew_has_one_watch_and_a_new_board(app: AppHarness) -> None:
    first = watched(app)
    is_told(app, app.dave, "/pairec-status watch 1h", "checked every 1h")
    second = board(app, app.carol, "watched every 1h")
    assert second.ts != first.ts
    app.people.turn_switch("oss.permission")
    looked(app, 2 * HALF_AN_HOUR + 1)
    app.until(lambda: thread(app.carol, second), "the change under the new board")
    assert thread(app.carol, first) == []


def test_a_channel_that_watches_at_that_interval_already_is_told_so_and_keeps_its_board(app: AppHarness) -> None:
    first = watched(app)
    for person in (app.carol, app.dave):
        is_told(app, person, "/pairec-status watch 30m", "watches the status at that interval already")
    status(app, app.carol, "oss")
    assert [m.ts for m in boards(app.carol) if "watched every" in m.plain] == [first.ts]
    assert len(boards(app.carol)) == 2


@pytest.mark.parametrize("typed", ["0", "0m", "1s", "4m", "9999d", "8d", "soon", "-30m", "", "30m please"])
def test_an_interval_that_cannot_be_is_refused_with_what_is_allowed(app: AppHarness, typed: str) -> None:
    says = "The interval must be from 5m to 7d, such as 30m, 8h or 1d"
    is_told(app, app.carol, f"/pairec-status watch {typed}".strip(), says)
    assert boards(app.carol) == []


def test_a_channel_without_the_bot_says_how_to_invite_it(app: AppHarness) -> None:
    app.carol.type("/pairec-status watch 30m", RANKING)
    app.carol.ephemeral_with("type `/invite @pairec-access`", RANKING)
    assert boards(app.carol, RANKING) == []


def test_a_bot_that_is_taken_out_of_the_channel_stops_watching(app: AppHarness) -> None:
    watched(app)
    app.people.inject_slack_fault({"channel": GENERAL, "members": ["U0CAROL", "U0DAVE"]})
    app.people.turn_switch("oss.permission")
    app.people.advance(HALF_AN_HOUR + 1)
    app.until(lambda: not watches(app), "the watch to end")


@pytest.mark.parametrize("error", ["msg_too_long", "invalid_blocks", "no_permission"])
def test_a_change_that_slack_does_not_take_is_told_later_and_the_watch_goes_on(app: AppHarness, error: str) -> None:
    first = watched(app)
    app.people.turn_switch("oss.permission")
    app.people.inject_slack_fault({"fault": "error", "method": "chat.postMessage", "error": error, "times": 2})
    looked(app)
    in_time(app, lambda: thread(app.carol, first), "the change to be posted")
    assert watches(app) == 1


@pytest.mark.parametrize("error", ["thread_not_found", "cannot_reply_to_message", "message_not_found"])
def test_a_change_that_cannot_be_posted_under_the_board_is_posted_under_a_new_one(app: AppHarness, error: str) -> None:
    first = watched(app)
    app.people.turn_switch("oss.permission")
    app.people.inject_slack_fault({"fault": "error", "method": "chat.postMessage", "error": error})
    looked(app)
    in_time(app, lambda: len(boards(app.carol)) == 2, "a new board")
    second = boards(app.carol)[-1]
    in_time(app, lambda: thread(app.carol, second), "the change to be posted")
    assert thread(app.carol, first) == []
    assert "watched every 30m" in second.plain


def test_where_nothing_can_be_posted_under_any_board_the_channel_gets_one_new_board_and_no_more(
    unhurried: AppHarness,
) -> None:
    app = unhurried
    watched(app)
    app.people.turn_switch("oss.permission")
    refusal = {"fault": "error", "method": "chat.postMessage", "error": "cannot_reply_to_message"}
    app.people.inject_slack_fault(refusal)
    looked(app)
    app.until(lambda: len(boards(app.carol)) == 2, "a new board")
    app.people.inject_slack_fault({**refusal, "times": None})
    app.until(lambda: put_off(app) == ["changes"], "the change to be put off")
    app.people.clear_faults()
    in_time(app, lambda: thread(app.carol, boards(app.carol)[1]), "the change to be posted")
    assert len(boards(app.carol)) == 2


def put_off(app: AppHarness) -> list[str]:
    with app.ledger.read() as tx:
        return [row["kind"] for row in tx.rows("SELECT kind FROM jobs WHERE last_trouble = 'cannot_reply_to_message'")]


def test_a_board_that_is_not_watched_any_more_does_not_say_that_it_is(app: AppHarness) -> None:
    watched(app)
    is_told(app, app.dave, "/pairec-status watch 1h", "checked every 1h")
    board(app, app.carol, "watched every 1h")
    app.until(lambda: "watched" not in boards(app.carol)[0].plain, "the first board to be redrawn")
    is_told(app, app.dave, "/pairec-status unwatch", "This channel no longer watches the status.")
    app.until(lambda: "watched" not in boards(app.carol)[1].plain, "the second board to be redrawn")


@pytest.mark.parametrize("flag", ["is_ext_shared", "is_pending_ext_shared"])
def test_a_channel_that_another_organisation_reads_cannot_watch(app: AppHarness, flag: str) -> None:
    app.people.inject_slack_fault({"channel": GENERAL, "set": {flag: True}})
    is_told(app, app.carol, "/pairec-status watch 30m", "Another organization reads this channel")
    assert boards(app.carol) == [] and watches(app) == 0


def test_a_channel_that_becomes_shared_stops_watching_and_is_told_nothing_more(app: AppHarness) -> None:
    first = watched(app)
    app.people.inject_slack_fault({"channel": GENERAL, "set": {"is_ext_shared": True}})
    app.real_passes(LONG_ENOUGH)
    app.people.turn_switch("oss.permission")
    app.people.advance(HALF_AN_HOUR + 1)
    app.until(lambda: not watches(app), "the watch to end")
    assert thread(app.carol, first) == [] and "failed" not in boards(app.carol)[0].plain


def watches(app: AppHarness) -> int:
    with app.ledger.read() as tx:
        return len(tx.rows("SELECT channel FROM status_watches"))


def test_a_watch_goes_on_after_a_restart(app: AppHarness) -> None:
    first = watched(app)
    app.restart_bot()
    app.people.turn_switch("oss.permission")
    looked(app)
    app.until(lambda: thread(app.carol, first), "the change to be posted")


def test_history_shows_the_last_changes_newest_first(app: AppHarness) -> None:
    is_told(app, app.carol, "/pairec-status history", "No changes since the first check.")
    status(app, app.carol)
    for switch in ("oss.permission", "sls.connection"):
        app.people.turn_switch(switch)
        status(app, app.carol)
    is_told(app, app.carol, "/pairec-status history", "The last changes in the status of PAI-Rec")
    told = app.carol.ephemeral_with("The last changes").plain
    assert told.index("*Simple Log Service* · PAI-Rec connectivity: OK → *Failed*") < told.index("*OSS*")


def test_history_shows_what_a_newer_version_recorded_as_unknown(app: AppHarness) -> None:
    status(app, app.carol)
    with app.ledger.write() as tx:
        known = finding(tx, "oss/permission")
        assert known is not None
        add_change(tx, known, replace(known, check="oss/latency", result="too_slow", facts={"milliseconds": 900}))
    is_told(app, app.carol, "/pairec-status history", "The last changes in the status of PAI-Rec")
    told = app.carol.ephemeral_with("The last changes").plain
    assert "*OSS* · `latency`: OK → *Unknown* · unknown, checked by a newer version of this app" in told
