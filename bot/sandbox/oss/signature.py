"""Who signed a call of OSS: signature version 4, in a header (help/oss, include a V4 signature in the Authorization
header).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote, unquote

from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.signature import CLOCK_SKEW_SECONDS, SecretOf

ALGORITHM = "OSS4-HMAC-SHA256"
_HEADER = re.compile(
    rf"{ALGORITHM} Credential=(?P<key>[^/,\s]+)/(?P<date>\d{{8}})/(?P<region>[a-z0-9-]+)/oss/aliyun_v4_request"
    r"(?:, ?AdditionalHeaders=(?P<more>[a-z0-9;-]+))?, ?Signature=(?P<signature>[0-9a-f]{64})"
)


class OssCall(NamedTuple):
    """One call, as it came in."""

    method: str
    path: str
    """With the bucket first, as it stands in the request line."""
    query: str
    headers: Mapping[str, str]
    """By names in small letters."""


class OssSigner(NamedTuple):
    """Who signed, and for which region."""

    key: str
    region: str


def verify(call: OssCall, secret_of: SecretOf, now: float) -> OssSigner:
    """Raises `RamError` when it cannot be known for certain. `now`: epoch seconds of real time."""
    parts = _HEADER.fullmatch(call.headers.get("authorization", ""))
    if parts is None:
        raise RamError(403, "AccessDenied", "The Authorization header must be a signature of version 4.")
    moment = call.headers.get("x-oss-date", "")
    if call.headers.get("x-oss-content-sha256") != "UNSIGNED-PAYLOAD" or moment[:8] != parts["date"]:
        raise RamError(400, "InvalidArgument", "x-oss-date and x-oss-content-sha256 must be there and fit.")
    if abs(_epoch(moment) - now) > CLOCK_SKEW_SECONDS:
        raise RamError(
            403, "RequestTimeTooSkewed", "The difference between the request time and the server's is too large."
        )
    try:
        secret = secret_of(parts["key"], call.headers.get("x-oss-security-token", ""))
    except RamError:
        raise RamError(
            403, "InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records."
        ) from None
    scope = f"{parts['date']}/{parts['region']}/oss/aliyun_v4_request"
    text = "\n".join([ALGORITHM, moment, scope, hashlib.sha256(_canonical(call, parts["more"]).encode()).hexdigest()])
    key = f"aliyun_v4{secret}".encode()
    for piece in (*scope.split("/"), text):
        key = hmac.new(key, piece.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(key.hex(), parts["signature"]):
        raise RamError(
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
        )
    return OssSigner(parts["key"], parts["region"])


def _canonical(call: OssCall, more: str | None) -> str:
    pairs = sorted(pair.partition("=")[::2] for pair in call.query.split("&") if pair)
    signed = {"content-type", "content-md5", *(more or "").split(";")} - {""}
    headers = sorted(
        (name, value) for name, value in call.headers.items() if name in signed or name.startswith("x-oss-")
    )
    return "\n".join(
        [
            call.method,
            quote(unquote(call.path), safe="/"),
            "&".join(f"{name}={value}" if value else name for name, value in pairs),
            "".join(f"{name}:{value.strip()}\n" for name, value in headers),
            more or "",
            "UNSIGNED-PAYLOAD",
        ]
    )


def _epoch(moment: str) -> float:
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise RamError(400, "InvalidArgument", "x-oss-date is no date.") from None
