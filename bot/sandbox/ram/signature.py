"""Who signed this request? Both signature versions of Alibaba Cloud, checked in full.

ACS3-HMAC-SHA256 (the `Authorization` header) and the older HMAC-SHA1 (everything in the parameters). A signature is
computed over the decoded parameters encoded again in the one canonical way, so it does not matter how a client spelt
them on the way here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import quote

from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.nonces import Nonces
from bot.sandbox.ram.wire import RpcRequest

CLOCK_SKEW_SECONDS = 900.0
ACS3 = "ACS3-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    r"(?P<algorithm>\S+)\s+Credential=(?P<key>[^,\s]+)\s*,\s*"
    r"SignedHeaders=(?P<signed>[^,\s]+)\s*,\s*Signature=(?P<signature>[^,\s]+)"
)


SecretOf = Callable[[str, str], str]
"""The secret of an access key id, given the security token that came with it, or an empty one; raises `RamError`."""


def verify(request: RpcRequest, secret_of: SecretOf, real_now: float, nonces: Nonces) -> str:
    """The access key id that signed; raises `RamError` when it cannot be known for certain.

    `real_now`: epoch seconds of real time. The nonce is used up only by a request
    whose signature holds, so that nobody else can burn it.
    """
    if request.authorization:
        key, nonce = _verify_acs3(request, secret_of, real_now)
    else:
        key, nonce = _verify_v1(request, secret_of, real_now)
    if not nonces.use(key, nonce, real_now):
        raise nonce_used()
    return key


def nonce_used() -> RamError:
    """What the second delivery of one call gets."""
    return RamError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")


def _verify_acs3(request: RpcRequest, secret_of: SecretOf, real_now: float) -> tuple[str, str]:
    parts = _AUTHORIZATION.fullmatch(request.authorization)
    if parts is None or parts["algorithm"] != ACS3:
        raise _incomplete(f"The Authorization header must be an {ACS3} signature.")
    secret = secret_of(parts["key"], request.header("x-acs-security-token"))
    signed = parts["signed"].lower().split(";")
    _must_be_signed(request, signed)
    _check_time(request.header("x-acs-date"), real_now)
    nonce = _present(request.header("x-acs-signature-nonce"), "x-acs-signature-nonce")
    payload = hashlib.sha256(request.body).hexdigest()
    claimed = request.header("x-acs-content-sha256") or payload
    canonical = _acs3_request(request, signed, payload)
    text = f"{ACS3}\n{hashlib.sha256(canonical.encode('utf-8', 'surrogateescape')).hexdigest()}"
    wanted = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    if not (_same(claimed.lower(), payload) and _same(parts["signature"], wanted)):
        raise _mismatch(
            "Specified signature does not match our calculation."
            f" server StringToSign is [{text}] server CanonicalRequest is [{canonical}]"
        )
    return parts["key"], nonce


def _must_be_signed(request: RpcRequest, signed: list[str]) -> None:
    """What this site acts upon has to be covered, or somebody on the way could have changed it."""
    for name in ("x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-security-token"):
        if name in request.headers and name not in signed:
            raise _incomplete(f"The header {name} must be among the signed headers.")


def _acs3_request(request: RpcRequest, signed: list[str], payload: str) -> str:
    headers = "".join(f"{name}:{','.join(sorted(request.headers.get(name, ())))}\n" for name in sorted(signed))
    parts = [request.method, request.path, _canonical(request.query), headers, ";".join(sorted(signed)), payload]
    return "\n".join(parts)


def _verify_v1(request: RpcRequest, secret_of: SecretOf, real_now: float) -> tuple[str, str]:
    params = request.params
    key = params.get("AccessKeyId", "")
    if not key:
        raise RamError(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.")
    secret = secret_of(key, params.get("SecurityToken", ""))
    if params.get("SignatureMethod", "").upper() != "HMAC-SHA1" or params.get("SignatureVersion") != "1.0":
        raise _incomplete("SignatureMethod must be HMAC-SHA1 and SignatureVersion 1.0.")
    _check_time(params.get("Timestamp", ""), real_now)
    nonce = _present(params.get("SignatureNonce", ""), "SignatureNonce")
    # Clients differ in whether they send empty parameters such as SignatureType, but what they send, they sign.
    unsigned = [(name, value) for name, value in params.items() if name != "Signature"]
    text = f"{request.method}&%2F&{_encode(_canonical(unsigned))}"
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    if not _same(params.get("Signature", ""), base64.b64encode(digest).decode()):
        # Clients compare what follows the colon with what they signed, to tell a wrong secret from a wrong signature.
        raise _mismatch(f"Specified signature is not matched with our calculation. server string to sign is:{text}")
    return key, nonce


def _canonical(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(pairs))


def _encode(text: str) -> str:
    return quote(text, safe="~")


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def _present(value: str, name: str) -> str:
    if not value:
        raise _incomplete(f"{name} is mandatory for this action.")
    return value


def _check_time(stamp: str, real_now: float) -> None:
    try:
        moment = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        message = "Specified time stamp or date value is not well formatted."
        raise RamError(400, "InvalidTimeStamp.Format", message) from error
    if abs(real_now - moment) > CLOCK_SKEW_SECONDS:
        raise RamError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


def _incomplete(message: str) -> RamError:
    return RamError(400, "IncompleteSignature", message)


def _mismatch(message: str) -> RamError:
    """A character that is not UTF-8 cannot be in an answer."""
    plain = message.encode("utf-8", "replace").decode()
    return RamError(400, "SignatureDoesNotMatch", plain)
