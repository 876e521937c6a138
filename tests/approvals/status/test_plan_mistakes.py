"""A mistake in a status plan ends the start with one line that has the file, the place and what is allowed there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from approvals.catalog.load import load_catalog
from approvals.catalog.model import Catalog
from approvals.errors import CatalogError
from approvals.status.plan import load_plan
from tests.approvals.status.plans import but, plan_file

IN_THE_FILE = "the keys there are service_role, services, engine_role, training"
IN_A_SERVICE = "the keys there are title, also, actions, resources"
IN_A_MEND = "the keys there are title, allows, approvals, expires_after"
TWO_ACTIONS = 'actions = ["oss:GetObject", "oss:PutObject"]'
OTHER_ACTIONS = 'actions = ["log:GetConfig"]'

MISTAKES = [
    # what is written instead of what, where the mistake is, and what is said of it
    ("[training]", "[coaching]", "training", f"is missing; {IN_THE_FILE}"),
    ("[services.oss]", "[boxes.oss]", "boxes", f"is not a known key; {IN_THE_FILE}"),
    ('title = "OSS"', 'titel = "OSS"', "services.oss.title", f"is missing; {IN_A_SERVICE}"),
    ('title = "OSS"', 'title = "OSS"\ncolour = "red"', "services.oss.colour", f"is not a known key; {IN_A_SERVICE}"),
    ("approvals = 2\n", "", "engine_role.mend.approvals", f"is missing; {IN_A_MEND}"),
    ("approvals = 2\n", "approvals = 2\nask = 1\n", "engine_role.mend.ask", f"is not a known key; {IN_A_MEND}"),
    ("[service_role.mend]", "[service_role.fix]", "service_role.mend", "is missing; the keys there are name, service"),
    ("approvals = 2", 'approvals = "2"', "engine_role.mend.approvals", "integer"),
    ("approvals = 2", "approvals = 6", "engine_role.mend.approvals", "less than or equal to 5"),
    ("approvals = 1", "approvals = 0", "service_role.mend.approvals", "greater than or equal to 1"),
    ('"12h"', "12", "engine_role.mend.expires_after", "a duration is text"),
    ('"24h"', '"a day"', "service_role.mend.expires_after", "'30m', '8h', '7d' or '1h30m'"),
    ('title = "OSS"', 'title = ["OSS"]', "services.oss.title", "string"),
    ('title = "OSS"', 'title = " "', "services.oss.title", "one line, not empty"),
    ('title = "OSS"', f'title = "{"x" * 61}"', "services.oss.title", "at most 60"),
    (TWO_ACTIONS, "actions = []", "services.oss.actions", "at least 1"),
    (TWO_ACTIONS, 'actions = "oss:GetObject"', "services.oss.actions", "list"),
    (OTHER_ACTIONS, 'actions = ["log:Get*"]', "services.sls.actions.0", "'log:Get*'"),
    (OTHER_ACTIONS, 'actions = ["GetConfig"]', "services.sls.actions.0", "'GetConfig'"),
    (OTHER_ACTIONS, 'actions = ["log:GetConfig", "LOG:Get"]', "services.sls.actions.1", "'LOG:Get'"),
    ('["odps:List", "odps:Usage"]', '["odps:List", "all"]', "training.grants.1", "'all'"),
    ("resources = []", 'resources = ["Log Store"]', "services.sls.resources.0", "'Log Store'"),
    ('also = ["buckets"]', 'also = ["Buckets"]', "services.oss.also.0", "'Buckets'"),
    ("[services.oss]", '[services."O S S"]', "services.O S S", "a-z0-9-"),
    ('"eas.pai.aliyuncs.com"', '"eas"', "engine_role.trusts", "'eas'"),
    ('"PaiRecDataManagementAccess"', '"PaiRec Data"', "engine_role.policy", "'PaiRec Data'"),
    ('"storage_auth_{quota}"', '"storage_auth"', "training.subscription_tenant_role", "'storage_auth'"),
    ('"storage_auth_{quota}"', '"{quota}_{name}"', "training.subscription_tenant_role", "'{quota}_{name}'"),
    ('tenant_role = "storage_auth"', 'tenant_role = ""', "training.tenant_role", "''"),
    ('tenant_role = "storage_auth"', 'tenant_role = "a; drop"', "training.tenant_role", "'a; drop'"),
    ('"odps.route.v2"', '"odps.route=1"', "training.route", "'odps.route=1'"),
    ('also = ["buckets"]', 'also = ["sls"]', "'sls' would mean both oss and sls", ""),
    ('title = "OSS"', 'title = "log service"', "'log service' would mean both oss and sls", ""),
    ('also = ["buckets"]', 'also = ["training"]', "'training' would mean both oss and tenant-role", ""),
    ('also = ["eas-role"]', 'also = ["oss"]', "'oss' would mean both oss and engine-role", ""),
    ("[services.oss]", "[services.pairecengineaccess]", "both pairecengineaccess and PaiRecEngineAccess", ""),
    ('name = "EngineRole"', 'name = "ServiceRole"', "'servicerole' would mean both service-role and engine-role", ""),
]


def refusal(path: Path, catalog: Catalog | None = None) -> str:
    with pytest.raises(CatalogError) as refused:
        load_plan(catalog or load_catalog(), path)
    text = str(refused.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("old", "new", "place", "allowed"), MISTAKES, ids=[f"{place}: {new}"[:70] for _, new, place, _ in MISTAKES]
)
def test_a_mistake_is_named_with_its_file_its_place_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, place: str, allowed: str
) -> None:
    path = plan_file(tmp_path, but(old, new))
    text = refusal(path)
    assert text.startswith(f"{path}: {place}: " if allowed else f"{path}: ") and place in text and allowed in text


@pytest.mark.parametrize("name", ["service-role", "engine-role"])
def test_a_bundle_is_not_called_like_what_authorize_asks_for(tmp_path: Path, name: str) -> None:
    catalog = load_catalog()
    bundle = replace(catalog.choices["engine-engineer"], name=name)
    path = plan_file(tmp_path)
    said = refusal(path, Catalog({**catalog.choices, name: bundle}))
    assert said == f"{path}: {name!r} is what Authorize asks for, and cannot be in the catalogue as well"


def test_an_empty_plan_is_refused(tmp_path: Path) -> None:
    assert "service_role: is missing" in refusal(plan_file(tmp_path, ""))


def test_a_plan_without_any_service_is_refused(tmp_path: Path) -> None:
    text = but("[services.oss]", "[services]\n[other.oss]").replace("[services.sls]", "[other.sls]")
    assert "services: Dictionary should have at least 1 item" in refusal(plan_file(tmp_path, text))


def test_a_line_that_is_not_toml_is_named(tmp_path: Path) -> None:
    said = refusal(plan_file(tmp_path, but('name = "ServiceRole"', "name = = 1")))
    assert "is not TOML: " in said and "line 3" in said


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.toml"
    assert refusal(path) == f"{path}: cannot be read: No such file or directory"


def test_a_plan_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert refusal(path) == f"{path}: is not UTF-8 text"
