"""The status plan: what comes along is fine, and what a file of one's own says is what is looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.catalog.model import Catalog
from approvals.entitlements import role_policy, service_role
from approvals.millis import DAY, HOUR
from approvals.status.plan import StatusPlan, load_plan
from tests.approvals.status.plans import GOOD, but, plan_file

FIRST = ["oss", "container-registry", "datahub", "maxcompute", "console"]
SERVICES = [*FIRST, "featurestore", "eas", "hologres", "flink", "sls"]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def plan(catalog: Catalog, tmp_path: Path) -> StatusPlan:
    return load_plan(catalog, plan_file(tmp_path))


def test_the_plan_that_comes_along_has_a_row_for_every_service_role_policy_and_step_of_training(
    catalog: Catalog,
) -> None:
    policies = [item.name for item in catalog.policies]
    assert [row.name for row in load_plan(catalog).rows] == [
        "service-role",
        *SERVICES,
        "engine-role",
        *policies,
        "tenant-role",
        "quota-route",
    ]


def test_the_plan_that_comes_along_asks_pai_rec_of_every_service_but_featurestore(catalog: Catalog) -> None:
    terms = load_plan(catalog).terms.services
    assert [name for name in SERVICES if not terms[name].resources] == ["featurestore"]


def test_the_engines_role_is_given_what_the_catalogue_that_comes_along_has(catalog: Catalog) -> None:
    assert load_plan(catalog).terms.engine_role.policy in {item.name for item in catalog.policies}


def test_a_service_has_two_sources_and_its_actions(plan: StatusPlan) -> None:
    row = next(row for row in plan.rows if row.name == "oss")
    assert row.checks == ("oss/permission", "oss/connection")
    assert plan.terms.services["oss"].actions == ("oss:GetObject", "oss:PutObject")


@pytest.mark.parametrize("typed", ["oss", " OSS ", "Buckets"])
def test_a_row_is_found_by_its_name_its_title_and_its_other_words(plan: StatusPlan, typed: str) -> None:
    row = plan.find(typed)
    assert row is not None and row.name == "oss"


def test_a_mistyped_row_is_not_found_but_the_nearest_are_named(plan: StatusPlan) -> None:
    assert plan.find("bucket") is None
    assert plan.nearest("bucket") == ["oss"]
    assert plan.nearest("zzzzzz") == []


def test_a_mend_has_the_terms_of_the_file_and_no_end(plan: StatusPlan) -> None:
    repair = plan.repairs["engine-role"]
    assert (repair.approvals, repair.expires_after, repair.until_revoked, repair.reason) == (2, 12 * HOUR, True, True)
    assert repair.entitlements == (role_policy("PaiRecDataManagementAccess"),)


def test_the_other_mend_creates_the_services_role(plan: StatusPlan) -> None:
    repair = plan.repairs["service-role"]
    assert (repair.entitlements, repair.expires_after) == ((service_role("pairec.pai.aliyuncs.com"),), DAY)


def test_the_engines_role_may_be_named_from_outside(catalog: Catalog, tmp_path: Path) -> None:
    named = load_plan(catalog, plan_file(tmp_path), engine_role="RankerRole")
    row = named.find("rankerrole")
    assert (named.terms.engine_role.name, row and row.name) == ("RankerRole", "engine-role")
    assert named.find("EngineRole") is None


def test_pay_as_you_go_and_a_subscription_have_tenant_roles_of_their_own(catalog: Catalog, tmp_path: Path) -> None:
    path = plan_file(tmp_path)
    assert load_plan(catalog, path).terms.training.tenant_role == "storage_auth"
    assert load_plan(catalog, path, quota="ranking").terms.training.tenant_role == "storage_auth_ranking"


def test_a_catalogue_may_use_a_title_of_a_service(catalog: Catalog, tmp_path: Path) -> None:
    choice = replace(catalog.choices["PaiRecEngineAccess"], title="OSS")
    plan = load_plan(Catalog({**catalog.choices, choice.name: choice}), plan_file(tmp_path))
    row = plan.find("oss")
    assert row is not None and row.name == "oss"


def test_a_service_need_have_no_other_words(catalog: Catalog, tmp_path: Path) -> None:
    plan = load_plan(catalog, plan_file(tmp_path, but('also = ["buckets"]\n', "")))
    assert "buckets" in GOOD and plan.find("buckets") is None
