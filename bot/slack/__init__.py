"""The connection to Slack: both ways in, the one way out, and what Slack's answers mean."""
