"""What somebody types after the command, as values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from approvals.durations import format_duration, parse_duration
from approvals.errors import Refusal
from approvals.ids import SlackUserId
from approvals.millis import DAY, HOUR, MINUTE, DomainMillis
from approvals.model import parse_ref
from approvals.refusals.people import UnknownPerson
from approvals.refusals.request import BadDuration, BadTicket, BadTime, DurationMissing, UntilPassed
from handlers.commands.registry import ACCESS, NEAR_ENOUGH
from handlers.parsing import RequestLine, TimeWanted, Wall, parse_line, read_duration, split_command
from tests.harness.builders import NOW

UNTIL = DomainMillis(round(datetime(2023, 11, 17, 10, 0, tzinfo=UTC).timestamp()) * 1_000)
EIGHT_HOURS = TimeWanted(8 * HOUR)
WALL = Wall(NOW, lambda: "Asia/Shanghai", 18)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("30m", 30 * MINUTE),
        ("8h", 8 * HOUR),
        ("8H", 8 * HOUR),
        ("7d", 7 * DAY),
        ("1h30m", 90 * MINUTE),
        ("1d12h", 36 * HOUR),
        ("90m", 90 * MINUTE),
        ("until-revoked", None),
        ("Until-Revoked", None),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, milliseconds: int | None) -> None:
    assert read_duration(text) == milliseconds


@pytest.mark.parametrize(
    "text", ["0", "0h", "0d0h0m", "-1h", "+1h", "8", "8x", "h", "8hh", "1.5h", "1m1h", "8h ago", "٣h", "8 x"]
)
def test_what_is_no_duration_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(BadDuration) as refused:
        read_duration(text)
    assert refused.value.text == text


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_at_all_is_a_duration_that_is_missing(text: str) -> None:
    with pytest.raises(DurationMissing):
        read_duration(text)


@pytest.mark.parametrize("text", ["30m", "8h", "7d", "1h30m", "1d12h", "90d", "until-revoked"])
def test_a_duration_reads_back_as_it_was_written(text: str) -> None:
    assert format_duration(read_duration(text)) == text


def test_the_longest_number_is_read_without_trouble() -> None:
    assert parse_duration("999999d") == 999_999 * DAY
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration("9999999d")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "PaiRecEngineAccess 8h rollout",
            RequestLine("PaiRecEngineAccess", None, EIGHT_HOURS, None, "rollout"),
        ),
        (
            "engine-engineer 8h a  long\nreason",
            RequestLine("engine-engineer", None, EIGHT_HOURS, None, "a long reason"),
        ),
        ("P <@U0DAVE|dave> 8h x", RequestLine("P", SlackUserId("U0DAVE"), EIGHT_HOURS, None, "x")),
        ("P 8h <@U0DAVE> x", RequestLine("P", SlackUserId("U0DAVE"), EIGHT_HOURS, None, "x")),
        ("P 8h ticket:ABC-1 x", RequestLine("P", None, EIGHT_HOURS, "ABC-1", "x")),
        ("P 8h Ticket:ABC-1", RequestLine("P", None, EIGHT_HOURS, "ABC-1", "")),
        ("P until-revoked <@W1|x> ticket:A x", RequestLine("P", SlackUserId("W1"), TimeWanted(None), "A", "x")),
        ("P 8h a &lt;b&gt; &amp; c", RequestLine("P", None, EIGHT_HOURS, None, "a <b> & c")),
        ("P 8h see ticket:ABC-1", RequestLine("P", None, EIGHT_HOURS, None, "see ticket:ABC-1")),
        (
            "P until 2023-11-17 18:00 roll out",
            RequestLine("P", None, TimeWanted(UNTIL - NOW, UNTIL), None, "roll out"),
        ),
        ("P 8h ask <@U0DAVE|dave>", RequestLine("P", None, EIGHT_HOURS, None, "ask <@U0DAVE|dave>")),
    ],
)
def test_a_line_is_read_part_by_part(text: str, line: RequestLine) -> None:
    assert parse_line(text, WALL) == line


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("P", DurationMissing),
        ("P <@U0DAVE>", DurationMissing),
        ("P because", BadTime),
        ("P 8x because", BadTime),
        ("P -8h because", BadTime),
        ("P until fryday because", BadTime),
        ("P until friday 9 because", BadTime),
        ("P until friday 18.00 because", BadTime),
        ("P until friday at 6 because", BadTime),
        ("P until tomorrow noon because", BadTime),
        ("P until 0001-01-01 00:30 because", BadTime),
        ("P until 9999-12-31 because", BadTime),
        ("P until 1999-12-31 because", UntilPassed),
        ("P @nobody 8h because", UnknownPerson),
        ("P <@nobody> 8h because", UnknownPerson),
        ("P 8h ticket: because", BadTicket),
    ],
)
def test_a_part_that_cannot_be_read_is_refused_by_name(text: str, why: type[Refusal]) -> None:
    with pytest.raises(Refusal) as refused:
        parse_line(text, WALL)
    assert type(refused.value) is why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("", "")),
        ("  ", ("", "")),
        ("LIST", ("list", "")),
        (" request  X 8h ", ("request", "X 8h")),
        ("cancel R-1", ("cancel", "R-1")),
    ],
)
def test_the_subcommand_is_the_first_word(text: str, expected: tuple[str, str]) -> None:
    assert split_command(text) == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reqest", "request"),
        ("lst", "list"),
        ("cancle", "cancel"),
        ("revok", "revoke"),
        ("lnk", "link"),
        ("hlep", "help"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_the_nearest_subcommand_is_named(typed: str, meant: str | None) -> None:
    assert ACCESS.nearest(typed, NEAR_ENOUGH) == meant


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("R-1042", 1042),
        ("r-1042", 1042),
        (" 1042 ", 1042),
        ("", None),
        ("R-", None),
        ("R-12x", None),
        ("R--1", None),
        ("R-1042 R-1043", None),
        ("R-1234567890123", None),
        ("R-١", None),
    ],
)
def test_a_reference_is_read_with_or_without_its_letter(text: str, number: int | None) -> None:
    assert parse_ref(text) == number
