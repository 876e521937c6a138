"""What compares the cloud's own record with ours, where the settings want it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from approvals.catalog.model import Catalog
from approvals.ledger import Ledger
from approvals.ledger.job_kinds import JobKind
from approvals.ledger.jobs import Job
from approvals.millis import DomainMillis
from approvals.operations.cloud_record.read import OF_PRODUCTS, schedule
from bot.app.parts import Parts
from bot.cloud.own_identity import own_identity
from bot.cloud.policy_groups import groups_with
from bot.settings import Settings
from bot.worker.cloud_record import CloudRecordWatch, TrailReading
from bot.worker.loop import Perform
from bot.worker.trail_queries import of_products, of_ram

CLOUD_RECORD, MEMBERS = "cloud_record", "cloud_record_members"
"""Conditions."""
EMPTY = (
    "ActionTrail shows nothing in {region}, not even this app's own writes: it is not readable here."
    " PAIREC_ACTIONTRAIL_REGION is the region in which it keeps RAM's events"
)
NO_MEMBERS = (
    "ActionTrail shows no change of members in {region}, not even this app's own: who else changes them is not readable"
    " here"
)


def watched_places(catalog: Catalog) -> Mapping[str, frozenset[str]]:
    """The workspaces and projects in which the catalogue gives roles, by product."""
    found: dict[str, set[str]] = {}
    for part in catalog.known:
        if part.is_member_role:
            found.setdefault(part.kind.name, set()).add(part.place)
    return {kind: frozenset(places) for kind, places in found.items()}


def schedule_cloud_record(ledger: Ledger, now: DomainMillis, settings: Settings, catalog: Catalog) -> None:
    """Have it read where it is wanted, and where there is something to be read."""
    elsewhere = settings.products_elsewhere or bool(watched_places(catalog))
    schedule(ledger, now, region=settings.actiontrail_region, elsewhere=elsewhere)


def cloud_record_work(parts: Parts) -> dict[JobKind, Perform]:
    """Who performs it."""
    settings, terms, places = parts.settings, parts.plan.terms, watched_places(parts.catalog)
    region = settings.actiontrail_region
    if region is None:
        return {}
    policies = frozenset(part.name for part in parts.catalog.entitlements if part.has_type)
    of_members = partial(of_products, kinds=sorted(places), own=settings.products_elsewhere)
    readings = {
        JobKind.CLOUD_RECORD: TrailReading(
            parts.action_trail, region, of_ram, CLOUD_RECORD, EMPTY.format(region=region)
        ),
        OF_PRODUCTS: TrailReading(
            parts.products_trail, settings.region, of_members, MEMBERS, NO_MEMBERS.format(region=settings.region)
        ),
    }
    watches = {
        job_id: CloudRecordWatch(
            parts.ledger,
            parts.clock,
            parts.chance,
            parts.conditions,
            reading,
            partial(own_identity, settings.sts_address, settings.region, parts.account, parts.egress),
            policies=policies,
            roles=frozenset((terms.engine_role.name, terms.service_role.name)),
            groups=partial(groups_with, parts.background_ram, policies),
            places=places if job_id == OF_PRODUCTS else {},
        )
        for job_id, reading in readings.items()
    }

    def look(job: Job) -> None:
        watches[job.id].look(job)

    return {JobKind.CLOUD_RECORD: look}
