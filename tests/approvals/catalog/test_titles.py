"""Titles in further languages: beside the English ones, in the catalogue that comes along and in anybody's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.errors import CatalogError
from tests.approvals.catalog.test_catalog import GOOD, write


def test_everything_that_comes_along_has_a_chinese_title_and_says_in_chinese_what_it_allows() -> None:
    english, chinese = load_catalog(), load_catalog(language="zh-CN")
    assert english.choices.keys() == chinese.choices.keys()
    for name, choice in chinese.choices.items():
        assert any("\u4e00" <= each <= "\u9fff" for each in choice.title), name
        assert any("\u4e00" <= each <= "\u9fff" for each in choice.allows), name
        assert {item.title for item in choice.items.values()} == {choice.title}


def test_the_terms_are_the_same_in_every_language() -> None:
    def terms(language: str) -> dict[str, tuple[object, ...]]:
        items = load_catalog(language=language).items
        return {name: (each.entitlements, each.longest, each.approvals) for name, each in items.items()}

    assert terms("en") == terms("zh-CN")


def test_a_title_that_is_not_translated_stays_english(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("allows =", '"title.zh-CN" = "引擎"\nallows =', 1))
    titles = {choice.title for choice in load_catalog(path, language="zh-CN").choices.values()}
    assert "引擎" in titles and len(titles) > 1
    assert "引擎" not in {choice.title for choice in load_catalog(path, language="fr").choices.values()}


@pytest.mark.parametrize(
    "line", ['"title.zh-CN" = ""', '"title.zh-CN" = 5', '"titel.zh-CN" = "x"', '"title.Chinese" = "x"']
)
def test_a_mistake_in_a_translated_title_ends_the_start(tmp_path: Path, line: str) -> None:
    with pytest.raises(CatalogError):
        load_catalog(write(tmp_path, GOOD.replace("allows =", f"{line}\nallows =", 1)))
