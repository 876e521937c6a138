"""The training side: a tenant role with exactly its grants, and the routing of reads, each spelt out where it lacks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.sandbox.products.state import QUOTA, TENANT_ROLE
from tests.harness.app import AppHarness
from tests.harness.boards import row, status, whole

ROLE, ROUTE = "Tenant role for training", "Routing of training reads"


def test_the_tenant_role_that_is_missing_is_spelt_out(app: AppHarness) -> None:
    app.people.turn_switch("tenant-role")
    said = row(status(app, app.carol), ROLE)
    assert f"there is no tenant role `{TENANT_ROLE}`" in said
    assert f"`CREATE TENANT ROLE {TENANT_ROLE};`" in said and "`odps:List`, `odps:Usage`" in said


@pytest.mark.parametrize(
    "grants",
    [
        {QUOTA: ("odps:List", "odps:Usage", "odps:Alter")},
        {QUOTA: ("odps:List",)},
        {QUOTA: ("odps:List", "odps:Usage"), "quotas/another": ("odps:Usage",)},
        {"quotas/another": ("odps:List", "odps:Usage")},
        {},
    ],
    ids=["too much", "too little", "on another quota too", "on another quota only", "nothing"],
)
def test_a_tenant_role_that_does_not_carry_exactly_its_grants_fails(
    app: AppHarness, grants: dict[str, tuple[str, ...]]
) -> None:
    app.sandbox.call(lambda: app.sandbox.products.tenant_roles.update({TENANT_ROLE: grants}))
    said = row(status(app, app.carol), ROLE)
    assert "Failed since" in said and "should have exactly `odps:List`, `odps:Usage`" in said


def test_a_subscription_has_a_tenant_role_of_its_own(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_TRAINING_QUOTA": "ranking_quota"}, pace=10.0) as app:
        grants: dict[str, tuple[str, ...]] = {"quotas/ranking_quota": ("odps:List", "odps:Usage")}
        roles = {"storage_auth_for_pairec_ranking_quota": grants}
        app.sandbox.call(lambda: app.sandbox.products.tenant_roles.update(roles))
        said = row(whole(app.carol, status(app, app.carol)), ROLE)
    assert "`storage_auth_for_pairec_ranking_quota` has `odps:List`, `odps:Usage` on `ranking_quota`" in said


def test_routing_that_is_off_is_shown_with_the_command_to_copy(app: AppHarness) -> None:
    app.people.turn_switch("quota-route")
    said = row(status(app, app.carol), ROUTE)
    assert "off for `ranking_dev`, although it reads through `ranking_dts`" in said
    assert "`setproject odps.tunnel.enable.quota.route.v2=true;`" in said


def test_without_a_group_of_its_own_routing_is_not_needed(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_TUNNEL_GROUP": ""}, pace=10.0) as app:
        assert "not needed without a Data Transmission Service group" in row(
            whole(app.carol, status(app, app.carol)), ROUTE
        )


def test_without_a_project_nothing_is_looked_at(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_TRAINING_PROJECT": ""}, pace=10.0) as app:
        found = status(app, app.carol)
        every = whole(app.carol, found)
    assert "no project set" in row(every, ROLE) and "no project set" in row(every, ROUTE)
    assert found.plain.startswith("PAI-Rec status · all good")


def test_a_project_that_does_not_exist_is_unknown_with_maxcomputes_code(tmp_path: Path) -> None:
    with AppHarness(tmp_path, {"PAIREC_TRAINING_PROJECT": "gone_dev"}, pace=10.0) as app:
        assert "ODPS-0420111" in row(status(app, app.carol), ROLE)


@pytest.mark.parametrize(("action", "title"), [("RunSecurityQuery", ROLE), ("GetProject", ROUTE)])
def test_maxcompute_that_refuses_is_unknown_and_says_who_can_change_that(
    app: AppHarness, action: str, title: str
) -> None:
    app.people.inject_ram_fault({"action": action, "fault": "no_permission"})
    said = row(status(app, app.carol), title)
    assert "unknown, MaxCompute denies the app this read" in said
    assert "A MaxCompute administrator lets the app's RAM identity read the project" in said


def test_maxcompute_that_does_not_answer_is_no_answer(app: AppHarness) -> None:
    app.people.inject_ram_fault({"action": "RunSecurityQuery", "fault": "reset"})
    assert "no answer in 10 s" in row(status(app, app.carol), ROLE)


def test_without_pyodps_the_row_says_what_to_install(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "odps", None)
    said = row(status(app, app.carol), ROLE)
    assert "PyODPS is not installed" in said and "`pip install 'pairec-access[training]'`" in said
