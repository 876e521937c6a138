"""A channel that watches: told what changes and nothing else, under a board that is kept up to date."""

from __future__ import annotations

import pytest

from bot.sandbox.client import SeenMessage
from tests.harness.app import AppHarness
from tests.harness.boards import GENERAL, RANKING, board, boards, row, status, thread
from tests.harness.refusals import is_told
from tests.harness.waiting import LONG_ENOUGH, in_time

HALF_AN_HOUR = 1800


def watched(office: AppHarness) -> SeenMessage:
    is_told(office, office.carol, "/pairec-status watch 30m", "This channel watches the status now")
    return board(office, office.carol, "watched every 30m")


def looked(office: AppHarness, seconds: float = HALF_AN_HOUR + 1) -> None:
    """Time passes until the next look, and that is over."""
    before = finished_runs(office)
    office.people.advance(seconds)
    office.until(lambda: finished_runs(office) > before, "another look")


def finished_runs(office: AppHarness) -> int:
    with office.ledger.read() as tx:
        return len(tx.rows("SELECT id FROM status_runs WHERE finished_at IS NOT NULL"))


def test_only_what_changes_is_posted_and_that_under_the_board(office: AppHarness) -> None:
    first = watched(office)
    looked(office)
    assert thread(office.carol, first) == []
    office.people.break_it("oss.permission")
    looked(office)
    told = office.until(lambda: thread(office.carol, first), "the change to be posted")[0]
    assert "*OSS* · RAM permission: OK → *Failed* · missing `oss:ListObjects`" in told and "DataHub" not in told
    assert "Failed since" in row(board(office, office.carol, "1 failed"), "OSS")
    looked(office)
    office.people.break_it("oss.permission", broken=False)
    looked(office)
    office.until(lambda: len(thread(office.carol, first)) == 2, "the mend to be posted")
    assert "Failed → *OK*" in thread(office.carol, first)[1]
    assert [m.ts for m in boards(office.carol)] == [first.ts], "the board is one, and redrawn"


def test_what_changes_reaches_the_channel_and_is_unread_there(office: AppHarness) -> None:
    first = watched(office)
    office.dave._do("read", channel=GENERAL)
    office.people.break_it("oss.permission")
    looked(office)
    office.until(lambda: thread(office.carol, first), "the change to be posted")
    told = next(m for m in office.dave.messages(GENERAL) if m.body["thread_ts"] == first.ts and m.ts != first.ts)
    assert told.body["broadcast"] and "RAM permission: OK → *Failed*" in told.text
    channel = next(c for c in office.dave.screen()["conversations"] if c["id"] == GENERAL)
    assert channel["unread"] >= 1


def test_where_no_thread_can_be_had_what_changes_is_posted_by_itself(office: AppHarness) -> None:
    watched(office)
    office.people.break_it("oss.permission")
    refusal = {"fault": "error", "method": "chat.postMessage", "error": "restricted_action_non_threadable_channel"}
    office.people.order_slack(refusal)
    looked(office)
    in_time(office, lambda: len(boards(office.carol)) == 2, "a new board")
    office.people.order_slack(refusal)

    def alone() -> list[SeenMessage]:
        found = [m for m in office.carol.messages(GENERAL) if "*OSS* · RAM permission" in m.plain]
        return [m for m in found if not m.plain.startswith("PAI-Rec status")]

    in_time(office, alone, "the change to be posted")


def test_what_somebody_else_finds_in_between_is_told_as_well(office: AppHarness) -> None:
    first = watched(office)
    office.people.break_it("eas.connection")
    status(office, office.dave, "eas")
    told = office.until(lambda: thread(office.carol, first), "the change to be posted")[0]
    assert "*PAI-EAS* · PAI-Rec connectivity: OK → *Failed*" in told


def test_unwatch_ends_it(office: AppHarness) -> None:
    first = watched(office)
    is_told(office, office.dave, "/pairec-status unwatch", "This channel does not watch the status any more.")
    office.people.break_it("oss.permission")
    office.people.advance(2 * HALF_AN_HOUR)
    status(office, office.carol, "oss")
    assert thread(office.carol, first) == []
    is_told(office, office.dave, "/pairec-status unwatch", "This channel does not watch the status.")


def test_a_channel_that_watches_anew_has_one_watch_and_a_new_board(office: AppHarness) -> None:
    first = watched(office)
    is_told(office, office.dave, "/pairec-status watch 1h", "looked at every 1h")
    second = board(office, office.carol, "watched every 1h")
    assert second.ts != first.ts
    office.people.break_it("oss.permission")
    looked(office, 2 * HALF_AN_HOUR + 1)
    office.until(lambda: thread(office.carol, second), "the change under the new board")
    assert thread(office.carol, first) == []


def test_a_channel_that_watches_at_that_interval_already_is_told_so_and_keeps_its_board(office: AppHarness) -> None:
    first = watched(office)
    for person in (office.carol, office.dave):
        is_told(office, person, "/pairec-status watch 30m", "watches the status at that interval already")
    status(office, office.carol, "oss")
    assert [m.ts for m in boards(office.carol) if "watched every" in m.plain] == [first.ts]
    assert len(boards(office.carol)) == 2


@pytest.mark.parametrize("typed", ["0", "0m", "1s", "4m", "9999d", "8d", "soon", "-30m", "", "30m please"])
def test_an_interval_that_cannot_be_is_refused_with_what_is_allowed(office: AppHarness, typed: str) -> None:
    says = "The interval must be from 5m to 7d, written like 30m, 8h or 1d"
    is_told(office, office.carol, f"/pairec-status watch {typed}".strip(), says)
    assert boards(office.carol) == []


