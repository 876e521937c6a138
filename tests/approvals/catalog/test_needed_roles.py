"""A role that needs another one brings it, on the stricter terms of both; and where that can be."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.catalog.model import Catalog
from approvals.catalog.resources import load_resources
from approvals.entitlements import member_role
from approvals.errors import CatalogError
from approvals.millis import DAY, HOUR
from approvals.operations.terms import ApprovalTerms, narrowed
from approvals.refusals.catalog import NotThere
from approvals.refusals.decision import PartNeedsOther
from bot.check.samples.records import request
from tests.harness.products.hologres import without_hologres

PLACES = """
[products.hologres]
sslmode = "require"
[projects.ranking]
hologres = "hgprecn-cn-a"
hologres_database = "hgprecn-cn-a/ranking"
[projects.search]
hologres = "hgprecn-cn-b"
"""
GOOD = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
USER = member_role("hologres", "hgprecn-cn-a", "normal")
VIEWER = member_role("hologres_database", "hgprecn-cn-a/ranking", "viewer")


def loaded(folder: Path, catalog: str = GOOD, places: str = PLACES) -> Catalog:
    (folder / "terms.toml").write_text(catalog, "utf-8")
    (folder / "resources.toml").write_text(places, "utf-8")
    return load_catalog(folder / "terms.toml", load_resources(folder / "resources.toml"))


def test_a_permission_is_asked_for_with_its_user_who_comes_first(tmp_path: Path) -> None:
    catalog = loaded(tmp_path)
    assert catalog.resolve("hologres-viewer@ranking").entitlements == (USER, VIEWER)
    assert catalog.resolve("hologres-user@ranking").entitlements == (USER,)
    assert catalog.needs.get(VIEWER) == USER and catalog.needs.get(USER) is None


def test_no_permission_is_without_its_user_although_the_catalogue_says_nothing_of_them_any_more(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, without_hologres(GOOD))
    assert catalog.find("hologres-viewer@ranking") is None
    assert catalog.needs.get(VIEWER) == USER and catalog.needs.get(USER) is None


def test_its_terms_are_the_stricter_of_both(tmp_path: Path) -> None:
    user = '[roles.hologres-user]\nproduct = "hologres"\ncode = "normal"\ntitle = "Hologres user"\n'
    at = GOOD.index(user)
    strict = GOOD[at:].replace('default = "30d"\nlongest = "180d"', 'default = "2h"\nlongest = "7d"', 1)
    item = loaded(tmp_path, GOOD[:at] + strict).resolve("hologres-viewer@ranking")
    assert (item.default, item.longest) == (2 * HOUR, 7 * DAY)


def test_where_there_is_no_database_there_is_no_permission_to_ask_for(tmp_path: Path) -> None:
    catalog = loaded(tmp_path)
    assert catalog.find("hologres-user@search") is not None
    with pytest.raises(NotThere):
        catalog.resolve("hologres-viewer@search")


def test_neither_is_approved_where_the_other_is_needed_and_left_out(tmp_path: Path) -> None:
    catalog = loaded(tmp_path)
    asked = request(catalog, "hologres-viewer@ranking")
    with pytest.raises(PartNeedsOther):
        narrowed(asked, ApprovalTerms((VIEWER,)), catalog)
    assert narrowed(asked, ApprovalTerms((USER,)), catalog).parts == (USER,)


def test_a_bundle_has_it_in_every_project_that_has_a_place_for_it(tmp_path: Path) -> None:
    catalog = loaded(tmp_path)
    assert catalog.resolve("engine-engineer@ranking").entitlements[-2:] == (USER, VIEWER)
    assert catalog.resolve("engine-engineer@search").entitlements[-1] == member_role(
        "hologres", "hgprecn-cn-b", "normal"
    )


def test_where_no_project_has_a_place_for_it_the_bundle_is_as_it_was(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, places='[projects.ranking]\npai = "20001"\n')
    assert [each.name for each in catalog.resolve("engine-engineer").entitlements] == [
        "PaiRecEngineAccess",
        "PaiRecMonitorAccess",
    ]


MISTAKES = [
    ('needs = "hologres-user"', 'needs = "nobody"', "roles.hologres-viewer.needs", "Hologres database is within"),
    ('needs = "hologres-user"', 'needs = "flink-editor"', "roles.hologres-viewer.needs", "is within"),
    ('needs = "hologres-user"', 'needs = "hologres-developer"', "roles.hologres-viewer.needs", "is within"),
    (
        '[roles.hologres-user]\nproduct = "hologres"',
        '[roles.hologres-user]\ngranted = false\nproduct = "hologres"',
        "roles.hologres-viewer.needs",
        "roles.hologres-user is not given",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "said"), MISTAKES, ids=[new for _, new, _, _ in MISTAKES])
def test_what_needs_something_that_cannot_be_is_a_mistake(
    tmp_path: Path, old: str, new: str, place: str, said: str
) -> None:
    assert old in GOOD
    with pytest.raises(CatalogError) as caught:
        loaded(tmp_path, GOOD.replace(old, new, 1))
    assert place in str(caught.value) and said in str(caught.value)


PLACED_WRONG = [
    ('"hgprecn-cn-a/ranking"', '"hgprecn-cn-b/ranking"', "projects.ranking.hologres_database", "must begin with"),
    ('hologres = "hgprecn-cn-a"\n', "", "projects.ranking.hologres_database", "must begin with"),
    ('"hgprecn-cn-a/ranking"', '"hgprecn-cn-a/a b"', "projects.ranking.hologres_database", "no id of a"),
    ('"hgprecn-cn-b"', '"other"', "projects.search.hologres", "no id of a Hologres instance"),
    ('"require"', '"disable"', "products.hologres.sslmode", "one of require, verify-ca, verify-full"),
    ('"require"', '"prefer"', "products.hologres.sslmode", "one of require, verify-ca, verify-full"),
    ("[products.hologres]", "[products.hologres_database]", "products.hologres_database", "products.hologres, which"),
]


@pytest.mark.parametrize(("old", "new", "place", "said"), PLACED_WRONG, ids=[new for _, new, _, _ in PLACED_WRONG])
def test_a_place_that_cannot_be_is_named(tmp_path: Path, old: str, new: str, place: str, said: str) -> None:
    with pytest.raises(CatalogError) as caught:
        loaded(tmp_path, places=PLACES.replace(old, new, 1))
    assert place in str(caught.value) and said in str(caught.value)
