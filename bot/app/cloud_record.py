"""What compares the cloud's own record with ours, where the settings want it."""

from __future__ import annotations

from functools import partial

from approvals.ledger.job_kinds import JobKind
from bot.app.parts import Parts
from bot.cloud.own_identity import own_identity
from bot.cloud.policy_groups import groups_with
from bot.worker.cloud_record import CloudRecordWatch
from bot.worker.loop import Perform


def cloud_record_work(parts: Parts) -> dict[JobKind, Perform]:
    """Who performs it."""
    settings, terms = parts.settings, parts.plan.terms
    if settings.actiontrail_region is None:
        return {}
    policies = frozenset(part.name for part in parts.catalog.entitlements if part.has_type)
    watch = CloudRecordWatch(
        parts.ledger,
        parts.clock,
        parts.chance,
        parts.conditions,
        parts.action_trail,
        partial(own_identity, settings.sts_address, settings.region, parts.account, parts.egress),
        settings.actiontrail_region,
        policies=policies,
        roles=frozenset((terms.engine_role.name, terms.service_role.name)),
        groups=partial(groups_with, parts.background_ram, policies),
    )
    return {JobKind.CLOUD_RECORD: watch.look}
