"""Hologres as psycopg reaches it, past the API: by an AccessKey, over TLS."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from bot.sandbox.products.members.hologres import RANKING
from bot.sandbox.ram.identity import BOT_USER_ID
from bot.sandbox.ram.seed import ACCESS_KEY_ID, OWNER_KEY_ID
from tests.bot.sandbox.products.cloud_clients import GUESSED, SECRET
from tests.bot.sandbox.products.hologres_calls import Hologres


def connect(hologres: Hologres, key: str = ACCESS_KEY_ID, **said: Any) -> psycopg.Connection[tuple[Any, ...]]:
    host, _, port = hologres.cloud.sandbox.hologres.addresses[RANKING].partition(":")
    usual = {"password": SECRET, "sslmode": "require", "dbname": "ranking", "connect_timeout": 20, "autocommit": True}
    return psycopg.connect(host=host, port=port, user=key, **{**usual, **said})


def refusal(hologres: Hologres, key: str = ACCESS_KEY_ID, **said: Any) -> str:
    with pytest.raises(psycopg.OperationalError) as caught:
        connect(hologres, key, **said).close()
    return str(caught.value).rpartition("failed: ")[2]


def test_an_access_key_is_its_own_user_in_the_database(hologres: Hologres) -> None:
    with connect(hologres) as connection:
        assert connection.execute("SELECT CURRENT_USER").fetchone() == (f"p4_{BOT_USER_ID}",)
        assert connection.pgconn.ssl_in_use
    with connect(hologres, OWNER_KEY_ID) as connection:
        assert connection.execute("SELECT CURRENT_USER").fetchone() == ("1000000000000001",)


def test_large_answers_come_whole(hologres: Hologres) -> None:
    with connect(hologres) as connection:
        assert connection.execute("SELECT repeat('x', 5000000)").fetchone() == ("x" * 5_000_000,)


def test_whoever_checks_the_certificate_has_to_be_told_to_trust_it(hologres: Hologres) -> None:
    trusted = str(hologres.cloud.sandbox.databases.certificate)
    connect(hologres, sslmode="verify-full", sslrootcert=trusted).close()
    assert "certificate verify failed" in refusal(hologres, sslmode="verify-full", sslrootcert="system")


def test_nobody_is_let_in_without_tls(hologres: Hologres) -> None:
    assert refusal(hologres, sslmode="disable") == "FATAL:  connections without SSL are not allowed"


@pytest.mark.parametrize("said", [{"password": GUESSED}, {"key": "LTAInobody"}])
def test_a_wrong_key_is_not_let_in(hologres: Hologres, said: dict[str, Any]) -> None:
    key = said.get("key", ACCESS_KEY_ID)
    assert refusal(hologres, **said) == f'FATAL:  password authentication failed for user "{key}"'


def test_somebody_who_is_no_user_of_the_instance_is_told_the_same(hologres: Hologres) -> None:
    carol = hologres.cloud.user_id("carol")
    hologres.called_by(carol)
    assert refusal(hologres, f"LTAI{carol}").startswith("FATAL:  password authentication failed")
    hologres.create(f"p4_{carol}")
    assert refusal(hologres, f"LTAI{carol}").splitlines() == [
        'FATAL:  permission denied for database "ranking"',
        "DETAIL:  User does not have CONNECT privilege.",
    ]
    hologres.grant(f"p4_{carol}", "viewer")
    with connect(hologres, f"LTAI{carol}") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO features VALUES (1)")


def test_a_database_that_does_not_exist_is_named(hologres: Hologres) -> None:
    assert refusal(hologres, dbname="nowhere") == 'FATAL:  database "nowhere" does not exist'


def test_what_is_done_there_is_seen_by_the_api_and_the_page(hologres: Hologres) -> None:
    version = hologres.cloud.sandbox.changes.version
    with connect(hologres) as connection:
        connection.execute(f'CREATE USER "{hologres.user("carol")}"')
    hologres.until(lambda: "carol" in hologres.cloud.roles("hologres", RANKING), "carol to be seen")
    hologres.until(lambda: hologres.cloud.sandbox.changes.version > version, "the page to be told")
    assert hologres.create(hologres.user("carol")).error_code == "42710"
