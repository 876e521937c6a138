"""The file of workspaces and projects: what an alias stands for, and every mistake named with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.catalog.resources import load_resources, products
from approvals.errors import CatalogError

GOOD = """
default = "ranking"

[products.maxcompute]
account = "1000000000000001"

[projects.ranking]
title = "Ranking"
mode = "standard"
dataworks = "10001"
maxcompute = "ranking"
pai = "20001"

[projects.search]
mode = "basic"
maxcompute = "search"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "resources.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_alias_stands_for_a_place_in_each_product_that_it_names(tmp_path: Path) -> None:
    found = load_resources(write(tmp_path, GOOD))
    ranking, search = found.projects["ranking"], found.projects["search"]
    assert ranking.title == "Ranking" and search.title == "search", "without a title it is called by its alias"
    assert ranking.places == {"dataworks": "10001", "maxcompute": "ranking_dev", "pai": "20001"}
    assert ranking.main["maxcompute"] == "ranking", "in standard mode people develop in a project of their own"
    assert search.places == {"maxcompute": "search"}
    assert found.default == "ranking" and found.options["maxcompute"] == {"account": "1000000000000001"}


def test_the_file_that_the_documents_show_is_taken_as_it_stands(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "using.md").read_text("utf-8")
    shown = page.partition("```toml\n")[2].partition("```")[0]
    found = load_resources(write(tmp_path, shown))
    assert found.projects["ranking"].places == {
        "dataworks": "10001",
        "maxcompute": "ranking_dev",
        "pai": "20001",
        "flink": "a14bd5d90a4dbe/ranking-default",
        "hologres": "hgprecn-cn-0ju1a2b3c4d",
        "hologres_database": "hgprecn-cn-0ju1a2b3c4d/ranking",
    }


def test_of_two_aliases_for_one_place_the_first_is_shown(tmp_path: Path) -> None:
    found = load_resources(write(tmp_path, GOOD + '\n[projects.ads]\npai = "20001"\n'))
    assert found.places("pai")["20001"].alias == "ranking"


def test_without_a_file_there_are_no_projects() -> None:
    assert not load_resources(None).projects


MISTAKES = [
    # what is written instead of what, where the mistake is, and what is said of it
    ('default = "ranking"', 'default = "nowhere"', "default", "no project 'nowhere'; one of ranking, search"),
    ('default = "ranking"', "default = 1", "default", "valid string"),
    ('default = "ranking"', 'standard = "ranking"', "standard", "the keys there are default, products, projects"),
    ("[products.maxcompute]", "[products.nowhere]", "products.nowhere", f"the products are {', '.join(products())}"),
    ("[products.maxcompute]", "[products.Nowhere]", "products.Nowhere", "[a-z][a-z_]{1,19}"),
    ('account = "1000000000000001"', "", "products.maxcompute.account", "is missing; MaxCompute needs it"),
    ('account = "1000000000000001"', "account = 1", "products.maxcompute.account", "valid string"),
    ('account = "1000000000000001"', 'account = ""', "products.maxcompute.account", "one line, not empty"),
    ("[projects.ranking]", '[projects."a b"]', "projects.a b", "[A-Za-z0-9_-]{1,40}"),
    ("[projects.search]", "[projects.RANKING]", "projects", "two aliases differ only in case"),
    ('dataworks = "10001"', 'dataworks = "ranking"', "projects.ranking.dataworks", "no id of a DataWorks workspace"),
    ('dataworks = "10001"', "dataworks = 10001", "projects.ranking.dataworks", "valid string"),
    ('dataworks = "10001"', 'dataworks = "0"', "projects.ranking.dataworks", "no id of a DataWorks workspace"),
    ('pai = "20001"', 'pai = "2000l"', "projects.ranking.pai", "no id of a PAI workspace (found '2000l')"),
    ('maxcompute = "ranking"', 'maxcompute = "a-b"', "projects.ranking.maxcompute", "no id of a MaxCompute project"),
    ('maxcompute = "ranking"', 'maxcompute = "../x"', "projects.ranking.maxcompute", "no id of a MaxCompute project"),
    ('mode = "standard"', 'mode = "dev"', "projects.ranking.mode", "must be one of basic, standard (found 'dev')"),
    ('mode = "basic"\n', "", "projects.search.mode", "is missing; MaxCompute needs it: one of basic, standard"),
    ('maxcompute = "search"', 'redis = "search"', "projects.search.redis", "title, mode, dataworks, maxcompute"),
    ('maxcompute = "search"', "", "projects.search", "names no place; name one of dataworks, maxcompute, pai"),
    (GOOD[GOOD.index("[projects.ranking]") :], "", "projects", "is missing; the keys there are default, products"),
    (GOOD[GOOD.index("[projects.ranking]") :], "[projects]", "projects", "at least 1"),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "allowed"), MISTAKES, ids=[f"{place}: {allowed}" for _, _, place, allowed in MISTAKES]
)
def test_a_mistake_is_named_with_its_file_its_place_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, place: str, allowed: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(CatalogError) as refused:
        load_resources(path)
    text = str(refused.value)
    assert text.startswith(f"{path}: {place}: ") and allowed in text
    assert "\n" not in text


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_resources(tmp_path / "nowhere.toml")
    with pytest.raises(CatalogError, match=r"is not TOML: .*line 2"):
        load_resources(write(tmp_path, "\ndefault = = 1"))
