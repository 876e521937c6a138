"""What is looked at, one thing a file; bot/check/registry.py has them in the order of the table."""
