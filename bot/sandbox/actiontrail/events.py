"""What ActionTrail keeps of each write, in the shape of its events (help/actiontrail, event structure), and when it
shows them. How RAM and the products write them was never seen on a live account.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.actiontrail.consoles import as_called
from bot.sandbox.ram.account import RAM, CloudAccount, WriteRecord
from bot.sandbox.ram.actions.call import stamp
from bot.sandbox.ram.actions.sts import USER
from bot.sandbox.ram.caller import BY_HAND, new_request_id
from bot.sandbox.ram.identity import BOT_USER_ID

LATE_SECONDS = 900.0
"""An event is shown so long after it (help/actiontrail, limits: about 10 minutes, at most 15)."""
KEPT_SECONDS = 90 * 86_400.0
MAX_EVENTS = 100_000
GLOBAL = frozenset({"Ram", "Ims", "ResourceManager", "Sts"})
"""Services that are in no region: their events are kept in one region for the account, and everybody else's where they
are.
"""
REGION = "cn-hangzhou"
"""Where the products are."""
HIDDEN = ("AccessKeyId", "Signature", "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp", "Format")
"""Parameters of the protocol and not of the action."""
Event = dict[str, Any]


class TrailEvents:
    """Each attempted write of an account, in the order in which they came. Safe to share between threads."""

    def __init__(self, account: CloudAccount) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._events: deque[tuple[float, Event]] = deque(maxlen=MAX_EVENTS)
        self.elsewhere = False
        """Whether they are kept in another region than the one that is asked."""
        self.lost: Callable[[Event], bool] = lambda _: False
        """Which events never come to be shown."""
        self.late_seconds: Callable[[Event], float] = lambda _: LATE_SECONDS
        account.on_write(self._note)

    def shown(self, *, of_region: bool) -> list[tuple[float, Event]]:
        """Those that are shown by now, the oldest first, each with its moment in epoch seconds. `of_region`: those of
        the products, where they are, instead of the global ones, where those are kept.
        """
        now = self._account.now()
        with self._lock:
            kept = [] if self.elsewhere else list(self._events)
        found = [
            (at, event)
            for at, event in kept
            if (event["serviceName"] not in GLOBAL) is of_region
            and now - KEPT_SECONDS <= at <= now - self.late_seconds(event)
            and not self.lost(event)
        ]
        return sorted(found, key=lambda each: each[0])

    def _note(self, write: WriteRecord, params: Mapping[str, Any]) -> None:
        if write.result.startswith("Throttling"):
            return
        called = as_called(write, params)
        if called is None:
            return
        write, params = called
        event = self._event(write, {name: value for name, value in params.items() if name not in HIDDEN})
        with self._lock:
            self._events.append((write.at, event))

    def _event(self, write: WriteRecord, params: Mapping[str, Any]) -> Event:
        by_hand = write.key == BY_HAND.key
        service = "Ims" if write.service == RAM and "UserPrincipalName" in params else write.service
        event: Event = {
            "eventId": str(uuid.uuid4()).upper(),
            "eventVersion": "1",
            "eventName": write.action,
            "eventRW": "Write",
            "eventSource": f"{service.lower()}.aliyuncs.com",
            "eventTime": stamp(write.at),
            "eventType": "ConsoleOperation" if by_hand else "ApiCall",
            "serviceName": service,
            "acsRegion": REGION,
            "requestId": write.request_id or new_request_id(),
            "requestParameters": dict(params),
            "requestParameterJson": json.dumps(dict(params), sort_keys=True, default=str),
            "sourceIpAddress": write.source_ip or "203.0.113.7",
            "userAgent": write.user_agent or ("Console" if by_hand else ""),
            "userIdentity": self._identity(write.key, by_hand),
        }
        if write.result != "ok":
            event |= {"errorCode": write.result, "errorMessage": "The call was refused."}
        return event

    def _identity(self, key: str, by_hand: bool) -> dict[str, Any]:
        account, session = self._account, self._account.sessions.find(key)
        known = account.identity_of(key)
        base = {"accountId": account.account_id} | ({} if by_hand else {"accessKeyId": key})
        if session is not None:
            role = f"{session.role_name}:{session.name}"
            return {
                **base,
                "type": "assumed-role",
                "principalId": f"{session.role_id}:{session.name}",
                "userName": role,
            }
        if known is None:
            return {**base, "type": "root-account", "principalId": account.account_id, "userName": "root"}
        names = {user.user_id: user.name for user in account.read().users.values()} | {BOT_USER_ID: USER}
        name = names.get(known.user_id, f"{USER}-watchdog")
        return {**base, "type": "ram-user", "principalId": known.user_id, "userName": name}
