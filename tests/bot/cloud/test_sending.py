"""A write's id goes along with that call alone, although threads share their clients."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config

from approvals.entitlements import policy
from approvals.errors import CloudError
from approvals.ids import RamUserId
from approvals.people import Principal
from bot.cloud.clients import ims_client, ram_client
from bot.cloud.ram import Ram
from bot.sandbox.ram.seed import ACCESS_KEY_ID
from bot.sandbox.server import Sandbox
from tests.harness.app import ENGINE

USERS = ("carol", "dave", "erin", "frank")
SDKS_OWN = "AlibabaCloud ("
ROUNDS = 3


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = Sandbox()
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def ram(sandbox: Sandbox) -> Ram:
    secret = sandbox.account.access_keys[ACCESS_KEY_ID]
    credentials = Credentials(Config(type="access_key", access_key_id=ACCESS_KEY_ID, access_key_secret=secret))
    endpoint = sandbox.env()["PAIREC_RAM_ENDPOINT"]
    return Ram(*(make(endpoint, "cn-hangzhou", credentials) for make in (ram_client, ims_client)))


def test_threads_that_write_at_once_each_send_their_own_id_after_what_the_sdk_says_of_itself(
    sandbox: Sandbox, ram: Ram
) -> None:
    together = Barrier(len(USERS))

    def write(name: str, number: int) -> None:
        user = Principal(RamUserId(sandbox.account.read().users[name].user_id), name)

        def go(replaces: str | None = None) -> str:
            together.wait(10)
            return f"{name}-{number}"

        # RAM refuses some: what they carried is in its log all the same.
        with suppress(CloudError):
            (ram.attach if number % 2 else ram.detach)(user, policy(ENGINE), go)

    with ThreadPoolExecutor(len(USERS)) as threads:
        for number in range(1, ROUNDS + 1):
            list(threads.map(write, USERS, [number] * len(USERS)))
    log = sandbox.account.log()
    assert len(log) == ROUNDS * len(USERS)
    expected = [f"pairec-access-write/{name}-{number}" for number in range(1, ROUNDS + 1) for name in USERS]
    assert sorted(entry.user_agent.split()[-1] for entry in log) == sorted(expected)
    assert all(entry.user_agent.split()[-1].startswith(f"pairec-access-write/{entry.user}-") for entry in log)
    assert all(entry.user_agent.startswith(SDKS_OWN) for entry in log)


def test_the_receipt_has_what_ram_calls_the_write(sandbox: Sandbox, ram: Ram) -> None:
    carol = Principal(RamUserId(sandbox.account.read().users["carol"].user_id), "carol")
    given = ram.attach(carol, policy(ENGINE), lambda replaces=None: "1")
    taken = ram.detach(carol, policy(ENGINE), lambda replaces=None: "2")
    assert [given.request_id, taken.request_id] == [entry.request_id for entry in sandbox.account.log()]
