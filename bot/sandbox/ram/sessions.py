"""Roles that somebody has assumed: keys that hold for a while, and only together with their security token."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.oidc import OidcProvider

PREFIX = "STS."


@dataclass(frozen=True, slots=True)
class Session:
    """`ends`: epoch seconds of real time."""

    key: str
    secret: str = field(repr=False)
    security_token: str = field(repr=False)
    ends: float
    role_arn: str
    role_id: str
    role_name: str
    name: str


class Sessions:
    """Of one account; safe to use from several threads."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        """`real` gives real time in epoch seconds: like signatures, sessions do not follow a moved clock."""
        self.real = real
        self.providers: dict[str, OidcProvider] = {}
        """By ARN: whose tokens roles may be assumed with."""
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def begin(self, role_arn: str, role_id: str, role_name: str, name: str, seconds: int) -> Session:
        """A session of a role, with keys of its own, that ends after so many seconds of real time."""
        key, ends = PREFIX + secrets.token_hex(12), float(int(self.real()) + seconds)
        token = "CAIS" + secrets.token_urlsafe(96)
        session = Session(key, secrets.token_urlsafe(33), token, ends, role_arn, role_id, role_name, name)
        with self._lock:
            self._sessions[key] = session
        return session

    def find(self, key: str) -> Session | None:
        """The session of an access key, also one that has ended; None for a key that is no session's."""
        with self._lock:
            return self._sessions.get(key)

    def secret_of(self, session: Session, security_token: str) -> str:
        """Raises `RamError` 400 unless they hold together (common error codes of the API gateway)."""
        if not security_token:
            raise RamError(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.")
        if not hmac.compare_digest(security_token.encode("utf-8", "surrogateescape"), session.security_token.encode()):
            message = "Specified SecurityToken mismatch with the AccessKey."
            raise RamError(400, "InvalidSecurityToken.MismatchWithAccessKey", message)
        if session.ends <= self.real():
            raise RamError(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
        return session.secret
