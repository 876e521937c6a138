"""Member roles and bundles with them in the catalogue: one item for each project, and every mistake named."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.catalog.resources import Resources, load_resources, products
from approvals.entitlements import member_role
from approvals.errors import CatalogError, Refusal
from approvals.millis import DAY, HOUR
from approvals.refusals.catalog import InNoProject, NotThere, ProjectMissing, UnknownItem, UnknownProject

PLACES = """
[products.maxcompute]
account = "1000000000000001"
[projects.ranking]
mode = "standard"
dataworks = "10001"
maxcompute = "ranking"
pai = "20001"
[projects.search]
mode = "basic"
dataworks = "10002"
maxcompute = "search"
"""
GOOD = files("approvals.catalog").joinpath("catalog.toml").read_text("utf-8")
BUNDLE = """policies = ["PaiRecDataManagementAccess", "PaiRecMonitorAccess"]
roles = ["dataworks-developer", "maxcompute-developer", "pai-algorithm-developer", "flink-editor"]
roles_if_there = ["hologres-user", "hologres-viewer"]"""


@pytest.fixture
def places(tmp_path: Path) -> Resources:
    path = tmp_path / "resources.toml"
    path.write_text(PLACES, "utf-8")
    return load_resources(path)


def write(folder: Path, text: str) -> Path:
    path = folder / "terms.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_role_can_be_asked_for_in_every_project_that_has_a_place_in_its_product(places: Resources) -> None:
    catalog = load_catalog(None, places)
    assert set(catalog.choices["dataworks-developer"].items) == {"ranking", "search"}
    pai = catalog.choices["pai-algorithm-developer"]
    assert set(pai.items) == {"ranking"} and pai.lacking == {"search": "PAI"}
    assert catalog.resolve("dataworks-developer@search").entitlements == (
        member_role("dataworks", "10002", "role_project_dev"),
    )
    assert catalog.resolve("maxcompute-developer@ranking").entitlements == (
        member_role("maxcompute", "ranking_dev", "role_project_dev"),
    )


def test_without_projects_there_are_no_roles_and_bundles_are_of_policies_alone() -> None:
    catalog = load_catalog()
    assert catalog.roles == ()
    assert [each.name for each in catalog.resolve("algorithm-engineer").entitlements] == [
        "PaiRecDataManagementAccess",
        "PaiRecMonitorAccess",
    ]


def test_a_bundle_with_roles_has_the_strictest_terms_of_all_that_is_in_it(tmp_path: Path, places: Resources) -> None:
    strict = GOOD.replace('default = "30d"\nlongest = "180d"', 'default = "2h"\nlongest = "7d"', 1)
    bundle = load_catalog(write(tmp_path, strict), places).resolve("algorithm-engineer@ranking")
    assert (bundle.default, bundle.longest, bundle.approvals) == (2 * HOUR, 7 * DAY, 1)
    assert len(bundle.entitlements) == 5


def test_a_role_of_a_bundle_may_be_in_one_project_always(tmp_path: Path, places: Resources) -> None:
    fixed = GOOD.replace(BUNDLE, 'roles = ["dataworks-developer@search", "pai-algorithm-developer"]')
    bundle = load_catalog(write(tmp_path, fixed), places).resolve("algorithm-engineer@ranking")
    assert set(bundle.entitlements) == {
        member_role("dataworks", "10002", "role_project_dev"),
        member_role("pai", "20001", "PAI.AlgoDeveloper"),
    }


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("dataworks-developer", ProjectMissing),
        ("dataworks-developer@nowhere", UnknownProject),
        ("pai-algorithm-developer@search", NotThere),
        ("algorithm-engineer@SEARCH", NotThere),
        ("PaiRecEngineAccess@ranking", InNoProject),
        ("business-analyst@ranking", InNoProject),
        ("nothing@ranking", UnknownItem),
        ("@ranking", UnknownItem),
        ("", UnknownItem),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_its_reason(places: Resources, typed: str, why: type[Refusal]) -> None:
    catalog = load_catalog(None, places)
    with pytest.raises(Refusal) as refused:
        catalog.resolve(typed)
    assert type(refused.value) is why and catalog.find(typed) is None


@pytest.mark.parametrize(
    "typed", ["DataWorks-Developer@Ranking", "dataworks developer@ranking ", " dataworks-developer@ranking"]
)
def test_a_role_is_found_by_name_or_title_in_any_case(places: Resources, typed: str) -> None:
    assert load_catalog(None, places).resolve(typed).name == "dataworks-developer@ranking"


def test_which_role_comes_with_which_is_known_for_each_project(places: Resources) -> None:
    catalog = load_catalog(None, places)
    assert catalog.implied_by == {
        member_role("maxcompute", "ranking_dev", "role_project_dev"): member_role(
            "dataworks", "10001", "role_project_dev"
        ),
        member_role("maxcompute", "search", "role_project_dev"): member_role("dataworks", "10002", "role_project_dev"),
    }


OPERATOR = 'product = "dataworks"\ncode = "role_project_pe"'
MISTAKES = [
    # what is written instead of what, where the mistake is, and what is said of it
    (
        OPERATOR,
        'product = "nowhere"\ncode = "x"',
        "roles.dataworks-operator.product",
        f"one of {', '.join(products())}",
    ),
    (OPERATOR, 'code = "role_project_pe"', "roles.dataworks-operator.product", "is missing; the keys there are title"),
    (OPERATOR, 'product = "dataworks"\ncode = "a/b"', "roles.dataworks-operator.code", "[A-Za-z0-9_.-]{1,64}"),
    (OPERATOR, 'product = "dataworks"\ncode = ""', "roles.dataworks-operator.code", "[A-Za-z0-9_.-]{1,64}"),
    (OPERATOR, f"{OPERATOR}\nroles = 1", "roles.dataworks-operator.roles", "not a known key"),
    (OPERATOR, f'{OPERATOR}\ncomes_with = "nothing"', "roles.dataworks-operator.comes_with", "of another product"),
    (OPERATOR, f'{OPERATOR}\ncomes_with = "dataworks-developer"', "dataworks-operator.comes_with", "another product"),
    ("[roles.dataworks-operator]", "[roles.PAIRECENGINEACCESS]", "roles.PAIRECENGINEACCESS", "taken by another"),
    ("[bundles.engine-engineer]", "[bundles.DataWorks-Operator]", "bundles.DataWorks-Operator", "taken by another"),
    (BUNDLE, "", "bundles.algorithm-engineer", "names nothing; it needs policies, roles or both"),
    (BUNDLE, "policies = []\nroles = []", "bundles.algorithm-engineer", "names nothing"),
    (BUNDLE, 'roles = ["algorithm-engineer"]', "bundles.algorithm-engineer.roles.0", "a bundle cannot name itself"),
    (BUNDLE, 'roles = ["algorithm-engineer@ranking"]', "bundles.algorithm-engineer.roles.0", "cannot name itself"),
    (
        BUNDLE,
        'roles = ["dataworks-devel"]',
        "algorithm-engineer.roles.0",
        "no role 'dataworks-devel'; one of dataworks-",
    ),
    (BUNDLE, 'roles = ["business-analyst"]', "algorithm-engineer.roles.0", "no role 'business-analyst'; one of"),
    (BUNDLE, 'policies = ["dataworks-developer"]', "algorithm-engineer.policies.0", "no policy 'dataworks-developer'"),
    (
        BUNDLE,
        'roles = ["pai-algorithm-developer", "pai-algorithm-developer"]',
        "algorithm-engineer.roles",
        "a role twice",
    ),
    (
        BUNDLE,
        'roles = ["pai-algorithm-developer@search"]',
        "algorithm-engineer.roles.0",
        "PAIREC_RESOURCES has no such",
    ),
    (BUNDLE, 'roles = ["pai-algorithm-developer@nowhere"]', "algorithm-engineer.roles.0", "PAIREC_RESOURCES has no"),
    (BUNDLE, 'roles = ["a@b@c"]', "bundles.algorithm-engineer.roles.0", "should match pattern"),
    (BUNDLE, f"roles = {[f'role-{n}' for n in range(11)]}", "bundles.algorithm-engineer.roles", "at most 10"),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "allowed"), MISTAKES, ids=[f"{place}: {allowed}" for _, _, place, allowed in MISTAKES]
)
def test_a_mistake_is_named_with_its_file_its_place_and_what_is_allowed(
    tmp_path: Path, places: Resources, old: str, new: str, place: str, allowed: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(CatalogError) as refused:
        load_catalog(path, places)
    text = str(refused.value)
    assert text.startswith(f"{path}: ") and f"{place}: " in text and allowed in text
    assert "\n" not in text


def test_a_bundle_of_roles_alone_is_not_offered_while_there_is_no_project(tmp_path: Path) -> None:
    path = tmp_path / "terms.toml"
    path.write_text(
        GOOD
        + '\n[bundles.publisher]\ntitle = "Publisher"\nallows = "Publish."\nroles = ["dataworks-deployer@ranking"]\n',
        "utf-8",
    )
    assert "publisher" not in load_catalog(path).choices


def test_two_roles_may_not_be_the_same_on_different_terms(tmp_path: Path) -> None:
    path = tmp_path / "terms.toml"
    path.write_text(GOOD.replace('code = "role_project_pe"', 'code = "role_project_dev"'), "utf-8")
    with pytest.raises(
        CatalogError, match=r"roles\.dataworks-operator\.code: is the code of roles\.dataworks-developer"
    ):
        load_catalog(path)
