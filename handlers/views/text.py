"""Words for values: people, times, durations, and what a person typed, which is shown as it was typed and no more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

from approvals.durations import format_duration
from approvals.text_input import EMPTY, UNFIT
from handlers.translations import Translations

MAX_SHOWN_CHARACTERS = 300
"""Characters of somebody's text that are shown on a card."""

MAX_SCANNED_FACTOR = 4
"""Times as many characters as may be shown; the rest of a long text is not gone through for what shows nothing."""


def literal(text: str, limit: int = 80) -> str:
    """What somebody typed, inside a sentence in mrkdwn: as code, so that it can neither format, link nor mention."""
    some = text[: limit * MAX_SCANNED_FACTOR]
    flat = " ".join(visible(some).split()).replace("`", "'") + ("…" if some != text else "")
    return f"`{escape(truncated(flat, limit)) or ' '}`"


def exact(text: str) -> str:
    """All of it as code. A character that shows nothing, or would be taken for another one, is shown by its number, and
    a backslash twice, so that no two texts look alike for that.
    """
    shown = re.sub(r"^ | $|(?<= ) ", "\\\\u0020", text.replace("\\", "\\\\"))
    return f"`{escape(_UNUSUAL.sub(lambda found: _shown(found[0]), shown)) or ' '}`"


_UNUSUAL = re.compile(r"[^\x20-\x5f\x61-\x7e]")
"""What has to be looked at: the rest shows itself."""


def _shown(char: str) -> str:
    shows = char.isprintable() and char not in f"`{EMPTY}" and not unicodedata.category(char).startswith("M")
    return char if shows else _number(char)


def _number(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def visible(text: str) -> str:
    """With a mark in place of each character that shows nothing, or turns the line."""
    if text.isprintable():
        # None of those is, and most texts are; this is found out several times as fast.
        return text
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def escape(text: str) -> str:
    """Slack's three control characters, so that they are only characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def truncated(text: str, limit: int = MAX_SHOWN_CHARACTERS) -> str:
    """As much of it as fits, whole words where that leaves most of it."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    words = kept.rpartition(" ")[0]
    return (words if len(words) > limit // 2 else kept).rstrip() + "…"


def side_by_side(*sentences: str) -> str:
    """Those that say something, as one paragraph; Chinese has no space after a full stop."""
    said = list(filter(None, sentences))
    return "".join(each if each.endswith(("。", "！")) else f"{each} " for each in said[:-1]) + "".join(said[-1:])


def person(slack_user_id: str) -> str:
    """A mention of them."""
    return f"<@{slack_user_id}>"


def first_of(texts: Sequence[str], translations: Translations, shown: int = 10) -> str:
    """As many of them as one reads, and how many more there are."""
    listed = translations.gettext(", ").join(texts[:shown])
    more = len(texts) - shown
    if more <= 0:
        return listed
    return translations.ngettext("{some} and {count} more", "{some} and {count} more", more).format(
        some=listed, count=more
    )


def first_lines(lines: Sequence[str], translations: Translations, shown: int) -> list[str]:
    """The first few, and a line that says how many more there are."""
    if len(lines) <= shown:
        return list(lines)
    return [*lines[:shown], translations.gettext("and {count} more").format(count=len(lines) - shown)]


def all_of(texts: Sequence[str], translations: Translations) -> str:
    """All of them, of which there is at least one."""
    *some, last = texts
    if not some:
        return last
    listed = translations.gettext(", ").join(some)
    return translations.gettext("{some} and {last}").format(some=listed, last=last)


def holder(name: str, of_account: bool, translations: Translations) -> str:
    """Who has something in RAM: a user, or one of the account's own roles."""
    return (translations.gettext("RAM role {name}") if of_account else translations.gettext("RAM user {name}")).format(
        name=literal(name)
    )


def moment(milliseconds: int) -> str:
    """A time in the reader's own time zone; UTC where the client cannot tell."""
    seconds = milliseconds // 1_000
    return f"<!date^{seconds}^{{date_short_pretty}} {{time}}|{utc_moment(milliseconds)}>"


def day(milliseconds: int) -> str:
    """The day of it, likewise."""
    seconds = milliseconds // 1_000
    return f"<!date^{seconds}^{{date_short_pretty}}|{utc_moment(milliseconds)[:10]}>"


def utc_moment(milliseconds: int) -> str:
    """The same where nothing is formatted."""
    return datetime.fromtimestamp(milliseconds // 1_000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def time_asked(duration: int | None, ends_by: int | None, translations: Translations) -> str:
    """For how long something is asked for, or until which moment."""
    if ends_by is None:
        return how_long(duration, translations)
    return translations.gettext("until {moment}").format(moment=moment(ends_by))


def how_long(duration: int | None, translations: Translations) -> str:
    """A duration in milliseconds as it is typed; None is until revoked."""
    return translations.gettext("until revoked") if duration is None else format_duration(duration)
