"""Roles that belong to a service: made with one call, and changed by nobody in the account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models

from bot.sandbox.ram.actions.roles import SERVICE_ROLES
from bot.sandbox.ram.state import PolicyTarget
from tests.bot.sandbox.ram.ram_calls import ENGINE, refused
from tests.bot.sandbox.ram.ram_world import World

SERVICE, (ROLE, POLICY) = next(iter(SERVICE_ROLES.items()))
OWN = {"policy_type": "System", "policy_name": POLICY}
ENGINE_ROLE = "AliyunPAIRecEASRole"
ATTACH, DETACH = ("attach_policy_to_role", "AttachPolicyToRole"), ("detach_policy_from_role", "DetachPolicyFromRole")


def create(world: World, service: str = SERVICE) -> Any:
    request = models.CreateServiceLinkedRoleRequest(service_name=service)
    return world.ram().create_service_linked_role(request).body.role


def change(world: World, call: tuple[str, str], role: str, **policy: str) -> None:
    method, action = call
    getattr(world.ram(), method)(getattr(models, f"{action}Request")(role_name=role, **policy))


def held(world: World, role: str) -> list[str]:
    listed = world.ram().list_policies_for_role(models.ListPoliciesForRoleRequest(role_name=role)).body
    return [policy.policy_name for policy in listed.policies.policy]


@pytest.fixture
def without(world: World) -> World:
    """An account in which PAI-Rec has no role yet."""

    def forget(state: Any, _: float) -> None:
        role = state.roles.pop(ROLE)
        state.attachments = {
            pair: at for pair, at in state.attachments.items() if pair[0] != PolicyTarget("role", role.role_id)
        }

    world.account.write(forget)
    return world


def test_a_service_linked_role_is_created_with_its_policy(without: World) -> None:
    create(without)
    assert held(without, ROLE) == [POLICY]


def test_a_new_service_linked_role_is_one_and_trusts_its_service(without: World) -> None:
    made = create(without)
    assert (made.role_name, made.is_service_linked_role) == (ROLE, True)
    role = without.ram().get_role(models.GetRoleRequest(role_name=ROLE)).body.role
    trusted = json.loads(role.assume_role_policy_document)["Statement"][0]["Principal"]
    assert (role.is_service_linked_role, trusted) == (True, {"Service": [SERVICE]})


def test_its_creation_is_in_the_accounts_log(without: World) -> None:
    create(without)
    last = without.account.log()[-1]
    assert (last.action, last.result) == ("CreateServiceLinkedRole", "ok")


def test_a_second_creation_is_refused_and_changes_nothing(world: World) -> None:
    before = world.account.read()
    error: Any = refused(lambda: create(world))
    assert (error.code, error.status_code) == ("EntityAlreadyExists.Role", 409)
    assert world.account.read() is before


def test_a_role_of_that_name_which_somebody_made_stands_in_the_way(without: World) -> None:
    trust = json.dumps({"Version": "1", "Statement": []})
    without.ram().create_role(models.CreateRoleRequest(role_name=ROLE.lower(), assume_role_policy_document=trust))
    assert refused(lambda: create(without)).code == "EntityAlreadyExists.Role"


@pytest.mark.parametrize(
    ("service", "code"),
    [("nobody.aliyuncs.com", "InvalidParameter.ServiceName"), ("", "MissingServiceName")],
)
def test_a_service_without_a_role_of_its_own_gets_none(world: World, service: str, code: str) -> None:
    error: Any = refused(lambda: create(world, service))
    assert (error.code, error.status_code) == (code, 400)


@pytest.mark.parametrize(("call", "policy"), [(ATTACH, ENGINE), (DETACH, OWN)], ids=["attach", "detach"])
def test_nobody_in_the_account_changes_what_a_service_linked_role_has(
    world: World, call: tuple[str, str], policy: dict[str, str]
) -> None:
    error: Any = refused(lambda: change(world, call, ROLE, **policy))
    assert (error.code, error.status_code) == ("NoPermission", 403)
    assert held(world, ROLE) == [POLICY]


def test_a_service_linked_role_is_not_deleted_like_others(world: World) -> None:
    error: Any = refused(lambda: world.ram().delete_role(models.DeleteRoleRequest(role_name=ROLE)))
    assert error.status_code == 409
    assert ROLE in world.account.read().roles


@pytest.mark.parametrize(
    ("call", "role", "code"),
    [
        (ATTACH, "Nobody", "EntityNotExist.Role"),
        (DETACH, "Nobody", "EntityNotExist.Role"),
        (DETACH, ENGINE_ROLE, "EntityNotExist.Role.Policy"),
    ],
)
def test_what_a_role_does_not_have_cannot_be_changed(world: World, call: tuple[str, str], role: str, code: str) -> None:
    error: Any = refused(lambda: change(world, call, role, **ENGINE))
    assert (error.code, error.status_code) == (code, 404)


def test_a_policy_that_a_role_has_is_not_attached_again(world: World) -> None:
    change(world, ATTACH, ENGINE_ROLE, **ENGINE)
    error: Any = refused(lambda: change(world, ATTACH, ENGINE_ROLE, **ENGINE))
    assert (error.code, error.status_code) == ("EntityAlreadyExists.Role.Policy", 409)
    assert held(world, ENGINE_ROLE) == ["PaiRecDataManagementAccess", "PaiRecEngineAccess"]
