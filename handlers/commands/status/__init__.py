"""The subcommands of /pairec-status."""
