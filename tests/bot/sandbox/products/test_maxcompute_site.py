"""MaxCompute, as PyODPS is answered: who is let in, what a tenant role may do, and a project's properties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alibabacloud_credentials.client import Client as Credentials
from odps.errors import ODPSError

from bot.cloud.clients import sts_client
from bot.cloud.rrsa import RrsaProvider
from bot.cloud.tenant import Tenants, read_grants
from bot.sandbox.products.state import PROJECT, QUOTA, ROUTE, TENANT_ROLE
from tests.bot.sandbox.products.cloud_clients import GUESSED, Cloud, sent

ROLES = "list tenant roles"
GRANTS = f"show grants for tenant role {TENANT_ROLE}"


def asked(project: Any, query: str = ROLES) -> str:
    return str(project.run_security_query(query, output_json=False))


def refusal(project: Any, query: str = ROLES) -> tuple[str, int]:
    with pytest.raises(ODPSError) as caught:
        asked(project, query)
    return caught.value.code, caught.value.status_code


def test_a_right_key_is_answered(cloud: Cloud) -> None:
    assert asked(cloud.maxcompute()) == TENANT_ROLE


def test_a_wrong_secret_is_refused(cloud: Cloud) -> None:
    assert refusal(cloud.maxcompute(GUESSED)) == ("ODPS-0410042", 401)


def test_an_unknown_access_key_is_refused(cloud: Cloud) -> None:
    assert refusal(cloud.maxcompute(key="LTAInobody")) == ("ODPS-0410051", 401)


def test_a_wrong_secret_learns_no_property_either(cloud: Cloud) -> None:
    with pytest.raises(ODPSError) as caught:
        cloud.maxcompute(GUESSED).get_property(ROUTE)
    assert caught.value.code == "ODPS-0410042"


def test_a_roles_keys_are_answered_together_with_their_security_token(cloud: Cloud, tmp_path: Path) -> None:
    told = cloud.sandbox.rrsa(tmp_path)
    pod = RrsaProvider(sts_client(cloud.address("PAIREC_RAM_ENDPOINT"), "cn-hangzhou"), told)
    tenants = Tenants(cloud.address("PAIREC_MAXCOMPUTE_ENDPOINT"), Credentials(provider=pod))
    assert tenants.role(PROJECT, TENANT_ROLE) is not None
    keys = pod.get_credentials()
    assert refusal(cloud.maxcompute(keys.get_access_key_secret(), keys.get_access_key_id())) == ("ODPS-0410051", 401)


@pytest.mark.parametrize(
    ("header", "code"),
    [({}, "ODPS-0410051"), ({"Authorization": "ODPS LTAI0SANDBOXBOTKEY:é"}, "ODPS-0410042")],
    ids=["none", "not of ASCII"],
)
def test_a_signature_that_is_none_is_refused_and_breaks_nothing(
    cloud: Cloud, header: dict[str, str], code: str
) -> None:
    address = cloud.address("PAIREC_MAXCOMPUTE_ENDPOINT")
    status, text = sent(address, f"/api/projects/{PROJECT}", header)
    assert (status, f"<Code>{code}</Code>" in text) == (401, True)


def test_a_project_that_does_not_exist_is_not_found(cloud: Cloud) -> None:
    assert refusal(cloud.maxcompute(project="gone_dev")) == ("ODPS-0420111", 404)


def test_what_a_tenant_role_may_do_can_be_read_by_the_bot(cloud: Cloud) -> None:
    assert read_grants(asked(cloud.maxcompute(), GRANTS)) == {QUOTA: frozenset({"odps:List", "odps:Usage"})}


@pytest.mark.parametrize("query", [f"{GRANTS};", GRANTS.upper().replace(TENANT_ROLE.upper(), TENANT_ROLE)])
def test_a_query_may_end_in_a_semicolon_and_be_in_any_case(cloud: Cloud, query: str) -> None:
    assert "odps:Usage" in asked(cloud.maxcompute(), query)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("show grants for tenant role nobody", ("ODPS-0420095", 404)),
        ("drop tenant role everybody", ("ODPS-0130161", 400)),
    ],
)
def test_a_query_that_cannot_be_answered_has_its_code(cloud: Cloud, query: str, code: tuple[str, int]) -> None:
    assert refusal(cloud.maxcompute(), query) == code


def test_a_projects_property_is_answered(cloud: Cloud) -> None:
    assert cloud.maxcompute().get_property(ROUTE) == "true"


def test_a_property_that_is_not_set_is_nothing(cloud: Cloud) -> None:
    assert cloud.maxcompute().get_property("odps.nothing", None) is None


def test_a_caller_can_be_made_to_lack_an_action_of_maxcompute(cloud: Cloud) -> None:
    cloud.sandbox.ram_faults.add({"action": "RunSecurityQuery", "fault": "no_permission"})
    project = cloud.maxcompute()
    assert refusal(project) == ("ODPS-0420095", 403)
    assert project.get_property(ROUTE) == "true"
