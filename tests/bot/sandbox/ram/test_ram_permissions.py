"""Each call is judged by the policies of the identity that makes it; the details of a refusal are RAM's."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_ims20190815 import models as ims_models
from alibabacloud_ram20150501 import models

from approvals.policies import ruling
from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import read_document
from approvals.policies.matching import ResourcePattern
from bot.sandbox.ram.evaluator import EvaluatorVerdict, check, decide
from bot.sandbox.ram.identity import Identity, bot_identity
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.ram.ram_calls import attach, holders, refused
from tests.bot.sandbox.ram.ram_world import SECRET, World

ACCOUNT = "1000000000000001"
USER, ROLE, POLICY = (f"acs:ram:*:{ACCOUNT}:{what}" for what in ("user/carol", "role/engine", "policy/PaiRecX"))


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


OWN = {"Condition": {"StringEquals": {"ram:ServiceName": "pairec.pai.aliyuncs.com"}}}
DOCUMENTS = {
    "something else": document(allow("oss:*")),
    "everything": document(allow("*")),
    "a list": document(allow(["ram:GetUser", "ram:List*"])),
    "whatever the case": document(allow("RAM:getuser")),
    "some users": document(allow("ram:*", f"acs:ram:*:{ACCOUNT}:user/c?rol")),
    "a role in other case": document(allow("ram:*", "acs:ram:*:*:role/Engine")),
    "a user in other case": document(allow("ram:*", "acs:ram:*:*:user/Carol")),
    "all but": document({"Effect": "Allow", "NotAction": "ram:Attach*", "Resource": "*"}),
    "denied": document(allow("*"), deny("ram:AttachPolicyToUser")),
    "denied on one": document(allow("*"), deny("ram:*", USER)),
    "under a condition": document(allow("ram:CreateServiceLinkedRole", **OWN)),
    "denied under a condition": document(allow("*"), deny("ram:CreateServiceLinkedRole", **OWN)),
    "two conditions": document(
        allow("ram:*", Condition={"StringLike": {"ram:ServiceName": ["pairec.*", "x"]}, "Bool": {"acs:X": "true"}})
    ),
    "not that service": document(
        allow("ram:*", Condition={"StringNotEquals": {"ram:ServiceName": "pairec.pai.aliyuncs.com"}})
    ),
}
ACTIONS = ("ram:GetUser", "ram:AttachPolicyToUser", "ram:CreateServiceLinkedRole", "ram:ListUsers")
CONTEXTS: tuple[dict[str, str], ...] = (
    {"ram:ServiceName": "pairec.pai.aliyuncs.com"},
    {"ram:ServiceName": "pairec.pai.aliyuncs.com", "acs:X": "true"},
    {"ram:ServiceName": "other.aliyuncs.com", "acs:X": "false"},
)
SAME = {
    EvaluatorVerdict.ALLOW: ruling.PolicyVerdict.GRANTED,
    EvaluatorVerdict.IMPLICIT: ruling.PolicyVerdict.MISSING,
    EvaluatorVerdict.EXPLICIT: ruling.PolicyVerdict.DENIED,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_stand_in_and_the_bot_read_a_policy_alike_though_neither_knows_the_other(name: str) -> None:
    text = DOCUMENTS[name]
    for action, arn, given in product(ACTIONS, (USER, ROLE, POLICY), CONTEXTS):
        absent = frozenset({"acs:X"} - set(given))
        mine = ruling.rule(
            action, read_document(text), EvaluationContext(given, absent), ResourcePattern(arn, ACCOUNT)
        ).verdict
        assert mine is SAME[decide([check(text)], action, arn, given)], (action, arn, given)


def test_an_operator_that_the_stand_in_does_not_know_is_refused_and_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="IpAddress"):
        bot_identity(document(allow("*", Condition={"IpAddress": {"acs:SourceIp": "10.0.0.1"}})))


def test_the_sandboxes_bot_may_do_exactly_what_people_are_told_to_let_it_do() -> None:
    told = json.loads((Path(__file__).parents[4] / "deploy/ram-policy.json").read_text("utf-8"))
    with Sandbox() as sandbox:
        judged_by = sandbox.account.identities[ACCESS_KEY_ID].documents
    assert [json.loads(text) for text in judged_by] == [told]


# -- on the wire


@pytest.fixture
def bots_key(world: World) -> World:
    world.account.identities[ACCESS_KEY_ID] = bot_identity()
    world.account.access_keys["LTAIadmin"] = SECRET
    return world


def test_the_bots_key_does_what_it_is_for(bots_key: World) -> None:
    attach(bots_key.ram(), "carol")
    assert holders(bots_key.ram()) == ["carol", "erin"]
    users = bots_key.ims().list_users(ims_models.ListUsersRequest()).body.users.user
    assert len(users) == 7


def test_what_no_policy_allows_is_refused_the_way_that_ram_does(bots_key: World) -> None:
    identities = bots_key.account.identities
    identities[ACCESS_KEY_ID] = identities[ACCESS_KEY_ID].without("ram:CreateUser")
    error: Any = refused(lambda: bots_key.ram().create_user(models.CreateUserRequest(user_name="mallory")))
    assert (error.code, error.status_code) == ("NoPermission", 403)
    detail = error.access_denied_detail
    assert (detail["AuthAction"], detail["NoPermissionType"]) == ("ram:CreateUser", "ImplicitDeny")
    assert (detail["AuthPrincipalType"], detail["AuthPrincipalOwnerId"]) == ("SubUser", ACCOUNT)
    assert detail["AuthPrincipalDisplayName"] == bots_key.account.identities[ACCESS_KEY_ID].user_id
    assert detail["PolicyType"] == "AccountLevelIdentityBasedPolicy" and detail["EncodedDiagnosticMessage"]
    assert f"Resource: acs:ram:*:{ACCOUNT}:user/* Action: ram:CreateUser" in error.message
    assert "mallory" not in bots_key.account.read().users
    assert bots_key.account.log()[-1].result == "NoPermission"


def test_a_denial_is_told_from_a_permission_that_is_missing(bots_key: World) -> None:
    texts = (document(allow("*"), deny("ram:GetUser")),)
    bots_key.account.identities[ACCESS_KEY_ID] = Identity("1", texts)
    error: Any = refused(lambda: bots_key.ram().get_user(models.GetUserRequest(user_name="carol")))
    assert error.access_denied_detail["NoPermissionType"] == "ExplicitDeny"


@pytest.mark.parametrize(
    ("kind", "name"),
    [("System", "AliyunServiceRolePolicyForPaiRec"), ("Custom", "OtherAccess")],
    ids=["system", "other"],
)
def test_no_other_policy_than_those_named_can_be_attached_with_the_bots_key(
    bots_key: World, kind: str, name: str
) -> None:
    """Both the user and the policy have to be allowed, and the policy is looked for only after that."""
    request = models.AttachPolicyToUserRequest(policy_type=kind, policy_name=name, user_name="carol")
    error: Any = refused(lambda: bots_key.ram().attach_policy_to_user(request))
    assert (error.code, error.access_denied_detail["AuthAction"]) == ("NoPermission", "ram:AttachPolicyToUser")


@pytest.mark.parametrize(
    ("service", "code"), [("pairec.pai.aliyuncs.com", "EntityAlreadyExists.Role"), ("ecs.aliyuncs.com", "NoPermission")]
)
def test_the_bots_key_creates_the_role_of_one_service_alone(bots_key: World, service: str, code: str) -> None:
    request = models.CreateServiceLinkedRoleRequest(service_name=service)
    assert refused(lambda: bots_key.ram().create_service_linked_role(request)).code == code


def test_a_key_of_nobody_in_particular_may_do_anything(bots_key: World) -> None:
    client = bots_key.ram(key="LTAIadmin")
    client.create_user(models.CreateUserRequest(user_name="zoe"))
    assert "zoe" in bots_key.account.read().users
