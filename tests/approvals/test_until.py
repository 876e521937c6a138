"""Moments as people type them, in their own time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from approvals.millis import DomainMillis
from approvals.until import begins_until, parse_until, take_start, take_until

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 12, 2, 10, 0, tzinfo=SHANGHAI)


def millis(moment: datetime) -> DomainMillis:
    return DomainMillis(round(moment.timestamp()) * 1_000)


def read(text: str, now: datetime = WEDNESDAY) -> str:
    zone = now.tzinfo
    assert zone
    moment = parse_until(text, millis(now), zone, 18)
    return datetime.fromtimestamp(moment / 1_000, zone).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("until friday 18:00", "12-04 18:00"),
        ("Until Fri at 6pm", "12-04 18:00"),
        ("till friday 6:30 pm", "12-04 18:30"),
        ("until friday", "12-04 18:00"),
        ("until wednesday 11:00", "12-02 11:00"),
        ("until tues 9:00", "12-08 09:00"),
        ("until today 18:00", "12-02 18:00"),
        ("until tomorrow", "12-03 18:00"),
        ("until 18:00", "12-02 18:00"),
        ("until 12am", "12-02 00:00"),
        ("until 12 pm", "12-02 12:00"),
        ("until 2026-12-04", "12-04 18:00"),
        ("until 2026-12-04 9:15", "12-04 09:15"),
        ("until 2026-12-04T09:15", "12-04 09:15"),
        ("until friday 24:00", "12-05 00:00"),
        ("到周五18:00", "12-04 18:00"),
        ("直到明天下午6点半", "12-03 18:30"),
        ("至星期天 9点15分", "12-06 09:15"),
        ("到后天", "12-04 18:00"),
        ("到周五晚上12点", "12-05 00:00"),
        ("到周五晚上9点", "12-04 21:00"),
        ("到周五下午12点半", "12-04 12:30"),
        ("到周五上午9点", "12-04 09:00"),
        ("到 18点", "12-02 18:00"),
    ],
)
def test_a_moment_is_the_next_of_its_name_where_the_person_is(text: str, meant: str) -> None:
    assert begins_until(text) and read(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "until", "until then", "until fryday", "until friday 25:00", "until friday 24:30", "until friday 18:60",
        "until 13pm", "until 2026-02-30", "until 0pm", "until 6", "friday 18:00", "until friday or so", "until-revoked",
        "until friday 18:00 18:00", "until ２０２６-12-04", "到", "", "until 0001-01-01", "until 9999-12-31",
        "到周五晚上1点",
        "到周五下午18点", "到周五上午12点",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


def test_of_a_line_as_many_words_are_taken_as_make_a_moment() -> None:
    words = ["until", "friday", "at", "6", "pm", "rolling", "out"]
    assert take_until(words) == "until friday at 6 pm" and words == ["rolling", "out"]
    words = ["until", "tomorrow", "three", "rankers"]
    assert take_until(words) == "until tomorrow" and words == ["three", "rankers"]
    words = ["until", "whenever", "it", "works"]
    assert take_until(words) == "until whenever it works" and not words


@pytest.mark.parametrize("rest", ["9 fix", "18.00 fix", "at 6 fix", "noon fix", "18:00Z fix", "6 o'clock"])
def test_an_hour_that_cannot_be_read_is_not_taken_for_the_reason(rest: str) -> None:
    words = ["until", "friday", *rest.split()]
    assert take_until(words) == f"until friday {rest}" and not words


def test_a_reason_that_begins_like_the_word_is_no_moment() -> None:
    assert not begins_until("until-revoked") and not begins_until("untilled ground") and not begins_until("tomorrow")


def test_hours_of_a_day_on_which_the_clock_is_set_back_or_forward() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)
    assert parse_until("until sunday 18:00", millis(before), BERLIN, 18) - millis(before) == 31 * 3_600_000
    twice = parse_until("until sunday 02:30", millis(before), BERLIN, 18)
    assert datetime.fromtimestamp(twice / 1_000, UTC).hour == 0, "the earlier of the two"
    before = datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN)
    assert parse_until("until sunday 18:00", millis(before), BERLIN, 18) - millis(before) == 29 * 3_600_000
    never = parse_until("until sunday 02:30", millis(before), BERLIN, 18)
    assert datetime.fromtimestamp(never / 1_000, BERLIN).strftime("%H:%M") == "03:30"


@pytest.mark.parametrize(
    ("line", "text", "left"),
    [
        ("from tomorrow 09:00 rolling out", "from tomorrow 09:00", "rolling out"),
        ("from friday rolling out", "from friday", "rolling out"),
        ("从明天9:00 上线", "从明天9:00", "上线"),
        ("从 明天 9:00开始 上线", "从 明天 9:00开始", "上线"),
        ("from scratch once more", None, "from scratch once more"),
        ("自测新模型", None, "自测新模型"),
        ("from fryday 9:00 x", "from fryday 9:00 x", ""),
    ],
)
def test_a_start_is_taken_from_a_line_and_a_reason_left(line: str, text: str | None, left: str) -> None:
    words = line.split()
    assert (take_start(words), " ".join(words)) == (text, left)
