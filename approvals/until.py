"""Moments as people type them: `until friday 18:00`, `until tomorrow 6pm`, `until 2026-12-04`, `到周五18:00`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

from approvals.millis import SECOND, DomainMillis

_NEXT_DAYS = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "后天": 2}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS_ZH = "一二三四五六日"
_DAY = "|".join(
    (
        *_NEXT_DAYS,
        r"mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?",
        r"(?:周|星期)[一二三四五六日天]",
        r"\d{4}-\d{1,2}-\d{1,2}",
    )
)
_TIME = (
    r"(?P<zh_noon>上午|下午|晚上)?(?P<hour>\d{1,2})"
    r"(?:[:：](?P<minute>\d{2})|点(?:(?P<half>半)|(?P<zh_minute>\d{1,2})分)?|(?=\s*[ap]m))(?:\s*(?P<noon>[ap]m))?"
)
_WORD = r"until|till|直到|到|至"
_MOMENT = re.compile(
    rf"(?:{_WORD})\s*(?:(?P<day>{_DAY})(?:(?:\s+at\s+|T|\s*){_TIME})?|{_TIME.replace('(?P<', '(?P<only_')})",
    re.ASCII | re.IGNORECASE,
)
_STARTS = re.compile(r"(?:from|starting)(?![-\w])\s*|[从自]", re.IGNORECASE)
_STARTS_ENDS = re.compile(r"\s*(?:起|开始)$")
_NAMES_HOUR = re.compile(r"\d{1,2}(?:[:：]\d|点|\s*[ap]m\b)|\d{4}-\d", re.ASCII | re.IGNORECASE)
_BEGINS = re.compile(rf"(?:{_WORD})(?![-\w])|(?:直到|到|至)", re.IGNORECASE)
_BEGINS_HOUR = re.compile(r"\d|(?:at|noon|midnight|am|pm|o'clock)\b|上午|下午|晚上|中午", re.ASCII | re.IGNORECASE)
YEARS = range(1971, 9999)
MAX_WORDS = 5
"""As many are there at most: until friday at 6 pm."""


def begins_until(text: str) -> bool:
    """Whether somebody meant a moment, well-formed or not. `until-revoked` is none."""
    return _BEGINS.match(text.strip()) is not None


def take_until(words: list[str]) -> str:
    """The moment that these words begin with, taken from them: as many of them as make one, or else all."""
    for count in range(min(MAX_WORDS, len(words)), 0, -1):
        text = " ".join(words[:count])
        if _MOMENT.fullmatch(text):
            if any(_BEGINS_HOUR.match(word) for word in words[count : count + 1]):
                # "until tomorrow 9" means nine, and not the end of the day.
                break
            del words[:count]
            return text
    text = " ".join(words)
    words.clear()
    return text


def take_start(words: list[str]) -> str | None:
    """The moment that these words begin with as one from which something is wanted (`from friday 9:00`), taken from
    them, well-formed or not; None where they say none, since a reason may begin with the same word.
    """
    if not words or not _STARTS.match(words[0]):
        return None
    for count in range(min(MAX_WORDS, len(words)), 0, -1):
        text = " ".join(words[:count])
        if _MOMENT.fullmatch(_as_until(text)):
            if any(_BEGINS_HOUR.match(word) for word in words[count : count + 1]):
                break
            del words[:count]
            return text
    else:
        if not _NAMES_HOUR.search(" ".join(words[:MAX_WORDS])):
            return None
    text = " ".join(words[:MAX_WORDS])
    words.clear()
    return text


def parse_start(text: str, now: DomainMillis, zone: tzinfo, day_begins: int) -> DomainMillis:
    """As `parse_until`, of `from friday 9:00` or `friday 9:00`; a day without an hour is from when it `day_begins`.

    Raises:
        ValueError: not of that form, or there is no such day or hour.
    """
    return parse_until(_as_until(text.strip()), now, zone, day_begins)


def _as_until(text: str) -> str:
    begun = _STARTS.match(text)
    return "until " + _STARTS_ENDS.sub("", text[begun.end() :] if begun else text)


def parse_until(text: str, now: DomainMillis, zone: tzinfo, day_ends: int) -> DomainMillis:
    """The moment that is meant, on the next day of that name, today included; it may have passed. A day without an hour
    is until it `day_ends`, which is an hour from 1 to 24. Where a clock is set back the earlier of two hours is meant,
    and where it is set forward an hour that there is not counts from before (docs.python.org/3/library/zoneinfo.html).

    Raises:
        ValueError: not of that form, or there is no such day or hour.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not a moment: {text!r}")
    parts = found.groupdict()
    today = datetime.fromtimestamp(now / SECOND, zone).date()
    day = _day(parts["day"].casefold(), today) if parts["day"] else today
    if day.year not in YEARS:
        raise ValueError(f"no year that is meant: {day.year}")
    prefix = "" if parts["day"] else "only_"
    minutes = _minutes(
        {name: parts[prefix + name] for name in ("zh_noon", "hour", "minute", "half", "zh_minute", "noon")}
    )
    moment = datetime(day.year, day.month, day.day, tzinfo=zone)
    hours, rest = divmod(day_ends * 60 if minutes is None else minutes, 60)
    if hours == 24:
        moment, hours = moment + timedelta(days=1), 0
    return DomainMillis(round(moment.replace(hour=hours, minute=rest).timestamp()) * SECOND)


def _day(name: str, today: date) -> date:
    if name in _NEXT_DAYS:
        return today + timedelta(days=_NEXT_DAYS[name])
    if name[0].isdecimal():
        year, month, number = map(int, name.split("-"))
        return date(year, month, number)
    last = name[-1].replace("天", "日")
    weekday = _WEEKDAYS_ZH.index(last) if last in _WEEKDAYS_ZH else _WEEKDAYS.index(name[:3])
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _minutes(parts: dict[str, str | None]) -> int | None:
    """Minutes from midnight to the time that is named; None where none is."""
    if parts["hour"] is None:
        return None
    hour, minute = int(parts["hour"]), int(parts["minute"] or parts["zh_minute"] or (30 if parts["half"] else 0))
    noon = (parts["noon"] or "").casefold()
    if noon and not 1 <= hour <= 12:
        raise ValueError(f"no such hour: {hour} {noon}")
    if noon:
        hour = hour % 12 + (12 if noon == "pm" else 0)
    elif parts["zh_noon"] is not None:
        hour = _hour_zh(parts["zh_noon"], hour)
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise ValueError(f"no such time: {hour}:{minute:02}")
    return hour * 60 + minute


def _hour_zh(part: str, hour: int) -> int:
    """The hour of the whole day that is meant by one of a part of it."""
    if part == "晚上" and 6 <= hour <= 12:
        return hour + 12
    if part == "下午" and 1 <= hour <= 12:
        return hour % 12 + 12
    if part == "上午" and 1 <= hour < 12:
        return hour
    raise ValueError(f"no such hour: {part}{hour}")
