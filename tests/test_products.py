"""Each product of products.toml has all that belongs to it, wherever that has to stand."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from approvals.catalog.resources import products
from bot.sandbox.products.members import stand_ins
from tests.harness.products.case import ProductCase
from tests.harness.products.cases import ALL_CASES

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "part",
    [
        "bot/cloud/members/{}.py",
        "bot/cloud/members/{}.toml",
        "bot/sandbox/products/members/{}.py",
        "tests/harness/products/{}.py",
        "bot/ram_policy/members-{}.json",
    ],
)
@pytest.mark.parametrize("product", products())
def test_every_product_has(product: str, part: str) -> None:
    path = part.format(product)
    assert (ROOT / path).is_file(), f"{product} is in products.toml, and there is no {path}"


@pytest.mark.parametrize("product", products())
def test_every_product_has_a_role_in_the_catalogue(product: str) -> None:
    named = {role["product"] for role in toml("approvals/catalog/catalog.toml")["roles"].values()}
    assert product in named, f"{product} is in products.toml, and no role in catalog.toml is of it"


@pytest.mark.parametrize("product", products())
def test_the_sdk_of_every_product_is_in_the_extra_that_brings_them(product: str) -> None:
    extra = toml("pyproject.toml")["project"]["optional-dependencies"]["members"]
    sdk = stand_ins()[product].sdk
    brought = {canonicalize_name(Requirement(line).name) for line in extra}
    assert canonicalize_name(sdk) in brought, f"the extra `members` in pyproject.toml does not bring {sdk}"


def test_no_two_stand_ins_are_told_apart_by_one_version() -> None:
    services = {id(each.service): each.service for each in stand_ins().values()}
    versions = [each.version for each in services.values()]
    assert len(set(versions)) == len(versions), "the sandbox would serve one of them alone"


@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_the_bots_policy_lets_it_do_what_every_product_needs(case: ProductCase) -> None:
    part = f"bot/ram_policy/members-{case.product}.json"
    policy = json.loads((ROOT / part).read_text("utf-8"))
    allowed = [action for statement in policy["Statement"] for action in statement["Action"]]
    for action in {case.joins, case.adds, case.takes, case.leaves, case.reads, case.lists}:
        assert f"{case.prefix}:{action}" in allowed, f"{part} does not allow it"


def toml(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text("utf-8"))
