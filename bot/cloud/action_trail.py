"""ActionTrail: the account's own record of who called what (help/actiontrail, LookupEvents; event structure)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from approvals.cloud_events import Actor, CloudEvent, EventsPage
from approvals.millis import SECOND, DomainMillis
from approvals.text_input import UNFIT
from bot.cloud.pace import Rate
from bot.cloud.reading import Reading

READS = Rate(1.8)
"""Two a second are taken (help/actiontrail, limits)."""
PAGE_EVENTS = 50
ACTION = "LookupEvents"


class EventQuery(NamedTuple):
    """What is asked for: at most two filters, and both ends of the time, to the second."""

    filters: tuple[tuple[str, str], ...]
    since: DomainMillis
    until: DomainMillis


class ActionTrail:
    """Safe to share between threads."""

    def __init__(self, make: Callable[[], Any], beside: ActionTrail | None = None) -> None:
        """`make`: a client, once somebody asks. `beside`: another region's, with which this one keeps to the limit."""
        self._make = make
        self._client: Any = None
        self._reading: Reading = beside._reading if beside else Reading("actiontrail", READS)

    def page(self, query: EventQuery, token: str | None = None) -> EventsPage:
        """Up to 50 events, the oldest first; `token` of the page before it.

        Raises:
            CloudError: ActionTrail did not say.
        """
        return self._reading.read(ACTION, lambda: self._page(query, token))

    def last_call(self, ram_user: str, since: DomainMillis, until: DomainMillis) -> DomainMillis | None:
        """When a RAM user of that name called anything last, between these; None where it has nothing of them.

        Raises:
            CloudError: ActionTrail did not say.
        """
        query = EventQuery((("User", ram_user),), since, until)
        page = self._reading.read(ACTION, lambda: self._page(query, None, newest=True))
        return next((event.at for event in page.events), None)

    def stop(self) -> None:
        """What nobody waits for any more is not begun."""
        self._reading.stop()

    def _page(self, query: EventQuery, token: str | None, *, newest: bool = False) -> EventsPage:
        """`newest`: the last event alone."""
        from alibabacloud_actiontrail20200706 import models

        if self._client is None:
            self._client = self._make()
        filters = [models.LookupEventsRequestLookupAttribute(key=key, value=value) for key, value in query.filters]
        request = models.LookupEventsRequest(
            direction="BACKWARD" if newest else "FORWARD",
            start_time=_written(query.since),
            end_time=_written(query.until),
            lookup_attribute=filters,
            max_results="1" if newest else str(PAGE_EVENTS),
            next_token=token,
        )
        body = self._client.lookup_events(request).body
        return EventsPage(tuple(map(event_of, body.events or ())), body.next_token or None)


def event_of(told: Mapping[str, Any]) -> CloudEvent:
    """An event as it is told.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is not of that shape.
    """
    identity = told.get("userIdentity") or {}
    at = datetime.strptime(told["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    params = told.get("requestParameters") or json.loads(told.get("requestParameterJson") or "{}")
    return CloudEvent(
        id=_text(told["eventId"]),
        at=DomainMillis(int(at.timestamp()) * SECOND),
        name=_text(told["eventName"]),
        service=_text(told.get("serviceName")),
        request_id=_text(told.get("requestId")),
        user_agent=_text(told.get("userAgent")),
        source_ip=_text(told.get("sourceIpAddress")),
        actor=Actor(*(_text(identity.get(name)) for name in ("type", "principalId", "userName"))),
        params={
            _text(name): _text(value if isinstance(value, str) else json.dumps(value)) for name, value in params.items()
        },
        error_code=_text(told.get("errorCode")),
    )


def _text(told: Any) -> str:
    """Whoever makes a call chooses what is in it, and what no ledger takes keeps no other call from being told of."""
    return UNFIT.sub("\ufffd", str(told or ""))


def _written(at: DomainMillis) -> str:
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
