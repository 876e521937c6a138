"""Only what was signed with the right secret, now, once, is carried out."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_ram20150501 import models

from bot.sandbox.ram.seed import ACCESS_KEY_ID
from tests.bot.sandbox.ram.ram_calls import attach, refused
from tests.bot.sandbox.ram.ram_signing import Raw, acs3, stamp, v1
from tests.bot.sandbox.ram.ram_world import SECRET, World

GRANT = {"PolicyType": "Custom", "PolicyName": "PaiRecEngineAccess", "UserName": "carol"}
LOOK = {"UserName": "carol"}
BOTH_SIGNATURES = pytest.mark.parametrize("mode", [{}, {"signature_algorithm": "v2"}], ids=["acs3", "v1"])


def _acs3(world: World, action: str = "GetUser", query: dict[str, str] | None = None, **more: Any) -> Raw:
    return acs3(world.address, ACCESS_KEY_ID, SECRET, action, query if query is not None else LOOK, **more)


def _v1(action: str = "GetUser", method: str = "GET", **params: Any) -> Raw:
    return v1(ACCESS_KEY_ID, SECRET, action, {**LOOK, **params}, method=method)


def _carol_holds_nothing(world: World) -> bool:
    carol = world.account.read().users["carol"].user_id
    return all(holder.id != carol for holder, _ in world.account.read().attachments)


@BOTH_SIGNATURES
def test_a_wrong_secret_is_refused(world: World, mode: dict[str, str]) -> None:
    error: Any = refused(lambda: attach(world.ram(secret="guessed", **mode), "carol"))
    assert (error.code, error.status_code) == ("SignatureDoesNotMatch", 400)
    assert _carol_holds_nothing(world)


@BOTH_SIGNATURES
def test_an_unknown_access_key_is_refused(world: World, mode: dict[str, str]) -> None:
    error: Any = refused(lambda: attach(world.ram(key="LTAInobody", **mode), "carol"))
    assert (error.code, error.status_code) == ("InvalidAccessKeyId.NotFound", 404)


def test_a_further_access_key_can_be_given_out(world: World) -> None:
    world.account.access_keys["LTAIadmin"] = "by hand"
    attach(world.ram(key="LTAIadmin", secret="by hand"), "carol")
    assert world.account.log()[-1].key == "LTAIadmin"


@pytest.mark.parametrize("make", [_acs3, lambda world: _v1()], ids=["acs3", "v1"])
def test_a_replayed_request_is_refused(world: World, make: Any) -> None:
    request = make(world)
    assert [request.code(world.address) for _ in range(2)] == [(200, "ok"), (400, "SignatureNonceUsed")]


@pytest.mark.parametrize(
    "make", [lambda world: _acs3(world, "AttachPolicyToUser", GRANT), lambda world: _v1("AttachPolicyToUser", **GRANT)]
)
def test_a_parameter_changed_on_the_way_is_noticed(world: World, make: Any) -> None:
    request = make(world)
    request.target = request.target.replace("PaiRecEngineAccess", "PaiRecRamAdminAccess")
    assert request.code(world.address) == (400, "SignatureDoesNotMatch")
    assert _carol_holds_nothing(world)


@pytest.mark.parametrize(
    "make",
    [
        lambda world: _acs3(world, "AttachPolicyToUser", {}, form=GRANT),
        lambda world: _v1("AttachPolicyToUser", "POST", **GRANT),
    ],
)
def test_a_form_changed_on_the_way_is_noticed(world: World, make: Any) -> None:
    request = make(world)
    request.body = request.body.replace(b"carol", b"frank")
    assert request.code(world.address) == (400, "SignatureDoesNotMatch")


def test_a_parameter_added_in_an_unsigned_form_is_noticed(world: World) -> None:
    request = _acs3(world)
    request.headers["content-type"] = "application/x-www-form-urlencoded"
    request.body = b"UserName=alice"
    assert request.code(world.address) == (400, "SignatureDoesNotMatch")


def test_a_forged_request_does_not_use_up_the_nonce_of_the_real_one(world: World) -> None:
    forged = acs3(world.address, ACCESS_KEY_ID, "guessed", "GetUser", LOOK, nonce="same")
    assert forged.code(world.address) == (400, "SignatureDoesNotMatch")
    assert _acs3(world, nonce="same").code(world.address) == (200, "ok")


@pytest.mark.parametrize("seconds", [-1000, 1000])
def test_a_request_stamped_more_than_15_minutes_off_is_refused(world: World, seconds: float) -> None:
    expired = (400, "InvalidTimeStamp.Expired")
    assert _acs3(world, date=stamp(seconds)).code(world.address) == expired
    assert _v1(Timestamp=stamp(seconds)).code(world.address) == expired


def test_a_request_stamped_10_minutes_ago_is_taken(world: World) -> None:
    assert _acs3(world, date=stamp(-600)).code(world.address) == (200, "ok")


def test_a_date_in_another_format_is_refused(world: World) -> None:
    assert _acs3(world, date="yesterday").code(world.address) == (400, "InvalidTimeStamp.Format")


@pytest.mark.parametrize("header", ["x-acs-action", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"])
def test_what_decides_has_to_be_among_the_signed_headers(world: World, header: str) -> None:
    assert _acs3(world, unsigned=(header,)).code(world.address) == (400, "IncompleteSignature")


def test_an_unsigned_header_cannot_replace_the_signed_action_of_the_old_protocol(world: World) -> None:
    request = _v1()
    request.headers["x-acs-action"] = "DeleteUser"
    assert request.code(world.address) == (200, "ok")
    assert "carol" in world.account.read().users


def test_further_signed_headers_are_taken(world: World) -> None:
    request = _acs3(world, extra={"user-agent": "other  team", "accept": " application/json ", "x-acs-test": "1"})
    assert request.code(world.address) == (200, "ok")


def test_a_get_request_may_be_signed_with_acs3(world: World) -> None:
    assert _acs3(world, method="GET").code(world.address) == (200, "ok")


def test_parameters_of_query_and_form_are_taken_together(world: World) -> None:
    where = {"PolicyType": "Custom", "PolicyName": "PaiRecEngineAccess"}
    request = _acs3(world, "AttachPolicyToUser", where, form={"UserName": "carol"})
    assert request.code(world.address) == (200, "ok")
    assert not _carol_holds_nothing(world)


def test_the_old_protocol_may_send_a_form(world: World) -> None:
    assert _v1("AttachPolicyToUser", "POST", **GRANT).code(world.address) == (200, "ok")


def test_a_signed_empty_parameter_is_taken(world: World) -> None:
    assert _v1(SignatureType="", RegionId="cn-hangzhou").code(world.address) == (200, "ok")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"SignatureMethod": "HMAC-MD5"}, "IncompleteSignature"),
        ({"SignatureNonce": None}, "IncompleteSignature"),
        ({"AccessKeyId": None}, "MissingAccessKeyId"),
        ({"Timestamp": None}, "InvalidTimeStamp.Format"),
        ({"Action": None}, "InvalidParameter"),
        ({"Version": "1999-01-01"}, "InvalidParameter"),
    ],
)
def test_an_incomplete_request_is_refused(world: World, params: dict[str, Any], code: str) -> None:
    assert _v1(**params).code(world.address) == (400, code)


def test_an_unknown_action_is_refused(world: World) -> None:
    assert _acs3(world, "MakeCoffee").code(world.address) == (404, "InvalidAction.NotFound")


@pytest.mark.parametrize(
    "header",
    ["Basic YTpi", "ACS3-HMAC-SHA256 Credential=x", "ACS3-RSA-SHA256 Credential=a,SignedHeaders=host,Signature=b"],
)
def test_an_unreadable_authorization_is_refused(world: World, header: str) -> None:
    request = _acs3(world)
    request.headers["Authorization"] = header
    assert request.code(world.address) == (400, "IncompleteSignature")


def test_parameters_that_are_not_utf_8_are_refused(world: World) -> None:
    request = _acs3(world)
    request.target += "&Comments=%ff%fe"
    assert request.code(world.address) == (400, "InvalidParameter")


def test_a_request_without_any_signature_is_answered_in_xml(world: World) -> None:
    status, text = Raw("GET", "/?Action=ListUsers&Version=2015-05-01").send(world.address)
    assert (status, "<Code>MissingAccessKeyId</Code>" in text) == (400, True)


def test_signing_does_not_follow_the_clock_of_the_account(world: World) -> None:
    year = 365 * 86400.0
    real = world.account.now
    world.account.now = lambda: real() + year
    attach(world.ram(), "carol")
    request = models.ListPoliciesForUserRequest(user_name="carol")
    attached = world.ram().list_policies_for_user(request).body.policies.policy[0].attach_date
    assert attached > stamp(year - 3600)
