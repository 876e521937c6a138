"""A translation has the places of its text, all of them and no others: a person would get nothing but an apology."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.resources import files
from string import Formatter
from typing import IO

from babel.messages.pofile import read_po

SOUND = 'msgid "{needed} approvals are needed, {ref}."\nmsgstr "{ref}: {needed} Genehmigungen fehlen."\n'
RENAMED = 'msgid "{needed} approvals are needed."\nmsgstr "{noetig} Genehmigungen fehlen."\n'
PLURAL = 'msgid "{count} grant"\nmsgid_plural "{count} grants"\nmsgstr[0] "eine"\nmsgstr[1] "{anzahl}"\n'


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _forms(texts: object) -> tuple[str, ...]:
    """The singular and the plurals, or the one text that there is."""
    return tuple(map(str, texts)) if isinstance(texts, tuple | list) else (str(texts),)


def faults(source: IO[bytes]) -> Iterator[str]:
    """What is translated with other places than it has. A singular may do without its number."""
    for message in read_po(source):
        texts, translated = _forms(message.id), _forms(message.string)
        wanted = set().union(*map(places, texts))
        for number, text in enumerate(translated):
            may_lack = {"count"} if number == 0 and len(texts) > 1 else set()
            if text and not wanted - may_lack <= places(text) <= wanted:
                yield text


def test_every_language_has_the_places_of_each_text() -> None:
    for folder in files("handlers").joinpath("locales").iterdir():
        catalogue = folder.joinpath("LC_MESSAGES", "messages.po") if folder.is_dir() else None
        if catalogue is not None:
            with catalogue.open("rb") as source:
                assert list(faults(source)) == [], folder.name


def test_a_place_that_was_translated_or_left_out_is_found() -> None:
    assert list(faults(io.BytesIO(SOUND.encode()))) == []
    assert list(faults(io.BytesIO(RENAMED.encode()))) == ["{noetig} Genehmigungen fehlen."]
    assert list(faults(io.BytesIO(PLURAL.encode()))) == ["{anzahl}"]
