"""ActionTrail, by which the app's own record is compared with the cloud's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from approvals.cloud_events import RAM
from approvals.ledger import Ledger
from approvals.millis import DAY, SECOND, DomainMillis
from approvals.operations.cloud_record.known import confirmed_between
from approvals.operations.cloud_record.read import COMPLETE_AFTER_MS
from bot.check.context import CheckContext
from bot.check.row import CheckRow, NotTried, failed, not_tried, ok
from bot.cloud.action_trail import ActionTrail, EventQuery
from bot.cloud.clients import actiontrail_client

NAME = "ActionTrail"
BACK_MS = 7 * DAY
WRITES = (("ServiceName", RAM), ("EventRW", "Write"))


def check_cloud_record(context: CheckContext) -> Iterator[CheckRow]:
    """Whether it shows RAM's events in the region that is set: nothing where something should be is not readable."""
    context.need("PAIREC_ACTIONTRAIL_REGION", "PAIREC_ACTIONTRAIL_ENDPOINT", "PAIREC_REGION")
    settings = context.settings
    region = settings.actiontrail_region
    if region is None:
        yield ok(NAME, "not compared: PAIREC_ACTIONTRAIL_REGION is not set")
        return
    address, credentials = settings.actiontrail_address, context.credentials()
    trail = ActionTrail(partial(actiontrail_client, address, settings.region, credentials, context.egress()))
    now = DomainMillis(int(time.time() * SECOND))
    page = trail.page(EventQuery(WRITES, DomainMillis(now - BACK_MS), now))
    if page.events:
        yield ok(NAME, f"shows RAM's events in {region}")
    elif _expected(context, now):
        remedy = "Set PAIREC_ACTIONTRAIL_REGION to where ActionTrail keeps RAM's events: ap-southeast-1 or cn-hangzhou."
        yield failed(NAME, f"not readable here: {region} has no event of RAM, although this app wrote there", remedy)
    else:
        yield not_tried(NAME, f"no event of RAM in {region}, and no write of this app that should be there")


def _expected(context: CheckContext, now: DomainMillis) -> bool:
    try:
        ledger: Ledger = context.ledger()
    except NotTried:
        return False
    with ledger.read() as tx:
        return bool(confirmed_between(tx, DomainMillis(now - BACK_MS), DomainMillis(now - COMPLETE_AFTER_MS)))
