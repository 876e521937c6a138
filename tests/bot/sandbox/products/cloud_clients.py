"""What a test is given: the sandbox, and clients that reach it as they would reach Alibaba Cloud."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config
from alibabacloud_ram20150501 import models as ram
from alibabacloud_tea_openapi.utils_models import Config as ClientConfig
from odps import ODPS
from Tea.exceptions import TeaException

from bot.cloud.clients import pairec_client, ram_client
from bot.sandbox.products.state import PROJECT
from bot.sandbox.ram.seed import OWNER_KEY_ID
from bot.sandbox.server import Sandbox
from tests.harness.products.case import ProductCase

SECRET = "secret-of-the-test"
GUESSED = "guessed"
REGION = "cn-hangzhou"


@dataclass
class Cloud:
    sandbox: Sandbox

    def pairec(self, secret: str = SECRET, key: str = OWNER_KEY_ID) -> Any:
        return pairec_client(self.address("PAIREC_SERVICE_ENDPOINT"), REGION, _credentials(key, secret))

    def ram(self) -> Any:
        return ram_client(self.address("PAIREC_RAM_ENDPOINT"), REGION, _credentials(OWNER_KEY_ID, SECRET))

    def maxcompute(self, secret: str = SECRET, key: str = OWNER_KEY_ID, project: str = PROJECT) -> Any:
        """A project of it."""
        client = ODPS(key, secret, project=project, endpoint=self.address("PAIREC_MAXCOMPUTE_ENDPOINT"))
        return client.get_project(project)

    # -- members

    def client(self, case: ProductCase, secret: str = SECRET, key: str = OWNER_KEY_ID) -> Any:
        """Of a product in which people are members."""
        return case.client(self.sdk_config(key, secret))

    def user_id(self, name: str) -> str:
        return self.sandbox.account.read().users[name].user_id

    def roles(self, product: str, place: str) -> dict[str, set[str]]:
        """By the names of the members, whoever owns the account left out."""
        members = self.sandbox.membership.place(product, place).members.values()
        owner = self.sandbox.account.account_id
        return {each.name: set(each.roles) for each in members if each.user_id != owner}

    def ordered(self, **order: Any) -> None:
        self.sandbox.ram_faults.add(order)

    def shown(self) -> Any:
        """The account, as the page is told of it."""
        with urlopen(f"{self.sandbox.page_url}account", timeout=5) as answer:
            return json.load(answer)

    def sdk_config(
        self, key: str = OWNER_KEY_ID, secret: str = SECRET, *, read_ms: int = 5_000, credential: Any = None
    ) -> Any:
        scheme, _, host = self.address("PAIREC_SERVICE_ENDPOINT").partition("://")
        return ClientConfig(
            credential=credential or _credentials(key, secret),
            endpoint=host,
            protocol=scheme,
            region_id=REGION,
            connect_timeout=2_000,
            read_timeout=read_ms,
        )

    # -- and besides

    def address(self, setting: str) -> str:
        return self.sandbox.env()[setting]

    def policies_of(self, role: str) -> list[str]:
        listed = self.ram().list_policies_for_role(ram.ListPoliciesForRoleRequest(role_name=role))
        return [policy.policy_name for policy in listed.body.policies.policy]

    # -- the switches of the page

    def switches(self) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = self._switches(None)[1]
        return shown

    def broken(self) -> set[str]:
        return {each["name"] for each in self.switches() if each["broken"]}

    def turn(self, name: str, broken: bool) -> set[str]:
        """What is broken once this is."""
        status, shown = self._switches(json.dumps({"name": name, "broken": broken}).encode())
        assert status == 200, shown
        return {each["name"] for each in shown if each["broken"]}

    def refused_order(self, body: bytes) -> tuple[int, str]:
        status, said = self._switches(body)
        return status, said

    def _switches(self, body: bytes | None) -> tuple[int, Any]:
        try:
            with urlopen(Request(f"{self.sandbox.page_url}switches", body), timeout=5) as answer:
                return answer.status, json.load(answer)["switches"]
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()


def refused(call: Callable[[], Any]) -> Any:
    """The SDK's exception for a call that is expected to be refused."""
    with pytest.raises(TeaException) as caught:
        call()
    return caught.value


def reason(call: Callable[[], Any]) -> tuple[str, int]:
    """Code and status of a call that is expected to be refused."""
    error = refused(call)
    return error.code, error.status_code


def sent(address: str, target: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Status and text of the answer to a GET that no client of theirs would send."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    try:
        connection.request("GET", target, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _credentials(key: str, secret: str) -> Credentials:
    return Credentials(Config(type="access_key", access_key_id=key, access_key_secret=secret))
