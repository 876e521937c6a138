"""PAI-Rec's own API, as its SDK is answered: who is let in, what is listed, and what is reached."""

from __future__ import annotations

from typing import Any

import pytest
from alibabacloud_pairecservice20221213 import models

from bot.sandbox.products.state import INSTANCE
from tests.bot.sandbox.products.cloud_clients import GUESSED, Cloud, refused, sent

LISTS = "ListInstanceResources"


def listed(client: Any, kind: str | None = "OSS", instance: str = INSTANCE) -> list[str]:
    body = client.list_instance_resources(instance, models.ListInstanceResourcesRequest(type=kind)).body
    return [each.uri for each in body.resources]


def checked(client: Any, kind: str, uri: str | None = None) -> list[tuple[str, str]]:
    request = models.CheckInstanceResourcesRequest(type=kind, uri=uri)
    body = client.check_instance_resources(INSTANCE, request).body
    return [(each.uri, each.status) for each in body.resources]


def test_a_right_key_is_answered(cloud: Cloud) -> None:
    assert listed(cloud.pairec()) == ["oss://pairec-workshop-models"]


@pytest.mark.parametrize("call", [listed, lambda client: checked(client, "OSS")], ids=["a read", "a check"])
def test_a_wrong_secret_is_refused(cloud: Cloud, call: Any) -> None:
    error = refused(lambda: call(cloud.pairec(GUESSED)))
    assert (error.code, error.status_code) == ("SignatureDoesNotMatch", 400)


def test_an_unknown_access_key_is_refused(cloud: Cloud) -> None:
    error = refused(lambda: listed(cloud.pairec(key="LTAInobody")))
    assert (error.code, error.status_code) == ("InvalidAccessKeyId.NotFound", 404)


def test_a_refusal_is_pai_recs_own_and_not_rams(cloud: Cloud) -> None:
    error = refused(lambda: listed(cloud.pairec(GUESSED)))
    assert error.data["HostId"] == "pairecservice.cn-hangzhou.aliyuncs.com"
    assert "product=PaiRecService" in error.data["Recommend"]


def test_an_instance_that_does_not_exist_is_not_found(cloud: Cloud) -> None:
    error = refused(lambda: listed(cloud.pairec(), instance="pairec-cn-gone"))
    assert (error.code, error.status_code) == ("InstanceNotFound", 404)


def test_without_a_type_every_resource_is_listed(cloud: Cloud) -> None:
    assert len(listed(cloud.pairec(), kind=None)) == 9


def test_an_instance_says_that_it_runs(cloud: Cloud) -> None:
    body = cloud.pairec().get_instance(INSTANCE, models.GetInstanceRequest()).body
    assert (body.instance_id, body.status) == (INSTANCE, "Running")


def test_a_check_without_a_type_is_refused(cloud: Cloud) -> None:
    error = refused(lambda: checked(cloud.pairec(), ""))
    assert (error.code, error.status_code) == ("MissingType", 400)


def test_a_check_of_one_address_answers_for_that_one_alone(cloud: Cloud) -> None:
    client = cloud.pairec()
    assert checked(client, "OSS", "oss://pairec-workshop-models") == [("oss://pairec-workshop-models", "Success")]
    assert checked(client, "OSS", "oss://another") == []


def test_a_resource_that_is_cut_off_answers_failure_and_the_others_success(cloud: Cloud) -> None:
    cloud.turn("oss.connection", broken=True)
    client = cloud.pairec()
    assert checked(client, "OSS") == [("oss://pairec-workshop-models", "Failure")]
    assert checked(client, "SLS") == [("sls://pairec-workshop/engine", "Success")]


def test_a_caller_can_be_made_to_lack_an_action_of_pai_rec(cloud: Cloud) -> None:
    cloud.sandbox.ram_faults.add({"action": LISTS, "fault": "no_permission"})
    error = refused(lambda: listed(cloud.pairec()))
    assert (error.code, error.status_code) == ("NoPermission", 403)
    assert error.access_denied_detail["AuthAction"] == f"pairec:{LISTS}"


def test_parameters_that_are_not_utf_8_are_refused_and_break_nothing(cloud: Cloud) -> None:
    address = cloud.address("PAIREC_SERVICE_ENDPOINT")
    status, text = sent(address, f"/api/v1/instances/{INSTANCE}/resources?Type=%ff")
    assert (status, '"Code": "InvalidParameter"' in text) == (400, True)
