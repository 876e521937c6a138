"""A ledger as an older program left it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import LiteralString, cast

import psycopg

from approvals.ledger.store import schema_steps


def older_ledger(address: str, before: int, rows: str) -> None:
    """With the schema as it was before a step, and these rows."""
    postgres = address.startswith("postgres")
    scripts = ["CREATE TABLE schema_steps (number BIGINT PRIMARY KEY, name TEXT NOT NULL);"]
    for number, (name, of_step) in schema_steps("postgres" if postgres else "sqlite").items():
        if number < before:
            scripts += [*of_step, f"INSERT INTO schema_steps VALUES ({number}, '{name}');"]
    if postgres:
        with psycopg.connect(address) as old:
            for script in [*scripts, rows]:
                old.execute(cast(LiteralString, script))
        return
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as old_file:
        for script in [*scripts, rows]:
            old_file.executescript(script)
