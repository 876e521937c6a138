"""SQL straight to an instance's database, over TLS, and what each refusal of it means."""

from __future__ import annotations

import dataclasses
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config

from approvals.errors import CloudError, CloudErrorKind
from approvals.own_codes import OwnCode
from bot.cloud.members import ProductConnection, connect
from bot.cloud.members.hologres_direct import DirectSql
from bot.egress import Egress
from bot.sandbox.products.members.hologres import RANKING, SEARCH
from bot.sandbox.ram.seed import ACCESS_KEY_ID, OWNER_KEY_ID
from bot.sandbox.server import Sandbox
from tests.bot.cloud.members.member_products import SECRET

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(access_key_secret=SECRET) as sandbox:
        for instance in (RANKING, SEARCH):
            # Nobody waits three seconds for a connection.
            sandbox.hologres.started(instance, sandbox.membership.read())
        yield sandbox


def credentials(key: str = ACCESS_KEY_ID, secret: str = SECRET) -> Credentials:
    return Credentials(Config(type="access_key", access_key_id=key, access_key_secret=secret))


def known_at(sandbox: Sandbox) -> ProductConnection:
    endpoint = sandbox.env()["PAIREC_SERVICE_ENDPOINT"]
    return ProductConnection(credentials(OWNER_KEY_ID), "cn-hangzhou", endpoint, sandbox.hologres.addresses)


def rows(
    sandbox: Sandbox, sql: str = "SELECT CURRENT_USER", *, database: str = "ranking", **said: str
) -> list[tuple[str, ...]]:
    direct = DirectSql(credentials(**said), Egress(), "require")
    return direct.rows(sandbox.hologres.addresses[RANKING], database, sql, [])


def refused(sandbox: Sandbox, **said: str) -> tuple[CloudErrorKind, str | None]:
    with pytest.raises(CloudError) as caught:
        rows(sandbox, **said)
    return caught.value.kind, caught.value.code


def test_the_key_is_its_own_user_there(sandbox: Sandbox) -> None:
    assert rows(sandbox) == [("p4_200000000000009999",)]


@pytest.mark.parametrize("said", [{"secret": "guessed"}, {"key": "LTAInobody"}])
def test_a_wrong_key_or_one_of_nobody_there_is_told_so(sandbox: Sandbox, said: dict[str, str]) -> None:
    assert refused(sandbox, **said) == (CloudErrorKind.REFUSED, OwnCode.NO_LOGIN)


def test_a_database_that_is_not_there_is_no_place(sandbox: Sandbox) -> None:
    assert refused(sandbox, database="nowhere") == (CloudErrorKind.NO_PLACE, "3D000")


def test_a_table_that_one_may_not_read_is_a_permission(sandbox: Sandbox) -> None:
    sandbox.switches.turn("instance.superuser", broken=True)
    try:
        assert refused(sandbox, sql="SELECT 1") == (CloudErrorKind.NO_PERMISSION, "42501"), "no right to connect"
        assert refused(sandbox, database="postgres", sql="CREATE USER somebody")[0] is CloudErrorKind.NO_PERMISSION
    finally:
        sandbox.switches.turn("instance.superuser", broken=False)


def test_nobody_is_trusted_who_is_not_known_where_the_certificate_is_checked(sandbox: Sandbox) -> None:
    address = sandbox.hologres.addresses[RANKING]
    checking = DirectSql(credentials(), Egress(), "verify-full")
    with pytest.raises(CloudError) as caught:
        checking.rows(address, "ranking", "SELECT 1", [])
    assert caught.value.kind is CloudErrorKind.SILENT
    trusting = Egress(ca_file=sandbox.databases.certificate)
    assert DirectSql(credentials(), trusting, "verify-full").rows(address, "ranking", "SELECT 1", []) == [("1",)]


@pytest.mark.parametrize("sslmode", ["verify-ca", "verify-full"])
def test_whom_the_machine_trusts_is_trusted_where_it_keeps_them_in_a_folder(
    sandbox: Sandbox, sslmode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, address = sandbox.databases.certificate, sandbox.hologres.addresses[RANKING]
    shutil.copy(certificate, tmp_path / "0a1b2c3d.0")
    machines = ssl.get_default_verify_paths()._replace(cafile="", capath=str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: machines)
    direct = DirectSql(credentials(), Egress(), sslmode)
    for _ in range(2):
        assert direct.rows(address, "ranking", "SELECT 1", []) == [("1",)]
    assert DirectSql(credentials(), Egress(ca_file=tmp_path), sslmode).rows(address, "ranking", "SELECT 1", [])


def test_where_an_address_is_named_the_users_are_read_there(
    sandbox: Sandbox,
) -> None:
    line = known_at(sandbox)
    sandbox.switches.turn("instance.statements", broken=True)
    try:
        users = connect("hologres", line)
        superusers = {sandbox.account.account_id, "200000000000009999"}
        assert {each.user.user_id for each in users.members(RANKING)} == {"200000000000000007", *superusers}
        assert {each.user.user_id for each in users.members(SEARCH)} == superusers
        by_api = connect("hologres", dataclasses.replace(line, options={}))
        with pytest.raises(CloudError) as caught:
            by_api.members(RANKING)
        assert caught.value.code == OwnCode.SQL_NOT_ENABLED
    finally:
        sandbox.switches.turn("instance.statements", broken=False)


@pytest.mark.parametrize(("what", "meant"), [("stopped", OwnCode.INSTANCE_STOPPED), ("deleted", None)])
def test_an_instance_that_does_not_answer_is_looked_at(sandbox: Sandbox, what: str, meant: OwnCode | None) -> None:
    users = connect("hologres", known_at(sandbox))
    sandbox.switches.turn(f"instance.{what}", broken=True)
    try:
        with pytest.raises(CloudError) as caught:
            users.members(RANKING)
        if meant is None:
            assert caught.value.kind is CloudErrorKind.NO_PLACE
        else:
            assert caught.value.code == meant
    finally:
        sandbox.switches.turn(f"instance.{what}", broken=False)
