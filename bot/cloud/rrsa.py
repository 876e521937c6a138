"""RRSA: a pod's OIDC token is changed at STS for the keys of a role, which last an hour (AssumeRoleWithOIDC).

STS is called like everything else, by the same proxy and certificates. The SDK has a provider for this, which takes no
certificates, and a cache that goes by its own clock, logs what it stumbles over whole, and denies keys that still hold
for a quarter of an hour when STS does not answer.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from alibabacloud_credentials.provider.refreshable import Credentials
from alibabacloud_sts20150401.models import AssumeRoleWithOIDCRequest

from approvals.errors import CloudError, CloudErrorKind
from bot.cloud.clients import STS_READS
from bot.cloud.credential_errors import NotIssued
from bot.cloud.reading import Reading
from bot.egress import refused_by_proxy

log = logging.getLogger(__name__)

ROLE, PROVIDER, TOKEN_FILE = NAMED = (
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
)
SESSION_NAME = "ALIBABA_CLOUD_ROLE_SESSION_NAME"
USUAL_SESSION = "pairec-access"
ACTION = "AssumeRoleWithOIDC"
SESSION_SECONDS = 3600
"""Seconds that are asked for: no role allows fewer at most (RAM, CreateRole, MaxSessionDuration)."""
RENEW_BEFORE_SECONDS = 15 * 60
"""Seconds before they end, so that neither a slow clock nor a while without STS lets them run out."""
RETRY_SECONDS = 5.0
"""Seconds after which STS is asked again that did not give any."""
MAX_TOKEN_CHARACTERS = 20_000


@dataclass(frozen=True)
class _Held:
    keys: Credentials
    ends: float


class RrsaProvider:
    """A provider in the SDK's sense; safe to share between threads."""

    def __init__(self, client: Any, environment: Mapping[str, str], now: Callable[[], float] = time.time) -> None:
        """STS is asked when keys are first wanted.

        Args:
            client: STS, called without a key.
            environment: the variables of the environment that `NAMED` has, and perhaps SESSION_NAME.
            now: epoch seconds of real time.
        """
        self._client = client
        self._environment = environment
        self._now = now
        self._reading = Reading("sts", STS_READS)
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._failed = NotIssued("nobody has asked STS yet", CloudError(CloudErrorKind.NO_CREDENTIALS, action=ACTION))
        self._asked = self._next = float("inf")

    def get_credentials(self) -> Credentials:
        """Keys that still hold, renewed from a quarter of an hour before they end on.

        Raises:
            NotIssued: there are none, or those that there were have ended.
        """
        with self._lock:
            # Also where the clock was put back.
            if not self._asked <= self._now() < self._next:
                self._renew()
            if self._held is not None and self._now() < self._held.ends:
                return self._held.keys
            raise NotIssued(self._failed.message, self._failed.because)

    async def get_credentials_async(self) -> Credentials:
        """The same, on a thread, since STS may have to be waited for."""
        return await asyncio.to_thread(self.get_credentials)

    def get_provider_name(self) -> str:
        """How the SDK's own provider for this is called."""
        return "oidc_role_arn"

    def _renew(self) -> None:
        self._asked = self._now()
        try:
            self._held = self._issue()
            self._next = max(self._held.ends - RENEW_BEFORE_SECONDS, self._now() + RETRY_SECONDS)
        except NotIssued as refused:
            self._failed = refused
            self._next = self._now() + RETRY_SECONDS
            if self._held is not None:
                # Without any, whoever wants them says so.
                why = {"code": refused.because.code, "ram_request_id": refused.because.request_id}
                log.warning("STS gives no further keys for the role: %s", refused, extra={"action": ACTION, **why})

    def _issue(self) -> _Held:
        request = AssumeRoleWithOIDCRequest(
            role_arn=self._environment[ROLE],
            oidcprovider_arn=self._environment[PROVIDER],
            oidctoken=self._token(),
            role_session_name=self._environment.get(SESSION_NAME) or USUAL_SESSION,
            duration_seconds=SESSION_SECONDS,
        )
        try:
            return self._reading.read(
                ACTION, lambda: self._read(self._client.assume_role_with_oidc(request).body.credentials)
            )
        except CloudError as error:
            raise NotIssued(_sentence(error), error) from None

    def _read(self, given: Any) -> _Held:
        """The keys of an answer, and when they end.

        Raises:
            ValueError: something is missing, or they have ended already.
        """
        parts = (given.access_key_id, given.access_key_secret, given.security_token)
        ends = datetime.fromisoformat(given.expiration).timestamp()
        if not all(parts) or ends <= self._now():
            raise ValueError(f"{ACTION}: the answer has no keys that hold")
        key, secret, token = parts
        return _Held(
            Credentials(
                access_key_id=key,
                access_key_secret=secret,
                security_token=token,
                provider_name=self.get_provider_name(),
            ),
            ends,
        )

    def _token(self) -> str:
        """Read anew each time, since whoever wrote it writes another one before it runs out."""
        path = self._environment[TOKEN_FILE]
        try:
            with Path(path).open(encoding="ascii") as file:
                token = file.read(MAX_TOKEN_CHARACTERS + 1).strip()
        except OSError as error:
            why = f"cannot be read ({error.strerror})"
        except ValueError:
            why = "has no OIDC token in it"
        else:
            if re.fullmatch(r"[!-~]{4,20000}", token):
                return token
            why = "has no OIDC token in it"
        raise NotIssued(
            f"{TOKEN_FILE}: {path} {why}", CloudError(CloudErrorKind.NO_CREDENTIALS, action=ACTION)
        ) from None


def _sentence(error: CloudError) -> str:
    """Which setting to look at. Codes: STS 2015-04-01, error codes."""
    code = error.code or ""
    if error.kind is CloudErrorKind.TLS_FAILED:
        return (
            "PAIREC_STS_ENDPOINT: the certificate of what answers there is not trusted;"
            " SSL_CERT_FILE names the certificate authorities that are"
        )
    if code == "AuthenticationFail.OIDCToken.Expired":
        return f"{TOKEN_FILE}: the token in it has run out, and nobody writes another one ({code})"
    if code.startswith("AuthenticationFail.OIDCToken"):
        return f"{TOKEN_FILE}: STS does not take the token in it ({code})"
    if code == "AuthenticationFail.NoPermission":
        return f"{ROLE}: the role does not trust this token, or its provider, {PROVIDER}, is not registered ({code})"
    if error.kind in (CloudErrorKind.SILENT, CloudErrorKind.THROTTLED):
        return refused_by_proxy(error.__cause__, "STS") or (
            "PAIREC_STS_ENDPOINT: STS does not answer right now; if the address is right, start again in a while"
        )
    return f"{ROLE}: STS gives no keys for it ({code})"
