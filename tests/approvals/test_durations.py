"""Durations as people type them and as they read them back."""

from __future__ import annotations

import pytest

from approvals.durations import format_duration, looks_like_duration, parse_duration, take_duration
from approvals.millis import DAY, HOUR, MINUTE


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("30m", 30 * MINUTE),
        ("8h", 8 * HOUR),
        ("7d", 7 * DAY),
        ("1h30m", 90 * MINUTE),
        ("1d12h5m", 36 * HOUR + 5 * MINUTE),
        ("90m", 90 * MINUTE),
        ("8H", 8 * HOUR),
        (" 8h ", 8 * HOUR),
        ("0d1h", HOUR),
        ("1h 30m", 90 * MINUTE),
        ("8 hours", 8 * HOUR),
        ("1 Day 12 hrs", 36 * HOUR),
        ("90 min", 90 * MINUTE),
        ("2w", 14 * DAY),
        ("1 week 2 days", 9 * DAY),
        ("8小时", 8 * HOUR),
        ("30天", 30 * DAY),
        ("1天12小时", 36 * HOUR),
        ("2 周", 14 * DAY),
    ],
)
def test_a_duration_is_read(text: str, milliseconds: int) -> None:
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0h",
        "0d0h0m",
        "8",
        "8x",
        "-1h",
        "+1h",
        "1.5h",
        "h",
        "30m1h",
        "1h1h",
        "٨h",
        "9999999h",
        "8 hours ago",
        "时",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["30m", "8h", "7d", "1h30m", "1d12h5m", "2d1m"])
def test_a_duration_reads_back_as_it_was_written(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(90 * MINUTE, "1h30m"), (24 * HOUR, "1d"), (0, "0m"), (-5, "0m"), (None, "until-revoked")],
)
def test_a_duration_is_shown_in_its_shortest_form(milliseconds: int | None, text: str) -> None:
    assert format_duration(milliseconds) == text


@pytest.mark.parametrize("text", ["8h", "8x", "-1h", "+3", "0", "until-revoked", "UNTIL-REVOKED"])
def test_what_was_meant_as_a_duration_is_told_from_a_reason(text: str) -> None:
    assert looks_like_duration(text)


@pytest.mark.parametrize("text", ["rolling", "until", "h8", "", "@carol"])
def test_words_are_no_duration(text: str) -> None:
    assert not looks_like_duration(text)


@pytest.mark.parametrize(
    ("line", "duration", "rest"),
    [
        ("8h rolling out", "8h", "rolling out"),
        ("8 hours rolling out", "8 hours", "rolling out"),
        ("1 day 12 hours 3 reasons", "1 day 12 hours", "3 reasons"),
        ("8h 2 days of work", "8h", "2 days of work"),
        ("8 reasons", "8", "reasons"),
        ("until-revoked for good", "until-revoked", "for good"),
        ("2 周 上线", "2 周", "上线"),
        ("2 weeks", "2 weeks", ""),
    ],
)
def test_a_duration_is_taken_from_the_beginning_of_a_line(line: str, duration: str, rest: str) -> None:
    words = line.split()
    assert (take_duration(words), " ".join(words)) == (duration, rest)
