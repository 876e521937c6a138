"""What somebody typed after a slash command, as values; what cannot be read is refused by name."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from approvals.durations import UNTIL_REVOKED, looks_like_duration, parse_duration, take_duration
from approvals.ids import SlackUserId
from approvals.millis import DAY, SECOND, DomainMillis
from approvals.refusals.away import BadAway
from approvals.refusals.people import UnknownPerson
from approvals.refusals.request import (
    BadDuration,
    BadStart,
    BadTicket,
    BadTime,
    DurationMissing,
    StartAfterEnd,
    StartPassed,
    StartTooFar,
    UntilPassed,
)
from approvals.time_zones import time_zone
from approvals.until import begins_until, parse_start, parse_until, take_start, take_until

MOST_AHEAD_DAYS = 30

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class TimeWanted:
    """For how long something is wanted."""

    duration: int | None
    """Milliseconds; None is until revoked."""
    ends_by: DomainMillis | None = None
    """The moment, where one was named; `duration` is what is left until then."""
    starts_at: DomainMillis | None = None
    """From when, where that is later; `duration` counts from then."""


@dataclass(frozen=True, slots=True)
class Wall:
    """The clock on the wall of whoever types."""

    now: DomainMillis
    zone: Callable[[], str | None]
    """Asked for the IANA name of where they are, once that matters."""
    day_ends: int
    """The hour at which their work of a day is over."""
    day_begins: int = 9
    """The hour at which it begins."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What stands in `request <item> [@person] <duration> [from …] [ticket:ABC-1] <reason>`."""

    item: str
    person: SlackUserId | None
    time: TimeWanted
    ticket: str | None
    reason: str


def split_command(text: str) -> tuple[str, str]:
    """The subcommand in lower case, and the rest as Slack sent it: escaped, with mentions."""
    first, rest = [*text.split(maxsplit=1), "", ""][:2]
    return html.unescape(first).casefold(), rest.strip()


def parse_line(text: str, wall: Wall) -> RequestLine:
    """What stands after `request`, which is not empty.

    Raises:
        Refusal: a part cannot be read; it names the part.
    """
    words = text.split()
    item = html.unescape(words.pop(0))
    person = _take_person(words)
    time = _take_start(words, _take_time(words, item, wall), wall)
    person = person or _take_person(words)
    ticket = None
    if words and words[0].casefold().startswith("ticket:"):
        ticket = html.unescape(words.pop(0).partition(":")[2])
        if not ticket:
            raise BadTicket()
    return RequestLine(item, person, time, ticket, html.unescape(" ".join(words)))


def parse_question(text: str, wall: Wall, usual: TimeWanted) -> RequestLine:
    """What stands after `explain`, which is not empty: a line without a reason, and for the `usual` time where none is
    named.

    Raises:
        Refusal: a part cannot be read; it names the part.
    """
    words = text.split()
    item = html.unescape(words.pop(0))
    person = _take_person(words)
    time = _take_start(words, _take_time(words, item, wall), wall) if words else usual
    return RequestLine(item, person or _take_person(words), time, None, "")


def _take_person(words: list[str]) -> SlackUserId | None:
    if not words or not is_about_somebody(words[0]):
        return None
    return read_person(words.pop(0))


def is_about_somebody(text: str) -> bool:
    """Whether it means a person, or is meant to."""
    return text.startswith(("<@", "@"))


def is_mention(text: str) -> bool:
    """Whether somebody was chosen from the list that @ opens, or is meant to have been."""
    return text.startswith("<@")


def read_person(text: str) -> SlackUserId:
    """The Slack user id in a mention.

    Raises:
        Refusal: UnknownPerson, it is none.
    """
    found = _PERSON.fullmatch(text)
    if found is None:
        raise UnknownPerson(text=html.unescape(text))
    return SlackUserId(found.group(1))


def _take_time(words: list[str], item: str, wall: Wall) -> TimeWanted:
    if not words:
        raise DurationMissing(item=item)
    if begins_until(words[0]):
        return read_time(take_until(words), wall)
    if not looks_like_duration(words[0]):
        raise BadTime(text=html.unescape(words[0]))
    return read_time(take_duration(words), wall)


def _take_start(words: list[str], time: TimeWanted, wall: Wall) -> TimeWanted:
    text = take_start(words)
    return time if text is None else read_start(text, time, wall)


def read_start(text: str, time: TimeWanted, wall: Wall) -> TimeWanted:
    """The time that is wanted, but from that moment.

    Raises:
        Refusal: BadStart, StartPassed, StartTooFar or StartAfterEnd.
    """
    typed = html.unescape(text.strip())
    try:
        moment = parse_start(typed, wall.now, time_zone(wall.zone()), wall.day_begins)
    except (ValueError, OverflowError):
        raise BadStart(text=typed) from None
    if moment <= wall.now:
        raise StartPassed(text=typed, since=moment)
    if moment > wall.now + MOST_AHEAD_DAYS * DAY:
        raise StartTooFar(text=typed, days=MOST_AHEAD_DAYS)
    if time.ends_by is None:
        return replace(time, starts_at=moment)
    if time.ends_by <= moment:
        raise StartAfterEnd(text=typed)
    return replace(time, starts_at=moment, duration=time.ends_by - moment)


def read_time(text: str, wall: Wall) -> TimeWanted:
    """For how long, or until when.

    Raises:
        Refusal: DurationMissing, BadTime or UntilPassed.
    """
    if not begins_until(text):
        try:
            return TimeWanted(read_duration(text))
        except BadDuration as refusal:
            raise BadTime(text=refusal.text) from None
    zone = time_zone(wall.zone())
    try:
        moment = parse_until(text, wall.now, zone, wall.day_ends)
        later = datetime.fromtimestamp((moment + 7 * DAY) / SECOND, zone)
    except (ValueError, OverflowError):
        raise BadTime(text=html.unescape(text)) from None
    if moment <= wall.now:
        raise UntilPassed(text=html.unescape(text), since=moment, later=f"until {later:%Y-%m-%d %H:%M}")
    return TimeWanted(moment - wall.now, moment)


def read_return(text: str, wall: Wall) -> DomainMillis:
    """Until when somebody is away: `until monday`, `monday`, `到周一`, `3d`. A day without an hour is until its work
    begins, which is `day_ends` of this wall.

    Raises:
        Refusal: BadAway or UntilPassed.
    """
    typed = html.unescape(text.strip())
    begins = begins_until(typed) or looks_like_duration(typed)
    try:
        wanted = read_time(typed if begins and not _is_date(typed) else f"until {typed}", wall)
    except (BadTime, DurationMissing):
        raise BadAway(text=typed) from None
    if wanted.duration is None:
        raise BadAway(text=typed)
    return wanted.ends_by or DomainMillis(wall.now + wanted.duration)


def _is_date(text: str) -> bool:
    return re.match(r"\d{4}-\d", text, re.ASCII) is not None


def read_duration(text: str) -> int | None:
    """Milliseconds, or None for until-revoked.

    Raises:
        Refusal: DurationMissing or BadDuration.
    """
    if not text.strip():
        raise DurationMissing()
    if text.strip().casefold() == UNTIL_REVOKED:
        return None
    try:
        return parse_duration(text)
    except ValueError:
        raise BadDuration(text=html.unescape(text)) from None
