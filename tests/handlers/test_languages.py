"""Every text is there in every language, with the places of its text: a person would get nothing but an apology."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from importlib.resources import files
from string import Formatter
from typing import IO

import pytest
from babel.messages.pofile import read_po

from approvals.catalog.load import load_catalog
from approvals.ids import SlackUserId
from approvals.status.plan import load_plan
from bot.settings import Settings
from handlers.languages import Languages, Spoken, nearest
from handlers.translations import load_translations, locales
from handlers.views.row_titles import row_title

SOUND = 'msgid "{needed} approvals are needed, {ref}."\nmsgstr "{ref}: {needed} Genehmigungen fehlen."\n'
RENAMED = 'msgid "{needed} approvals are needed."\nmsgstr "{noetig} Genehmigungen fehlen."\n'
PLURAL = 'msgid "{count} grant"\nmsgid_plural "{count} grants"\nmsgstr[0] "eine"\nmsgstr[1] "{anzahl}"\n'
TYPED = 'msgid "Type `/pairec-access link`."\nmsgstr "`/pairec-access verbinden` eingeben."\n'
OTHERS = [locale for locale in locales() if locale != "en"]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def commands(text: str) -> list[str]:
    """What is to be typed as it stands."""
    return sorted(re.findall(r"`/?pairec-[^`]*`", text))


def _forms(texts: object) -> tuple[str, ...]:
    """The singular and the plurals, or the one text that there is."""
    return tuple(map(str, texts)) if isinstance(texts, tuple | list) else (str(texts),)


def faults(source: IO[bytes]) -> Iterator[str]:
    """What is translated with other places or commands than it has. A singular may do without its number."""
    for message in read_po(source):
        texts, translated = _forms(message.id), _forms(message.string)
        wanted = set().union(*map(places, texts))
        for number, text in enumerate(translated):
            may_lack = {"count"} if number == 0 and len(texts) > 1 else set()
            fits = wanted - may_lack <= places(text) <= wanted and commands(text) == commands(texts[0])
            if text and not fits:
                yield text


def lacks(texts: IO[bytes], source: IO[bytes], locale: str = "de") -> Iterator[str]:
    """What is not translated, or translated no longer: by the texts that there are, each in all of its forms."""
    known = read_po(source, locale=locale)
    wanted = {_forms(message.id) for message in read_po(texts) if message.id}
    told = {_forms(message.id): message for message in known if message.id}
    for forms in wanted ^ told.keys():
        yield forms[0]
    for forms, message in told.items():
        if message.fuzzy or not all(_forms(message.string)):
            yield forms[0]
    yield from (_forms(message.id)[0] for message in known.obsolete.values())


def _catalogue(locale: str) -> IO[bytes]:
    return files("handlers").joinpath("locales", locale, "LC_MESSAGES", "messages.po").open("rb")


@pytest.mark.parametrize("locale", OTHERS)
def test_every_language_has_the_places_of_each_text(locale: str) -> None:
    with _catalogue(locale) as source:
        assert list(faults(source)) == []


@pytest.mark.parametrize("locale", OTHERS)
def test_every_language_has_each_text_and_no_others(locale: str) -> None:
    with files("handlers").joinpath("locales", "messages.pot").open("rb") as texts, _catalogue(locale) as source:
        assert list(lacks(texts, source, locale)) == [], "handlers/locales/README.md says how to renew them"


def test_a_place_that_was_translated_or_left_out_is_found() -> None:
    assert list(faults(io.BytesIO(SOUND.encode()))) == []
    assert list(faults(io.BytesIO(RENAMED.encode()))) == ["{noetig} Genehmigungen fehlen."]
    assert list(faults(io.BytesIO(PLURAL.encode()))) == ["{anzahl}"]
    assert list(faults(io.BytesIO(TYPED.encode()))) == ["`/pairec-access verbinden` eingeben."]


@pytest.mark.parametrize(
    ("texts", "source"),
    [
        ('msgid "Deny"\nmsgstr ""\n', 'msgid "Deny"\nmsgstr ""\n'),
        ('msgid "Deny"\nmsgstr ""\n', '#, fuzzy\nmsgid "Deny"\nmsgstr "Ablehnen"\n'),
        ('msgid "Deny"\nmsgstr ""\n', ""),
        ("", 'msgid "Deny"\nmsgstr "Ablehnen"\n'),
        ("", '#~ msgid "Deny"\n#~ msgstr "Ablehnen"\n'),
    ],
    ids=["left empty", "guessed", "left out", "of no text", "of a text that was"],
)
def test_a_text_without_its_translation_is_found(texts: str, source: str) -> None:
    assert list(lacks(io.BytesIO(texts.encode()), io.BytesIO(source.encode()))) == ["Deny"]


def test_channels_can_be_set_to_each_language_that_there_is() -> None:
    setting = Settings.model_fields["locale"].annotation
    assert {each.replace("_", "-") for each in locales()} == set(getattr(setting, "__args__", ()))


@pytest.mark.parametrize(
    ("slack", "ours"),
    [("zh-CN", "zh_CN"), ("en-US", "en"), ("en-GB", "en"), ("zh-TW", "en"), ("de-DE", "en"), ("", "en"), ("-", "en")],
)
def test_a_language_that_slack_names_and_that_is_not_here_is_english(slack: str, ours: str) -> None:
    assert nearest(slack, dict.fromkeys(locales())) == ours


def test_of_whom_slack_said_nothing_yet_the_language_is_that_of_the_channels() -> None:
    catalog = load_catalog()
    spoken = {locale: Spoken(load_translations(locale), catalog) for locale in locales()}
    chosen = {SlackUserId("U0LI"): "zh-CN", SlackUserId("U0ANA"): "es-ES"}
    languages = Languages(spoken, "zh_CN", chosen.get)
    read = [languages.of(each).translations.locale for each in (*chosen, SlackUserId("U0NEW"), None)]
    assert read == ["zh_CN", "en", "zh_CN", "zh_CN"]


PRODUCTS = {"OSS", "DataHub", "MaxCompute", "FeatureStore", "PAI-EAS", "Hologres", "Flink"}
"""Called the same in every language."""


def test_each_row_of_the_board_is_called_something_in_chinese() -> None:
    words = load_translations("zh_CN")
    titles = {row.title for row in load_plan(load_catalog()).scope(None)} | {"Flink: this app"}
    shown = {title: row_title(title, words) for title in titles - PRODUCTS}
    assert {title for title, text in shown.items() if not re.search("[\u4e00-\u9fff]", text)} == set()
