"""LookupEvents of ActionTrail 2020-07-06: what it takes, and the page of events that it answers with.

How many filters, events and days it takes: help/actiontrail, LookupEvents; the codes: its API's metadata.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.actiontrail.events import KEPT_SECONDS, Event, TrailEvents
from bot.sandbox.ram.actions.call import stamp
from bot.sandbox.ram.errors import RamError

VERSION, ACTION = "2020-07-06", "LookupEvents"
MAX_FILTERS, MAX_EVENTS, USUAL_EVENTS = 2, 50, 20
USUAL_SECONDS = 7 * 86_400.0
_FILTER = re.compile(r"LookupAttribute\.(\d{1,3})\.(Key|Value)")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
KEYS: Mapping[str, Any] = {
    "ServiceName": lambda event: event["serviceName"],
    "EventName": lambda event: event["eventName"],
    "User": lambda event: event["userIdentity"]["userName"],
    "EventId": lambda event: event["eventId"],
    "ResourceType": lambda event: event.get("resourceType"),
    "ResourceName": lambda event: event.get("resourceName"),
    "EventRW": lambda event: event["eventRW"],
    "EventAccessKeyId": lambda event: event["userIdentity"].get("accessKeyId"),
    "SourceIpAddress": lambda event: event["sourceIpAddress"],
    "EventType": lambda event: event["eventType"],
    "RoleName": lambda event: _role_of(event),
}
"""What may be filtered by, exactly and with its case."""
_OWN = {"StartTime", "EndTime", "MaxResults", "NextToken", "Direction"}
_PROTOCOL = {
    *("Action", "Version", "Format", "AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce"),
    *("Signature", "SignatureType", "Timestamp", "SecurityToken", "RegionId"),
}


def lookup(events: TrailEvents, params: Mapping[str, str], now: float, *, of_region: bool = False) -> dict[str, Any]:
    """The answer without a RequestId; `now` in epoch seconds; `of_region` as in `TrailEvents.shown`. Raises `RamError`
    400.
    """
    filters = _filters(params)
    start, end = _window(params, now)
    size = _size(params.get("MaxResults", ""))
    direction = params.get("Direction") or "BACKWARD"
    if direction not in ("FORWARD", "BACKWARD"):
        raise _bad("InvalidQueryParameter", "Direction must be FORWARD or BACKWARD.")
    asked = {name: value for name, value in params.items() if name in _OWN - {"NextToken"} or _FILTER.fullmatch(name)}
    sign = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
    first = _position(params.get("NextToken", ""), sign)
    found = [
        event
        for at, event in events.shown(of_region=of_region)
        if start <= int(at) <= end and all(KEYS[key](event) == value for key, value in filters.items())
    ]
    if direction == "BACKWARD":
        found.reverse()
    answer: dict[str, Any] = {"StartTime": stamp(start), "EndTime": stamp(end), "Events": found[first : first + size]}
    if first + size < len(found):
        answer["NextToken"] = base64.urlsafe_b64encode(f"{sign}:{first + size}".encode()).decode()
    return answer


def _filters(params: Mapping[str, str]) -> dict[str, str]:
    parts: dict[str, dict[str, str]] = {}
    for name, value in params.items():
        if found := _FILTER.fullmatch(name):
            parts.setdefault(found[1], {})[found[2]] = value
        elif name not in _OWN | _PROTOCOL:
            raise _bad("InvalidQueryParameter", f"{name} is not known to the stand-in.")
    if len(parts) > MAX_FILTERS or not parts.keys() <= {"1", "2"}:
        raise _bad("InvalidParameterCombination", "At most two LookupAttribute are allowed.")
    filters: dict[str, str] = {}
    for part in parts.values():
        if part.get("Key") not in KEYS or not part.get("Value") or part["Key"] in filters:
            raise _bad("InvalidQueryParameter", "The LookupAttribute is not valid.")
        filters[part["Key"]] = part["Value"]
    return filters


def _window(params: Mapping[str, str], now: float) -> tuple[float, float]:
    start, end = params.get("StartTime", ""), params.get("EndTime", "")
    if bool(start) is not bool(end):
        raise _bad("InvalidParameterCombination", "StartTime and EndTime must be given together.")
    if not start:
        return now - USUAL_SECONDS, now
    since, until = _moment(start, "StartTime"), _moment(end, "EndTime")
    if since < now - KEPT_SECONDS:
        raise _bad("InvalidParameterStartTime", "StartTime is more than 90 days ago.")
    if until < since:
        raise _bad("InvalidParameterEndTime", "EndTime is before StartTime.")
    return since, until


def _moment(text: str, name: str) -> float:
    try:
        if not _TIME.fullmatch(text):
            raise ValueError(text)
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise _bad(f"InvalidParameter{name}", f"{name} must be as YYYY-MM-DDThh:mm:ssZ.") from error


def _size(text: str) -> int:
    if not text:
        return USUAL_EVENTS
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_EVENTS):
        raise _bad("InvalidQueryParameter", "MaxResults must be from 1 to 50.")
    return int(text)


def _position(token: str, sign: str) -> int:
    if not token:
        return 0
    try:
        of, _, position = base64.urlsafe_b64decode(token).decode().partition(":")
        if of != sign:
            raise ValueError(token)
        return int(position)
    except ValueError as error:
        raise _bad("InvalidQueryParameter", "NextToken is not of a query with these parameters.") from error


def _role_of(event: Event) -> str | None:
    identity = event["userIdentity"]
    return str(identity["userName"]).partition(":")[0] if identity["type"] == "assumed-role" else None


def _bad(code: str, message: str) -> RamError:
    return RamError(400, code, message)
