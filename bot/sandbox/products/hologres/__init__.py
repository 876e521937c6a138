"""Hologres instances as real databases: a PostgreSQL server each, whose users and refusals are what callers get."""
