"""What the engines that keep a ledger have in common.

SQL is written once, for both engines. What differs is in `sqlite.py` and `postgres.py`: the placeholders, how a
transaction begins, and who may work from the same ledger.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from approvals.errors import LedgerError

REPLICAS_STEP = 8
"""The step from which on a ledger knows which bots work from it."""


def complaint(error: Exception) -> str:
    """What an engine says is wrong, in a line; nothing of what it says around it."""
    sentence: str | None = getattr(getattr(error, "diag", None), "message_primary", None)
    return (sentence or next(iter(str(error).strip().splitlines()), type(error).__name__)).strip()


@cache
def schema_steps(engine: str) -> Mapping[int, tuple[str, list[str]]]:
    """Number -> (name, scripts) of each schema step, in order; the engine's own script follows the common one."""
    folder = files("approvals.ledger").joinpath("schema")
    steps: dict[int, tuple[str, list[str]]] = {}
    for entry in sorted(folder.iterdir(), key=lambda found: found.name):
        named = re.fullmatch(r"(\d{4})_(\w+)\.sql", entry.name)
        if named is None:
            continue
        own = folder.joinpath(f"{named[1]}_{named[2]}.{engine}.sql")
        scripts = [entry.read_text("utf-8"), *([own.read_text("utf-8")] if own.is_file() else [])]
        steps[int(named[1])] = (named[2], scripts)
    return steps


def tables(engine: str) -> list[str]:
    """Every table that the steps make."""
    scripts = "\n".join(script for _, each in schema_steps(engine).values() for script in each)
    return re.findall(r"^CREATE TABLE (\w+)", scripts, re.MULTILINE)


def missing_steps(done: set[int], engine: str, address: str) -> dict[int, tuple[str, list[str]]]:
    """The steps that a ledger has yet to take.

    Raises:
        LedgerError: it has taken steps that this program does not know.
    """
    steps = schema_steps(engine)
    if newer := done - steps.keys():
        raise LedgerError(
            f"the ledger {address} is newer than this program (schema step {max(newer)}); upgrade the program"
        )
    return {number: step for number, step in steps.items() if number not in done}


def statements(script: str) -> list[str]:
    """The statements of a script, cut where SQLite itself says that one is complete (triggers hold semicolons)."""
    found, pending = [], ""
    for line in script.splitlines():
        if line.lstrip().startswith("--"):
            continue
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return [statement for statement in found if statement != ";"]
