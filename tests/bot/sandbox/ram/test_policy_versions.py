"""A policy is changed as in RAM: by a new version, or by another one that counts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models

from tests.bot.sandbox.ram.ram_calls import refused
from tests.bot.sandbox.ram.ram_world import World

ENGINE = "PaiRecEngineAccess"


def document(action: str) -> str:
    return json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def changed(world: World, action: str, *, default: bool = True) -> str:
    request = models.CreatePolicyVersionRequest(
        policy_name=ENGINE, policy_document=document(action), set_as_default=default
    )
    return str(world.ram().create_policy_version(request).body.policy_version.version_id)


def now_in_force(world: World) -> tuple[str, str]:
    request = models.GetPolicyRequest(policy_name=ENGINE, policy_type="Custom")
    version = world.ram().get_policy(request).body.default_policy_version
    return version.version_id, json.loads(version.policy_document)["Statement"][0]["Action"]


def versions(world: World) -> list[tuple[str, bool]]:
    request = models.ListPolicyVersionsRequest(policy_name=ENGINE, policy_type="Custom")
    found = world.ram().list_policy_versions(request).body.policy_versions.policy_version
    return [(each.version_id, each.is_default_version) for each in found]


def test_a_new_version_counts_where_it_is_set_so(world: World) -> None:
    assert changed(world, "eas:Get*", default=False) == "v2"
    assert now_in_force(world)[0] == "v1"
    assert changed(world, "eas:List*") == "v3"
    assert now_in_force(world) == ("v3", "eas:List*")
    assert versions(world) == [("v1", False), ("v2", False), ("v3", True)]


def test_another_version_is_made_to_count_and_one_that_does_not_goes(world: World) -> None:
    changed(world, "eas:*")
    world.ram().set_default_policy_version(models.SetDefaultPolicyVersionRequest(policy_name=ENGINE, version_id="v1"))
    assert now_in_force(world)[0] == "v1"
    world.ram().delete_policy_version(models.DeletePolicyVersionRequest(policy_name=ENGINE, version_id="v2"))
    assert versions(world) == [("v1", True)]


@pytest.mark.parametrize(
    ("action", "params", "code", "status"),
    [
        ("create_policy_version", {"PolicyName": "Nothing", "PolicyDocument": document("a")}, "NotExist.Policy", 404),
        (
            "create_policy_version",
            {"PolicyName": "AliyunPAIRecFullAccess", "PolicyDocument": document("a")},
            "EntityNotExist.Policy",
            404,
        ),
        ("create_policy_version", {"PolicyName": ENGINE, "PolicyDocument": "{"}, "MalformedPolicyDocument", 400),
        ("set_default_policy_version", {"PolicyName": ENGINE, "VersionId": "v9"}, "NotExist.Policy.Version", 404),
        ("delete_policy_version", {"PolicyName": ENGINE, "VersionId": "v1"}, "DeleteConflict.Policy.Version", 409),
    ],
)
def test_ram_refuses_with_its_own_code(
    world: World, action: str, params: dict[str, Any], code: str, status: int
) -> None:
    shape = "".join(word.capitalize() for word in action.split("_"))
    request = getattr(models, f"{shape}Request")().from_map(params)
    error: Any = refused(lambda: getattr(world.ram(), action)(request))
    assert (code in error.code, error.status_code) == (True, status)


def test_there_are_five_at_most(world: World) -> None:
    for _ in range(4):
        changed(world, "eas:*", default=False)
    error: Any = refused(lambda: changed(world, "eas:*"))
    assert (error.code, error.status_code) == ("LimitExceeded.Policy.Version", 409)
