"""What the engines that keep a ledger have in common.

SQL is written once, for both engines. What differs is in `sqlite.py` and `postgres.py`: the placeholders, how a
transaction begins, and who may work from the same ledger.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from approvals.errors import LedgerError

log = logging.getLogger(__name__)

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
            f"the ledger {address} is newer than this program (schema step {max(newer)}); upgrade the program, or put"
            " back the backup from before the ledger was brought up to date: the newer program's `pairec-access ledger"
            " since FILE` lists what was granted after it"
        )
    return {number: step for number, step in steps.items() if number not in done}


def take(
    steps: Mapping[int, tuple[str, list[str]]],
    engine: str,
    run: Callable[[str], object],
    done: Callable[[int, str], object],
    *,
    upgrade: bool,
) -> None:
    """Take these steps in order. `run` executes a statement, `done` notes a step's number and name. `upgrade`: there is
    something in the ledger already, and how far it is is logged, since in a large one it takes a while.
    """
    parts = {
        number: [each for script in scripts for each in statements(script, engine)]
        for number, (_, scripts) in steps.items()
    }
    of, part = sum(map(len, parts.values())), 0
    for number, (name, _) in steps.items():
        for statement in parts[number]:
            part += 1
            if upgrade:
                log.info("bringing the ledger up to date", extra={"step": number, "part": part, "of": of})
            run(statement)
        done(number, name)


def statements(script: str, engine: str) -> list[str]:
    """The statements of a script."""
    complete = sqlite3.complete_statement if engine == "sqlite" else _complete_on_server
    found, pending = [], ""
    for line in script.splitlines():
        if line.lstrip().startswith("--"):
            continue
        pending += line + "\n"
        if complete(pending):
            found.append(pending.strip())
            pending = ""
    return [statement for statement in found if statement != ";"]


def _complete_on_server(text: str) -> bool:
    """What stands between `$$` holds semicolons."""
    return text.rstrip().endswith(";") and text.count("$$") % 2 == 0
