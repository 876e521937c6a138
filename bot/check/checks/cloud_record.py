"""ActionTrail, by which the app's own record is compared with the cloud's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from approvals.catalog.resources import products
from approvals.cloud_events import RAM
from approvals.ledger import Ledger, Tx
from approvals.millis import DAY, SECOND, DomainMillis
from approvals.operations.cloud_record.known import changed_members_between, confirmed_between
from approvals.operations.cloud_record.read import COMPLETE_AFTER_MS
from bot.app.cloud_record import watched_places
from bot.check.context import CheckContext
from bot.check.row import CheckRow, NotTried, failed, not_tried, ok, warning
from bot.cloud.action_trail import ActionTrail, EventQuery
from bot.cloud.clients import actiontrail_client

NAME, OF_PRODUCTS = "ActionTrail", "ActionTrail of products"
BACK_MS = 7 * DAY
Filters = tuple[tuple[str, str], ...]
ANY_WRITES: Filters = (("EventRW", "Write"),)
RAM_WRITES: Filters = (("ServiceName", RAM), *ANY_WRITES)


def check_cloud_record(context: CheckContext) -> Iterator[CheckRow]:
    """Whether it shows RAM's events in the region that is set, and anything in that of the products: nothing where
    something should be is not readable.
    """
    context.need("PAIREC_ACTIONTRAIL_REGION", "PAIREC_ACTIONTRAIL_ENDPOINT", "PAIREC_REGION")
    settings = context.settings
    region = settings.actiontrail_region
    if region is None:
        yield ok(NAME, "not compared: PAIREC_ACTIONTRAIL_REGION is not set")
        return
    now = DomainMillis(int(time.time() * SECOND))
    if _shows(context, settings.actiontrail_address, RAM_WRITES, now):
        yield ok(NAME, f"shows RAM's events in {region}")
    elif _expected(context, now, confirmed_between):
        remedy = "Set PAIREC_ACTIONTRAIL_REGION to where ActionTrail keeps RAM's events: ap-southeast-1 or cn-hangzhou."
        yield failed(NAME, f"not readable here: {region} has no event of RAM, although this app wrote there", remedy)
    else:
        yield not_tried(NAME, f"no event of RAM in {region}, and no write of this app that should be there")
    kinds = sorted(watched_places(context.catalog()))
    if kinds:
        yield _of_products(context, [products()[kind].title for kind in kinds], now)


def _of_products(context: CheckContext, titles: Sequence[str], now: DomainMillis) -> CheckRow:
    context.need("PAIREC_ACTIONTRAIL_PRODUCTS_ENDPOINT")
    settings, named = context.settings, ", ".join(titles)
    if _shows(context, settings.actiontrail_products_address, ANY_WRITES, now):
        return ok(OF_PRODUCTS, f"shows events in {settings.region}, where members are changed in {named}")
    if _expected(context, now, changed_members_between):
        remedy = "Who else changes members is not told. Ask Alibaba Cloud whether ActionTrail has these calls there."
        text = f"not readable here: {settings.region} has no event, although this app changed members there"
        return warning(OF_PRODUCTS, text, remedy)
    return not_tried(OF_PRODUCTS, f"no event in {settings.region}, and no change of this app that should be there")


def _shows(context: CheckContext, address: str, filters: Filters, now: DomainMillis) -> bool:
    make = partial(actiontrail_client, address, context.settings.region, context.credentials(), context.egress())
    return bool(ActionTrail(make).page(EventQuery(filters, DomainMillis(now - BACK_MS), now)).events)


def _expected(
    context: CheckContext, now: DomainMillis, between: Callable[[Tx, DomainMillis, DomainMillis], object]
) -> bool:
    try:
        ledger: Ledger = context.ledger()
    except NotTried:
        return False
    with ledger.read() as tx:
        return bool(between(tx, DomainMillis(now - BACK_MS), DomainMillis(now - COMPLETE_AFTER_MS)))
