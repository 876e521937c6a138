"""Every kind of check is registered, asks for what it judges, and finds only what it declares."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module

import pytest

from approvals.catalog.load import load_catalog
from approvals.catalog.resources import Project, Resources
from approvals.findings import CheckState
from approvals.millis import DomainMillis
from approvals.people import Principal
from approvals.status import checks
from approvals.status.checks import unseen
from approvals.status.checks.kind import CheckKind, check_name
from approvals.status.checks.registry import KINDS, result_named, results
from approvals.status.plan import load_plan
from approvals.status.reads import Answer, CloudReads
from approvals.status.seen import PolicySummary, ResourceSeen, RoleSeen, TenantRoleSeen

NOW = DomainMillis(1_795_514_400_000)
NAMESPACE = "a14bd5d90a4dbe/ranking-default"
PLACES = {"dataworks": "10001", "maxcompute": "ranking", "pai": "20001", "flink": NAMESPACE}
PLAN = load_plan(
    load_catalog(resources=Resources({"ranking": Project("ranking", "Ranking", PLACES, PLACES)})),
    training_project="dev",
    tunnel_group="dts",
    instances=("pairec-1",),
    projects=("ranking_dev",),
    places={"flink": [NAMESPACE]},
)


class EmptyAccount:
    """CloudReads of an account that has nothing at all."""

    def role(self, name: str) -> Answer[RoleSeen | None]:
        return lambda: None

    def role_with_documents(self, name: str) -> Answer[RoleSeen | None]:
        return lambda: None

    def policy(self, name: str) -> Answer[PolicySummary]:
        return lambda: PolicySummary(None)

    def resources(self, instance: str, kind: str) -> Answer[Sequence[ResourceSeen] | None]:
        return lambda: None

    def tenant_role(self, project: str, name: str) -> Answer[TenantRoleSeen | None]:
        return lambda: None

    def project_property(self, project: str, name: str) -> Answer[str | None]:
        return lambda: None

    def project_owner(self, project: str) -> Answer[str | None]:
        return lambda: None

    def own_roles(self, product: str, places: Collection[str]) -> Answer[Mapping[str, str]]:
        return dict

    def members_with(self, product: str, place: str, role: str) -> Answer[Collection[str]]:
        return tuple

    def holders(self, items: Sequence[str]) -> Answer[Sequence[Principal]]:
        return tuple


READS: CloudReads = EmptyAccount()


def test_every_kind_that_there_is_a_file_of_is_registered() -> None:
    modules = [import_module(f"{checks.__name__}.{each.name}") for each in pkgutil.iter_modules(checks.__path__)]
    declared = [module.KIND for module in modules if hasattr(module, "KIND")]
    assert len(declared) > 7 and set(declared) == set(KINDS), "approvals/status/checks/registry.py names them"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.ask.__module__.rpartition(".")[2])
def test_a_kind_has_rows_and_judges_what_it_asks_for(kind: CheckKind) -> None:
    rows = [row for row in PLAN.rows if kind in row.kinds]
    assert rows, "PLAN above has nothing that its rows go by"
    for row in rows:
        check = check_name(row, kind)
        found = kind.ask(row.name, PLAN.terms, READS)(check, NOW)
        assert found.check == check and found.result in kind.results


def test_a_stored_word_means_one_thing_in_all_kinds() -> None:
    declared = {*unseen.RESULTS, *(result for kind in KINDS for result in kind.results)}
    assert len({result.word for result in declared}) == len(declared)
    assert all(result_named(result.word) == result for result in declared)
    assert set(results()) == declared


def test_no_two_checks_have_one_name() -> None:
    names = [check for row in PLAN.rows for check in row.checks]
    assert len(set(names)) == len(names)


def test_nothing_is_concluded_from_a_result_that_a_newer_program_stored() -> None:
    assert result_named("of tomorrow").state is CheckState.UNKNOWN
