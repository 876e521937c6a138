"""The running program: settings, wiring, adapters to Slack and the cloud, and the work that is due."""
