"""Which language a person reads: their own in Slack, where the program has it; a channel reads the one that is set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from approvals.catalog.model import Catalog
from approvals.ids import SlackUserId
from handlers.translations import Translations

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One language: the texts, and the catalogue with its titles."""

    translations: Translations
    catalog: Catalog


class Languages:
    """Never changes once it is made, so that any thread may use it."""

    def __init__(
        self, spoken: Mapping[str, Spoken], channel: str, locale_of: Callable[[SlackUserId], str | None]
    ) -> None:
        """`spoken` is by locale, such as `zh_CN`, and has English. `channel` is read where several read the same.
        `locale_of` tells what somebody chose in Slack, such as `zh-CN`, without asking Slack for it.
        """
        self._spoken = spoken
        self._channel = channel
        self._locale_of = locale_of

    def of(self, reader: SlackUserId | None) -> Spoken:
        """What one person reads: English where theirs is not there. Of whom nothing is known yet, and where several
        read the same, it is what the channels read.
        """
        locale = self._locale_of(reader) if reader else None
        return self._spoken[nearest(locale, self._spoken) if locale else self._channel]


def nearest(locale: str, known: Mapping[str, object]) -> str:
    """The one of `known`, which are written like `zh_CN`, that a locale as Slack writes it means."""
    language, _, place = locale.replace("-", "_").partition("_")
    for each in (f"{language.lower()}_{place.upper()}", language.lower()):
        if each in known:
            return each
    return FALLBACK
