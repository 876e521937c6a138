"""Signed requests built by hand, so that a test can bend any part of one. Written apart from the site's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

FORM = "application/x-www-form-urlencoded"


@dataclass
class Raw:
    """One request as it goes over the wire."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def send(self, address: str) -> tuple[int, str]:
        """The status and the body's text."""
        connection = http.client.HTTPConnection(address, timeout=10)
        try:
            connection.request(self.method, self.target, self.body, self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def code(self, address: str) -> tuple[int, str]:
        """The status and RAM's code, `ok` for a call that was carried out."""
        status, text = self.send(address)
        return status, json.loads(text).get("Code", "ok")


def stamp(seconds_from_now: float = 0.0) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds_from_now))


def percent(pairs: dict[str, str]) -> str:
    return "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(pairs.items()))


def acs3(
    address: str,
    key: str,
    secret: str,
    action: str,
    query: dict[str, str],
    *,
    method: str = "POST",
    form: dict[str, str] | None = None,
    date: str | None = None,
    nonce: str | None = None,
    extra: dict[str, str] | None = None,
    unsigned: tuple[str, ...] = (),
) -> Raw:
    """ACS3-HMAC-SHA256, signing only `host` and `x-acs-*`, without those named in `unsigned`."""
    body = urlencode(form).encode() if form else b""
    headers = {
        "host": address,
        "x-acs-action": action,
        "x-acs-version": "2015-05-01",
        "x-acs-date": date or stamp(),
        "x-acs-signature-nonce": nonce or uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        **(extra or {}),
    }
    names = sorted(name for name in headers if name not in unsigned)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    signed = ";".join(names)
    text = f"{method}\n/\n{percent(query)}\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
    digest = f"ACS3-HMAC-SHA256\n{hashlib.sha256(text.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), digest.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"ACS3-HMAC-SHA256 Credential={key}, SignedHeaders={signed}, Signature={signature}"
    if form:
        headers["content-type"] = FORM
    return Raw(method, f"/?{percent(query)}", headers, body)


def v1(key: str, secret: str, action: str, params: dict[str, Any], *, method: str = "GET") -> Raw:
    """HMAC-SHA1 over all parameters: in the query for GET, in a form for POST. None leaves a parameter out."""
    everything = {
        "Action": action,
        "Version": "2015-05-01",
        "Format": "JSON",
        "Timestamp": stamp(),
        "SignatureNonce": uuid.uuid4().hex,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "AccessKeyId": key,
        **params,
    }
    sent = {name: value for name, value in everything.items() if value is not None}
    text = f"{method}&%2F&{quote(percent(sent), safe='~')}"
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    sent["Signature"] = base64.b64encode(digest).decode()
    if method == "GET":
        return Raw("GET", f"/?{percent(sent)}")
    return Raw("POST", "/", {"content-type": FORM}, urlencode(sent).encode())
