"""Who people are, and who has what: read now from Slack and the cloud."""
