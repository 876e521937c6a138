"""How the SDK raises what is the matter with the bot itself, tried with the real thing on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config
from alibabacloud_ram20150501 import models

from approvals.errors import CloudError, CloudErrorKind
from bot.cloud.clients import ram_client
from bot.cloud.errors import translated
from bot.cloud.tenant import Tenants

KEY = Credentials(Config(type="access_key", access_key_id="LTAIx", access_key_secret="secret-of-the-test"))


@contextmanager
def tls_server() -> Iterator[str]:
    """The address of a server whose certificate nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, pytest.raises(OSError):
                context.wrap_socket(connection, server_side=True).recv(1)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def trouble(address: str, credentials: Any) -> CloudError:
    client = ram_client(address, "cn-hangzhou", credentials)
    request = models.AttachPolicyToUserRequest(policy_type="Custom", policy_name="x", user_name="carol")
    with pytest.raises(CloudError) as caught, translated("AttachPolicyToUser", writes=True):
        client.attach_policy_to_user(request)
    return caught.value


def test_a_certificate_that_is_not_trusted_is_told_from_silence() -> None:
    with tls_server() as address:
        assert trouble(address, KEY).kind is CloudErrorKind.TLS_FAILED
    assert trouble("https://127.0.0.1:9", KEY).kind is CloudErrorKind.SILENT


def test_a_certificate_that_is_not_trusted_is_told_by_maxcomputes_sdk_too() -> None:
    with tls_server() as address, pytest.raises(CloudError) as caught:
        Tenants(f"{address}/api", KEY).property("ranking", "x")
    assert caught.value.kind is CloudErrorKind.TLS_FAILED


@pytest.mark.parametrize(
    "config",
    [
        {"type": "credentials_uri", "credentials_uri": "http://127.0.0.1:9/nobody"},
        {
            "type": "oidc_role_arn",
            "role_arn": "acs:ram::1:role/x",
            "oidc_provider_arn": "acs:ram::1:oidc-provider/x",
            "oidc_token_file_path": "/nowhere/token",
        },
    ],
    ids=["an issuer that is away", "a file that is not there"],
)
def test_credentials_that_cannot_be_had_are_told_from_a_cloud_that_is_silent(config: dict[str, str]) -> None:
    error = trouble("http://127.0.0.1:9", Credentials(Config(**config)))
    assert error.kind is CloudErrorKind.NO_CREDENTIALS
    assert error.__cause__ is None, "what is said of them may have parts of them in it"


def test_no_credentials_at_all_are_told_so(tmp_path: Path) -> None:
    assert trouble("http://127.0.0.1:9", None).kind is CloudErrorKind.NO_CREDENTIALS
