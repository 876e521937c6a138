"""The account itself: its state with a short past, its access keys, and a log of who changed what. No HTTP here."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from bot.sandbox.ram.caller import Caller
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.identity import Identity
from bot.sandbox.ram.sessions import Sessions
from bot.sandbox.ram.state import AccountState
from bot.sandbox.ram.view import account_view

T = TypeVar("T")

LOG_LENGTH = 50
RAM = "Ram"
"""What the cloud calls this service."""
# How much of the past is kept: so long, and (about 50 MB) so many entries over all kept states.
REMEMBERED_SECONDS = 900.0
REMEMBERED_ENTRIES = 500_000


@dataclass(frozen=True, slots=True)
class WriteRecord:
    """One attempted write: at (domain time), on whom, `ok` or the code it was refused with, and the caller's part."""

    at: float
    action: str
    user: str
    policy: str
    result: str
    key: str
    user_agent: str = ""
    request_id: str = ""
    source_ip: str = ""
    service: str = RAM


class CloudAccount:
    """One Alibaba Cloud account's RAM, safe to use from several threads.

    `now` gives domain time in epoch seconds (attach and create dates); `monotonic` real seconds (how far reads lag);
    `real` real time in epoch seconds (how long sessions last).
    """

    def __init__(
        self,
        state: AccountState | None = None,
        *,
        account_id: str = "1000000000000001",
        alias: str = "pairec-workshop",
        access_keys: Mapping[str, str] | None = None,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        real: Callable[[], float] = time.time,
    ) -> None:
        self.account_id = account_id
        self.alias = alias
        self.access_keys: dict[str, str] = dict(access_keys or {})
        self.identities: dict[str, Identity] = {}
        """Whose policies the calls of an access key are judged by, or of whoever assumed the role with this ARN. A key
        that is not here is an administrator's; a role may do nothing then."""
        self.sessions = Sessions(real)
        self.now = now
        self._monotonic = monotonic
        self._lock = threading.RLock()
        first = state or AccountState()
        self._past: deque[tuple[float, AccountState]] = deque([(float("-inf"), first)])
        self._past_size = first.size()
        self._log: deque[WriteRecord] = deque(maxlen=LOG_LENGTH)
        self._listeners: list[Callable[[], None]] = []
        self._noted: list[Callable[[WriteRecord, Mapping[str, Any]], None]] = []
        self._permissions: set[tuple[str, str]] = set()

    @property
    def domain(self) -> str:
        """The part of a user principal name after the `@`."""
        return f"{self.alias}.onaliyun.com"

    def has_key(self, key: str) -> bool:
        """Whether an access key is this account's, also one of a session that has ended."""
        return key in self.access_keys or self.sessions.find(key) is not None

    def secret_of(self, key: str, security_token: str) -> str:
        """What an access key signs with; raises `RamError` for one that is not known, or does not hold like this."""
        session = self.sessions.find(key)
        if session is not None:
            return self.sessions.secret_of(session, security_token)
        if key not in self.access_keys:
            raise RamError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        if security_token:
            raise RamError(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
        return self.access_keys[key]

    def identity_of(self, key: str) -> Identity | None:
        """Whose policies the calls of an access key are judged by; None is an administrator."""
        session = self.sessions.find(key)
        if session is None:
            return self.identities.get(key)
        return self.identities.get(session.role_arn) or Identity(session.role_id, ())

    def user_id_of(self, key: str) -> str:
        """The UserId that an access key belongs to; an administrator's is the account's own."""
        identity = self.identity_of(key)
        return identity.user_id if identity else self.account_id

    def note_permission(self, action: str, resource: str) -> None:
        """Somebody used a permission that a policy gives them."""
        with self._lock:
            self._permissions.add((action, resource))

    def permissions_used(self) -> set[tuple[str, str]]:
        """Of all who are judged by policies: each action, such as `ram:GetUser`, with the ARN that it was for."""
        with self._lock:
            return set(self._permissions)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each attempted write, on the thread that made it; it must not block."""
        with self._lock:
            self._listeners.append(listener)

    def on_write(self, note: Callable[[WriteRecord, Mapping[str, Any]], None]) -> None:
        """The same, with what was attempted and its parameters."""
        with self._lock:
            self._noted.append(note)

    def read(self, seconds_ago: float = 0.0) -> AccountState:
        """The state now, or as it stood some real seconds ago. Not to be changed by the caller."""
        with self._lock:
            moment = self._monotonic() - seconds_ago
            for since, state in reversed(self._past):
                if since <= moment:
                    return state
            return self._past[0][1]

    def write(self, change: Callable[[AccountState, float], T]) -> T:
        """Apply `change(draft, now)` whole or, if it raises, not at all."""
        with self._lock:
            draft = self._past[-1][1].copy()
            result = change(draft, self.now())
            self._remember(draft)
        return result

    def _remember(self, state: AccountState) -> None:
        moment = self._monotonic()
        self._past.append((moment, state))
        self._past_size += state.size()
        while len(self._past) > 1 and (
            self._past[1][0] < moment - REMEMBERED_SECONDS or self._past_size > REMEMBERED_ENTRIES
        ):
            self._past_size -= self._past.popleft()[1].size()

    def record(
        self,
        action: str,
        params: Mapping[str, str],
        result: str,
        by: Caller,
        at: float | None = None,
        service: str = RAM,
        sent: Mapping[str, Any] | None = None,
    ) -> None:
        """Add an attempted write to the log, and tell the listeners. `at`: the domain time of what it changed;
        `service`: whose it is, by the cloud's word; `sent`: its own parameters, where `params` are others.
        """
        named = (params.get(name) for name in ("UserName", "UserPrincipalName", "GroupName", "RoleName"))
        who = next(filter(None, named), "").partition("@")[0]
        when = self.now() if at is None else at
        entry = WriteRecord(when, action, who, params.get("PolicyName", ""), result, *by, service=service)
        with self._lock:
            self._log.append(entry)
            listeners, noted = list(self._listeners), list(self._noted)
        for note in noted:
            note(entry, params if sent is None else sent)
        for listener in listeners:
            listener()

    def log(self) -> list[WriteRecord]:
        """The last 50 attempted writes, oldest first."""
        with self._lock:
            return list(self._log)

    def view(self) -> dict[str, Any]:
        """The live picture for people: policies with their holders, users, and the log. Never lagging."""
        return account_view(self.read()) | {"log": [asdict(entry) for entry in self.log()]}
