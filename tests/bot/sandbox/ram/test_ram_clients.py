"""Clients of other people, unchanged, against the site: the current SDK in both signature modes, and the old one."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from alibabacloud_ims20190815 import models as ims_models
from alibabacloud_ram20150501 import models
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkram.request.v20150501.AttachPolicyToUserRequest import AttachPolicyToUserRequest
from aliyunsdkram.request.v20150501.CreateUserRequest import CreateUserRequest
from aliyunsdkram.request.v20150501.DetachPolicyFromUserRequest import DetachPolicyFromUserRequest
from aliyunsdkram.request.v20150501.ListEntitiesForPolicyRequest import ListEntitiesForPolicyRequest

from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.bot.sandbox.ram.ram_calls import ENGINE, attach, detach, holders, refused
from tests.bot.sandbox.ram.ram_world import SECRET, World

ODD_TEXT = "a+b c&d=e/f%20 ~*'() 中文 é"
BOTH_SIGNATURES = pytest.mark.parametrize("mode", [{}, {"signature_algorithm": "v2"}], ids=["acs3", "v1"])


@BOTH_SIGNATURES
def test_an_attached_policy_is_listed_and_a_detached_one_is_not(world: World, mode: dict[str, str]) -> None:
    client = world.ram(**mode)
    attach(client, "carol")
    while_attached = holders(client)
    detach(client, "carol")
    assert (while_attached, holders(client)) == (["carol", "erin"], ["erin"])


@BOTH_SIGNATURES
def test_any_character_in_a_parameter_arrives_as_it_was_sent(world: World, mode: dict[str, str]) -> None:
    client = world.ram(**mode)
    client.create_user(models.CreateUserRequest(user_name="zoe", display_name=ODD_TEXT))
    assert client.get_user(models.GetUserRequest(user_name="zoe")).body.user.display_name == ODD_TEXT


@BOTH_SIGNATURES
def test_a_refusal_carries_code_status_and_request_id(world: World, mode: dict[str, str]) -> None:
    error: Any = refused(lambda: attach(world.ram(**mode), "nobody"))
    assert (error.code, error.status_code) == ("EntityNotExist.User", 404)
    assert error.data["HostId"] == "ram.aliyuncs.com"
    assert error.request_id in error.data["Recommend"]


def test_the_longest_policy_document_fits_into_a_request(world: World) -> None:
    statement = {"Effect": "Allow", "Action": ["oss:Get*"], "Resource": "acs:oss:*:*:"}
    room = 6144 - len(json.dumps({"Version": "1", "Statement": [statement]}, ensure_ascii=False))
    statement["Resource"] = "acs:oss:*:*:" + "文" * room
    document = json.dumps({"Version": "1", "Statement": [statement]}, ensure_ascii=False)
    world.ram().create_policy(models.CreatePolicyRequest(policy_name="longest", policy_document=document))
    request = models.GetPolicyRequest(policy_type="Custom", policy_name="longest")
    assert world.ram().get_policy(request).body.default_policy_version.policy_document == document


def _old(world: World, request: Any, **params: str) -> Any:
    request.set_endpoint(world.address)
    request.set_protocol_type("http")
    for name, value in params.items():
        getattr(request, f"set_{name}")(value)
    return request


def _old_client() -> AcsClient:
    return AcsClient(ACCESS_KEY_ID, SECRET, "cn-hangzhou")


def test_the_old_sdk_attaches_lists_and_detaches(world: World) -> None:
    client = _old_client()
    policy = {"PolicyType": "Custom", "PolicyName": "PaiRecEngineAccess"}
    client.do_action_with_exception(_old(world, AttachPolicyToUserRequest(), UserName="carol", **policy))
    listed = client.do_action_with_exception(_old(world, ListEntitiesForPolicyRequest(), **policy))
    client.do_action_with_exception(_old(world, DetachPolicyFromUserRequest(), UserName="carol", **policy))
    assert [user["UserName"] for user in json.loads(listed)["Users"]["User"]] == ["carol", "erin"]
    assert holders(world.ram()) == ["erin"]


def test_the_old_sdk_may_send_any_character(world: World) -> None:
    request = _old(world, CreateUserRequest(), UserName="zoe", DisplayName=ODD_TEXT)
    _old_client().do_action_with_exception(request)
    assert world.account.read().users["zoe"].display_name == ODD_TEXT


@pytest.mark.filterwarnings("ignore:do_action")
def test_the_old_protocol_answers_in_xml_when_asked_to(world: World) -> None:
    request = _old(world, ListEntitiesForPolicyRequest(), PolicyType="Custom", PolicyName="PaiRecRamAdminAccess")
    request.set_accept_format("XML")
    answer = ElementTree.fromstring(_old_client().do_action(request))
    assert answer.tag == "ListEntitiesForPolicyResponse"
    assert [user.findtext("UserName") for user in answer.iterfind("Users/User")] == ["alice", "bob", "judy"]


def test_ims_lists_users_with_their_email_and_principal_name(world: World) -> None:
    users = world.ims().list_users(ims_models.ListUsersRequest()).body.users.user
    alice = next(user for user in users if user.display_name == "Alice Chen")
    assert alice.user_principal_name == "alice@pairec-workshop.onaliyun.com"
    assert (alice.email, alice.user_id) == ("alice@example.com", "200000000000000001")


def test_ims_basic_infos_have_no_email(world: World) -> None:
    body = world.ims().list_user_basic_infos(ims_models.ListUserBasicInfosRequest()).body
    shown = body.user_basic_infos.user_basic_info[0].to_map()
    assert shown == {
        "UserPrincipalName": "alice@pairec-workshop.onaliyun.com",
        "UserId": "200000000000000001",
        "DisplayName": "Alice Chen",
        "Status": "active",
    }


@pytest.mark.parametrize(
    "wanted", [{"user_principal_name": "dave@pairec-workshop.onaliyun.com"}, {"user_id": "200000000000000005"}]
)
def test_ims_finds_a_user_by_principal_name_or_id(world: World, wanted: dict[str, str]) -> None:
    user = world.ims().get_user(ims_models.GetUserRequest(**wanted)).body.user
    assert (user.user_name, user.user_id) == ("dave", "200000000000000005")


def test_ims_does_not_know_a_user_of_another_domain(world: World) -> None:
    request = ims_models.GetUserRequest(user_principal_name="dave@elsewhere.onaliyun.com")
    assert refused(lambda: world.ims().get_user(request)).code == "EntityNotExist.User"


def test_the_seeded_holders_and_their_dates_are_parsed_by_the_sdk(world: World) -> None:
    body = world.ram().list_entities_for_policy(models.ListEntitiesForPolicyRequest(**ENGINE)).body
    erin = body.users.user[0]
    assert (erin.user_name, erin.user_id, erin.display_name) == ("erin", "200000000000000006", "Erin Sato")
    assert erin.attach_date.endswith("Z")
    assert (body.groups.group, body.roles.role) == ([], [])


def test_the_old_sdk_tells_a_wrong_secret_from_a_wrong_signature(world: World) -> None:
    """It compares what stands behind the colon with what it signed itself."""
    client = AcsClient(ACCESS_KEY_ID, "guessed", "cn-hangzhou")
    request = _old(world, AttachPolicyToUserRequest(), UserName="carol", PolicyType="Custom", PolicyName="x")
    with pytest.raises(ServerException) as caught:
        client.do_action_with_exception(request)
    assert caught.value.get_error_code() == "InvalidAccessKeySecret"


def test_a_signature_of_something_else_is_answered_with_what_should_have_been_signed(world: World) -> None:
    error: Any = refused(lambda: attach(world.ram("guessed", signature_algorithm="v2"), "carol"))
    assert error.code == "SignatureDoesNotMatch"
    assert (
        "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&" in error.message
    )
    error = refused(lambda: attach(world.ram("guessed"), "carol"))
    assert error.code == "SignatureDoesNotMatch"
    assert "server StringToSign is [ACS3-HMAC-SHA256\n" in error.message
    assert "server CanonicalRequest is [POST\n/\nPolicyName=" in error.message
