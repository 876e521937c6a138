"""All that is looked at, in the order of the table."""

from __future__ import annotations

from bot.check.checks import account, channel, clock, ledger, settings, slack
from bot.check.runner import SelfCheck

SLACK_REMEDY = "See that this machine reaches Slack: PAIREC_SLACK_API_URL, HTTPS_PROXY."
CLOUD_REMEDY = "See that this machine reaches Alibaba Cloud: the endpoints, PAIREC_REGION, HTTPS_PROXY."
LEDGER_REMEDY = "See that what PAIREC_DATABASE_URL names is there, and lets itself be written."

CHECKS = (
    SelfCheck(settings.NAME, settings.check_settings, "Put right the file that it names."),
    SelfCheck(ledger.NAME, ledger.check_ledger, LEDGER_REMEDY),
    SelfCheck(ledger.TRAIL, ledger.check_trail, LEDGER_REMEDY, seconds=120.0),
    SelfCheck(f"{clock.NAME}, Slack", clock.check_slack_clock, SLACK_REMEDY),
    SelfCheck(f"{clock.NAME}, RAM", clock.check_cloud_clock, CLOUD_REMEDY),
    SelfCheck(slack.TOKEN, slack.check_slack, SLACK_REMEDY),
    SelfCheck(slack.CONNECTION, slack.check_connection, SLACK_REMEDY),
    SelfCheck(channel.NAME, channel.check_channel, SLACK_REMEDY),
    SelfCheck(account.NAME, account.check_account, CLOUD_REMEDY),
)
