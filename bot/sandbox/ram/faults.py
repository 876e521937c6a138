"""Standing orders to misbehave, so that a client can be tried against the bad days of a cloud.

{"action": "AttachPolicyToUser" | "*" | "writes" | "reads" (of all but STS), "fault": one of FAULTS,
 "times": n | null (until cleared; the default), "after": skip the first n matches, "every": each nth match alone,
 "user": only calls with this UserName, "policy": only this PolicyName, "key": only this access key id,
 "product": only calls about members in this one of products.toml, "place": only this workspace or project of it,
 "seconds": ..., "status": ..., "code": ..., "message": ...,
 "done": true where the call is carried out all the same, and only its answer is another one}

{"fault": "refuse", "seconds": ...} is about no call: nobody listens meanwhile.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.ram.actions import sts
from bot.sandbox.ram.actions.table import action_names

# Each fault, what it does, and its `seconds` unless the order says otherwise.
FAULTS: dict[str, tuple[str, float]] = {
    "throttle": ("refused as throttled, to be tried again after `seconds`; 0 leaves that header out", 1.0),
    "error": ("refused with `status`, `code` and `message`", 0.0),
    "unsuccessful": ("an answer that says with `status` that it was no success, and not why", 0.0),
    "no_permission": ("refused with 403 NoPermission", 0.0),
    "html": ("a proxy's HTML page instead of an answer, with `status`", 0.0),
    "empty": ("an answer without a body, with `status`", 0.0),
    "no_code": ("somebody else's JSON instead of an answer, with `status`", 0.0),
    "twice": ("something between delivers it twice, and hands on the answer to the second: SignatureNonceUsed", 0.0),
    "repeated": ("something between makes it twice, and hands on the answer to the second", 0.0),
    "hang": ("carried out only after `seconds`, whether or not the caller still waits", 30.0),
    "drip": ("carried out, and answered a byte at a time over `seconds`", 10.0),
    "reset": ("the connection is reset and nothing done", 0.0),
    "drop_answer": ("carried out, and the connection reset instead of an answer", 0.0),
    "lag": ("a read shows the account as it was `seconds` ago", 5.0),
    "refuse": ("every connection is refused for `seconds`, as if nobody listened; it names no call", 5.0),
}
REFUSE = "refuse"
GROUPS_OF_ACTIONS = ("*", "writes", "reads")
MAX_SECONDS = 600.0
_MESSAGE = "The request processing has failed due to some unknown error."
_STATUS = {"throttle": 400, "error": 500, "html": 502, "empty": 200, "no_code": 403, "unsuccessful": 200}
_ANY_STATUS = ("html", "empty", "no_code", "unsuccessful", "error")
_MAY_BE_DONE = (*_ANY_STATUS, "throttle", "no_permission")


class BadFault(ValueError):
    """An order that cannot be followed; its text is a sentence for whoever gave it."""


@dataclass(slots=True)
class RamFault:
    """One order, with the fields that are described above. `matched`: how many calls it was about so far."""

    action: str
    fault: str
    times: int | None = None
    after: int = 0
    every: int = 1
    user: str | None = None
    policy: str | None = None
    key: str | None = None
    product: str | None = None
    place: str | None = None
    seconds: float = 0.0
    status: int = 500
    code: str = "InternalError"
    message: str = _MESSAGE
    done: bool = False
    matched: int = 0

    def covers(self, action: str, writes: bool, params: Mapping[str, str], key: str) -> bool:
        """Whether a call is of the kind that the order is about; whether it is the turn of this one, `due` says."""
        groups = () if action in sts.ACTIONS else ("*", "writes" if writes else "reads")
        if self.action not in (action, *groups):
            return False
        if self.fault == "lag" and writes:
            return False
        name = params.get("UserName") or params.get("UserPrincipalName", "").partition("@")[0]
        return (
            self.user in (None, name)
            and self.policy in (None, params.get("PolicyName"))
            and self.key in (None, key)
            and self.product in (None, params.get("Product"))
            and self.place in (None, params.get("Place"))
        )

    def due(self) -> bool:
        """Count one match; is it among those to misbehave on?"""
        self.matched += 1
        seen = self.matched - self.after
        if seen <= 0 or seen % self.every:
            return False
        return self.times is None or seen <= self.times * self.every

    def as_json(self) -> dict[str, Any]:
        """All of its fields."""
        return {name: getattr(self, name) for name in self.__slots__}


class RamFaults:
    """The orders that stand, safe to use from several threads."""

    def __init__(self, also: frozenset[str] = frozenset()) -> None:
        """`also` are actions of other products that orders may name."""
        self._also = also
        self._lock = threading.Lock()
        self._orders: list[RamFault] = []
        self._shut: Callable[[float], None] | None = None
        self._open: Callable[[], None] = lambda: None

    def set_endpoint(self, shut: Callable[[float], None], reopen: Callable[[], None]) -> None:
        """How the site's door is shut for so many seconds, and opened again before they are over."""
        self._shut, self._open = shut, reopen

    def add(self, order: object) -> RamFault:
        """Raises `BadFault`. Given in Python or read from JSON."""
        checked = _checked(order, action_names() | self._also)
        if checked.fault == REFUSE:
            if self._shut is None:
                raise BadFault("This site has no door that could be shut.")
            self._shut(checked.seconds)
            return checked
        with self._lock:
            self._orders.append(checked)
        return checked

    def clear(self) -> None:
        """Forget all orders; a site that refuses connections takes them again."""
        with self._lock:
            self._orders.clear()
        self._open()

    def standing(self) -> list[dict[str, Any]]:
        """The orders that are not used up, in JSON's types, oldest first."""
        with self._lock:
            return [order.as_json() for order in self._orders]

    def strike(self, action: str, writes: bool, params: Mapping[str, str], key: str) -> RamFault | None:
        """The first order that applies to this call. An order that is used up is forgotten."""
        with self._lock:
            for order in self._orders:
                if order.covers(action, writes, params, key) and order.due():
                    if order.times is not None and order.matched >= order.after + order.times * order.every:
                        self._orders.remove(order)
                    return order
        return None


