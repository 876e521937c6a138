"""The sandbox's OSS is as strict as OSS: who signed what, for which region and when."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.sandbox.oss.signature import OssCall, OssSigner, verify
from bot.sandbox.ram.errors import RamError

oss = pytest.importorskip("alibabacloud_oss_v2")

KEY, SECRET = "LTAI5tEXAMPLE", "a-secret-of-somebodys"
PATH = "/pairec-access-anchors/pairec/00000001.json"


def secret_of(key: str, _: str) -> str:
    if key != KEY:
        raise RamError(404, "InvalidAccessKeyId.NotFound", "none")
    return SECRET


def signed(**changed: Any) -> OssCall:
    """As the SDK of OSS signs it."""
    from alibabacloud_oss_v2.signer.v4 import SignerV4
    from alibabacloud_oss_v2.types import Credentials, HttpRequest, SigningContext

    headers = {"x-oss-forbid-overwrite": "true", "content-type": "application/json"}
    request = HttpRequest("PUT", f"http://127.0.0.1:1{PATH}?prefix=a%2Fb&worm", headers=headers)
    context = SigningContext(
        product="oss",
        region="cn-hangzhou",
        bucket="pairec-access-anchors",
        key="pairec/00000001.json",
        request=request,
        credentials=Credentials(KEY, SECRET),
    )
    SignerV4().sign(context)
    named = {name.lower(): value for name, value in request.headers.items() if value is not None}
    return OssCall("PUT", PATH, "worm&prefix=a%2Fb", named)._replace(**changed)


def test_what_the_sdk_signs_is_believed() -> None:
    assert verify(signed(), secret_of, time.time()) == OssSigner(KEY, "cn-hangzhou")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"method": "DELETE"}, "SignatureDoesNotMatch"),
        ({"path": "/another-bucket/pairec/00000001.json"}, "SignatureDoesNotMatch"),
        ({"query": "prefix=b&worm"}, "SignatureDoesNotMatch"),
    ],
)
def test_what_was_changed_on_the_way_is_not(changed: dict[str, str], code: str) -> None:
    with pytest.raises(RamError, match=code):
        verify(signed(**changed), secret_of, time.time())


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("x-oss-forbid-overwrite", "false", "SignatureDoesNotMatch"),
        ("content-type", "text/plain", "SignatureDoesNotMatch"),
        ("authorization", "OSS LTAI5tEXAMPLE:c2lnbmF0dXJl", "AccessDenied"),
        ("x-oss-date", "20200101T000000Z", "InvalidArgument"),
        ("x-oss-content-sha256", "", "InvalidArgument"),
    ],
)
def test_a_header_that_was_changed_is_not_either(name: str, value: str, code: str) -> None:
    call = signed()
    with pytest.raises(RamError, match=code):
        verify(call._replace(headers={**call.headers, name: value}), secret_of, time.time())


def test_what_was_signed_a_quarter_of_an_hour_ago_is_refused() -> None:
    with pytest.raises(RamError, match="RequestTimeTooSkewed"):
        verify(signed(), secret_of, time.time() + 960)


def test_another_key_is_refused() -> None:
    call = signed()
    header = call.headers["authorization"].replace(KEY, "LTAI5tANOTHER")
    with pytest.raises(RamError, match="InvalidAccessKeyId"):
        verify(call._replace(headers={**call.headers, "authorization": header}), secret_of, time.time())
