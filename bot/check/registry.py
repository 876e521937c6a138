"""All that is looked at, in the order of the table."""

from __future__ import annotations

from functools import partial

from approvals.catalog.resources import products as kinds
from bot.check.checks import (
    account,
    anchors,
    approvers,
    channel,
    clock,
    cloud_record,
    escalation,
    exports,
    extras,
    ledger,
    messages,
    on_call,
    permissions,
    policies,
    products,
    ram_reads,
    settings,
    slack,
    status,
)
from bot.check.runner import SelfCheck

SLACK_REMEDY = "See that this machine reaches Slack: PAIREC_SLACK_API_URL, HTTPS_PROXY."
CLOUD_REMEDY = "See that this machine reaches Alibaba Cloud: the endpoints, PAIREC_REGION, HTTPS_PROXY."
LEDGER_REMEDY = "See that what PAIREC_DATABASE_URL names is there, and lets itself be written."


def all_checks() -> tuple[SelfCheck, ...]:
    """One for each product that the program knows among them."""
    places = tuple(
        SelfCheck(product.title, partial(products.check_product, kind), CLOUD_REMEDY)
        for kind, product in kinds().items()
    )
    return (*_BEFORE, *places, *_AFTER)


_BEFORE = (
    SelfCheck(settings.NAME, settings.check_settings, "Put right the file that it names."),
    SelfCheck(ledger.NAME, ledger.check_ledger, LEDGER_REMEDY),
    SelfCheck(ledger.TRAIL, ledger.check_trail, LEDGER_REMEDY, seconds=120.0),
    SelfCheck(ledger.BACKUP, ledger.check_backup, LEDGER_REMEDY),
    SelfCheck(exports.NAME, exports.check_exports, LEDGER_REMEDY),
    SelfCheck(clock.SLACK, clock.check_slack_clock, SLACK_REMEDY),
    SelfCheck(clock.RAM, clock.check_cloud_clock, CLOUD_REMEDY),
    SelfCheck(slack.TOKEN, slack.check_slack, SLACK_REMEDY),
    SelfCheck(slack.CONNECTION, slack.check_connection, SLACK_REMEDY),
    SelfCheck(channel.NAME, channel.check_channel, SLACK_REMEDY),
    SelfCheck(escalation.NAME, escalation.check_escalation, SLACK_REMEDY),
    SelfCheck(on_call.NAME, on_call.check_on_call, SLACK_REMEDY),
    SelfCheck(account.NAME, account.check_account, CLOUD_REMEDY),
    SelfCheck(anchors.NAME, anchors.check_anchor_bucket, CLOUD_REMEDY),
    SelfCheck(ram_reads.NAME, ram_reads.check_ram_reads, CLOUD_REMEDY),
    SelfCheck(permissions.NAME, permissions.check_permissions, CLOUD_REMEDY),
    SelfCheck(cloud_record.NAME, cloud_record.check_cloud_record, CLOUD_REMEDY),
    SelfCheck(policies.NAME, policies.check_policies, CLOUD_REMEDY),
    SelfCheck(approvers.NAME, approvers.check_approvers, CLOUD_REMEDY),
)
_AFTER = (
    SelfCheck(messages.NAME, messages.check_messages, SLACK_REMEDY, seconds=120.0),
    SelfCheck(status.NAME, status.check_status, CLOUD_REMEDY, seconds=30.0),
    SelfCheck(extras.NAME, extras.check_extras, LEDGER_REMEDY),
    SelfCheck(extras.TIME_ZONES, extras.check_time_zones, "Install the package tzdata."),
)
