"""What somebody typed after a slash command, as values; what cannot be read is refused by name."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from approvals.durations import UNTIL_REVOKED, looks_like_duration, parse_duration, take_duration
from approvals.ids import SlackUserId
from approvals.refusals.people import UnknownPerson
from approvals.refusals.request import BadDuration, BadTicket, DurationMissing

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What stands in `request <item> [@person] <duration> [ticket:ABC-1] <reason>`."""

    item: str
    person: SlackUserId | None
    duration: int | None
    ticket: str | None
    reason: str


def split_command(text: str) -> tuple[str, str]:
    """The subcommand in lower case, and the rest as Slack sent it: escaped, with mentions."""
    first, rest = [*text.split(maxsplit=1), "", ""][:2]
    return html.unescape(first).casefold(), rest.strip()


def parse_line(text: str) -> RequestLine:
    """What stands after `request`, which is not empty.

    Raises:
        Refusal: a part cannot be read; it names the part.
    """
    words = text.split()
    item = html.unescape(words.pop(0))
    person = _take_person(words)
    duration = _take_duration(words, item)
    person = person or _take_person(words)
    ticket = None
    if words and words[0].casefold().startswith("ticket:"):
        ticket = html.unescape(words.pop(0).partition(":")[2])
        if not ticket:
            raise BadTicket()
    return RequestLine(item, person, duration, ticket, html.unescape(" ".join(words)))


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


def _take_duration(words: list[str], item: str) -> int | None:
    if not words:
        raise DurationMissing(item=item)
    if not looks_like_duration(words[0]):
        raise BadDuration(text=html.unescape(words[0]))
    return read_duration(take_duration(words))


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