def test_a_channel_without_the_bot_says_how_to_invite_it(office: AppHarness) -> None:
    office.carol.types("/pairec-status watch 30m", RANKING)
    office.carol.ephemeral_with("type `/invite @pairec-access`", RANKING)
    assert boards(office.carol, RANKING) == []


def test_a_bot_that_is_taken_out_of_the_channel_stops_watching(office: AppHarness) -> None:
    watched(office)
    office.people.order_slack({"channel": GENERAL, "members": ["U0CAROL", "U0DAVE"]})
    office.people.break_it("oss.permission")
    office.people.advance(HALF_AN_HOUR + 1)
    office.until(lambda: not watches(office), "the watch to end")


@pytest.mark.parametrize("error", ["msg_too_long", "invalid_blocks", "no_permission"])
def test_a_change_that_slack_does_not_take_is_told_later_and_the_watch_goes_on(office: AppHarness, error: str) -> None:
    first = watched(office)
    office.people.break_it("oss.permission")
    office.people.order_slack({"fault": "error", "method": "chat.postMessage", "error": error, "times": 2})
    looked(office)
    in_time(office, lambda: thread(office.carol, first), "the change to be posted")
    assert watches(office) == 1


@pytest.mark.parametrize("error", ["thread_not_found", "cannot_reply_to_message", "message_not_found"])
def test_a_change_that_cannot_be_posted_under_the_board_is_posted_under_a_new_one(
    office: AppHarness, error: str
) -> None:
    first = watched(office)
    office.people.break_it("oss.permission")
    office.people.order_slack({"fault": "error", "method": "chat.postMessage", "error": error})
    looked(office)
    in_time(office, lambda: len(boards(office.carol)) == 2, "a new board")
    second = boards(office.carol)[-1]
    in_time(office, lambda: thread(office.carol, second), "the change to be posted")
    assert thread(office.carol, first) == []
    assert "watched every 30m" in second.plain


def test_where_nothing_can_be_posted_under_any_board_the_channel_gets_one_new_board_and_no_more(
    unhurried: AppHarness,
) -> None:
    office = unhurried
    watched(office)
    office.people.break_it("oss.permission")
    refusal = {"fault": "error", "method": "chat.postMessage", "error": "cannot_reply_to_message"}
    office.people.order_slack(refusal)
    looked(office)
    office.until(lambda: len(boards(office.carol)) == 2, "a new board")
    office.people.order_slack({**refusal, "times": None})
    office.until(lambda: put_off(office) == ["changes"], "the change to be put off")
    office.people.clear_orders()
    in_time(office, lambda: thread(office.carol, boards(office.carol)[1]), "the change to be posted")
    assert len(boards(office.carol)) == 2


def put_off(office: AppHarness) -> list[str]:
    with office.ledger.read() as tx:
        return [row["kind"] for row in tx.rows("SELECT kind FROM jobs WHERE last_trouble = 'cannot_reply_to_message'")]


def test_a_board_that_is_not_watched_any_more_does_not_say_that_it_is(office: AppHarness) -> None:
    watched(office)
    is_told(office, office.dave, "/pairec-status watch 1h", "looked at every 1h")
    board(office, office.carol, "watched every 1h")
    office.until(lambda: "watched" not in boards(office.carol)[0].plain, "the first board to be redrawn")
    is_told(office, office.dave, "/pairec-status unwatch", "This channel does not watch the status any more.")
    office.until(lambda: "watched" not in boards(office.carol)[1].plain, "the second board to be redrawn")


@pytest.mark.parametrize("flag", ["is_ext_shared", "is_pending_ext_shared"])
def test_a_channel_that_another_organisation_reads_cannot_watch(office: AppHarness, flag: str) -> None:
    office.people.order_slack({"channel": GENERAL, "set": {flag: True}})
    is_told(office, office.carol, "/pairec-status watch 30m", "Another organisation reads this channel")
    assert boards(office.carol) == [] and watches(office) == 0


def test_a_channel_that_becomes_shared_stops_watching_and_is_told_nothing_more(office: AppHarness) -> None:
    first = watched(office)
    office.people.order_slack({"channel": GENERAL, "set": {"is_ext_shared": True}})
    office.real_passes(LONG_ENOUGH)
    office.people.break_it("oss.permission")
    office.people.advance(HALF_AN_HOUR + 1)
    office.until(lambda: not watches(office), "the watch to end")
    assert thread(office.carol, first) == [] and "failed" not in boards(office.carol)[0].plain


def watches(office: AppHarness) -> int:
    with office.ledger.read() as tx:
        return len(tx.rows("SELECT channel FROM status_watches"))


def test_a_watch_goes_on_after_a_restart(office: AppHarness) -> None:
    first = watched(office)
    office.restart_bot()
    office.people.break_it("oss.permission")
    looked(office)
    office.until(lambda: thread(office.carol, first), "the change to be posted")


def test_history_shows_the_last_changes_newest_first(office: AppHarness) -> None:
    is_told(office, office.carol, "/pairec-status history", "Nothing has changed since it was first looked at.")
    status(office, office.carol)
    for switch in ("oss.permission", "sls.connection"):
        office.people.break_it(switch)
        status(office, office.carol)
    is_told(office, office.carol, "/pairec-status history", "The last changes in the status of PAI-Rec")
    told = office.carol.ephemeral_with("The last changes").plain
    assert told.index("*Simple Log Service* · PAI-Rec connectivity: OK → *Failed*") < told.index("*OSS*")
