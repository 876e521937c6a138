"""What strangers can make the program write down or keep has an end."""

from __future__ import annotations

import logging

import pytest

from bot.slack import tally, unread
from bot.slack.tally import WarningTally
from bot.slack.unread import UnreadBytes, UnreadLimitExceeded


def test_the_first_few_of_a_minute_are_lines_and_the_rest_is_a_number(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    counted = WarningTally(logging.getLogger("bot.test"), lambda: now[0])
    for number in range(1_000):
        counted.note("refused", "it is old" if number % 2 else "it is not signed", peer=number)
    assert len(caplog.records) == tally.LINES_PER_WINDOW and vars(caplog.records[0])["peer"] == 0
    now[0] = tally.WINDOW_SECONDS
    counted.flush()
    [_, said] = caplog.records[-2:]
    half = (1_000 - tally.LINES_PER_WINDOW) // 2
    assert vars(said)["counts"] == {"refused: it is old": half, "refused: it is not signed": half}
    counted.flush()
    assert caplog.records[-1] is said
    counted.note("refused", "it is old")
    assert caplog.records[-1].message == "refused", "a new minute has lines of its own"


def test_what_one_peer_sends_has_half_of_the_room_and_is_forgotten_when_it_was_read() -> None:
    kept = UnreadBytes()
    half = b"x" * unread.MAX_UNREAD_BYTES_PER_PEER
    with kept.of("a") as first:
        first.add(half)
        assert first.content() == half
        with kept.of("a") as second, pytest.raises(UnreadLimitExceeded):
            second.add(b"x")
        with kept.of("b") as other:
            other.add(half)
            with kept.of("c") as third, pytest.raises(UnreadLimitExceeded):
                third.add(b"x")
    with kept.of("a") as again:
        again.add(half)