def _checked(order: object, actions: set[str]) -> RamFault:
    if not isinstance(order, dict):
        raise BadFault("An order is a JSON object.")
    unknown = sorted(set(map(str, order)) - (set(RamFault.__slots__) - {"matched"}))
    if unknown:
        raise BadFault(f"An order has no field {', '.join(unknown)}.")
    action, fault = _text(order, "action"), _text(order, "fault")
    if fault == REFUSE:
        if set(order) - {"fault", "seconds"}:
            raise BadFault("The fault refuse takes no field but seconds.")
        return RamFault("*", REFUSE, seconds=_seconds(order, FAULTS[REFUSE][1]))
    if action is None or (action not in GROUPS_OF_ACTIONS and action not in actions):
        raise BadFault("The field action must be an action's name, writes, reads or *.")
    if fault is None or fault not in FAULTS:
        raise BadFault(f"The field fault must be one of {', '.join(FAULTS)}.")
    return RamFault(
        action=action,
        fault=fault,
        times=None if order.get("times") is None else _whole(order, "times", 1, 1_000_000),
        after=_whole(order, "after", 0, 1_000_000, 0),
        every=_whole(order, "every", 1, 1_000_000, 1),
        user=_text(order, "user"),
        policy=_text(order, "policy"),
        key=_text(order, "key"),
        product=_text(order, "product"),
        place=_text(order, "place"),
        seconds=_seconds(order, FAULTS[fault][1]),
        status=_whole(order, "status", 200 if fault in _ANY_STATUS else 400, 599, _STATUS.get(fault, 500)),
        code=_text(order, "code") or "InternalError",
        message=_text(order, "message") or _MESSAGE,
        done=_flag(order, "done", fault in _MAY_BE_DONE),
    )


def _whole(order: Mapping[str, Any], name: str, low: int, high: int, default: int | None = None) -> int:
    value = order.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadFault(f"The field {name} must be a whole number from {low} to {high}.")
    return value


def _flag(order: Mapping[str, Any], name: str, taken: bool) -> bool:
    value = order.get(name, False)
    if not isinstance(value, bool) or (value and not taken):
        raise BadFault(f"The field {name} must be true or false, and true for {', '.join(_MAY_BE_DONE)} alone.")
    return value


def _text(order: Mapping[str, Any], name: str) -> str | None:
    value = order.get(name)
    if value is not None and not isinstance(value, str):
        raise BadFault(f"The field {name} must be a text.")
    return value


def _seconds(order: Mapping[str, Any], default: float) -> float:
    value = order.get("seconds", default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadFault("The field seconds must be a number.")
    if not math.isfinite(value) or not 0 <= value <= MAX_SECONDS:
        raise BadFault(f"The field seconds must be from 0 to {MAX_SECONDS:.0f}.")
    return float(value)
