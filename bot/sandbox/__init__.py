"""A Slack workspace, a RAM account and a movable clock on loopback, so that the bot can be used without any account."""
