"""What a ledger is, whichever engine keeps it; opened by its address.

SQL is written once, for both engines. What differs is in `sqlite.py` and `postgres.py`: the placeholders, how a
transaction begins, and who may work from the same ledger.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cache
from importlib.resources import files
from typing import Protocol

from approvals.errors import LedgerError
from approvals.ledger.tx import Tx


class Ledger(Protocol):
    """Hands out transactions; safe to share between threads."""

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        ...

    @property
    def found(self) -> bool:
        """Whether there was a ledger, or a file in its place, before it was opened."""
        ...

    @property
    def troubles(self) -> tuple[type[Exception], ...]:
        """What the engine raises when it cannot do what it was told: a full disk, a server that is gone."""
        ...

    @property
    def shared(self) -> bool:
        """Whether several processes are meant to work from it side by side."""
        ...

    def write(self) -> AbstractContextManager[Tx]:
        """One transaction that commits when the block ends and leaves no trace when it raises. Writers of one ledger,
        in whichever process, take turns: what one reads holds until it commits."""
        ...

    def read(self, within: float | None = None) -> AbstractContextManager[Tx]:
        """One consistent view; nothing can be written through it. `within`: seconds that one has for getting it, where
        that is less than the ledger's own patience."""
        ...

    def real(self) -> int:
        """Real time by the clock that all who work from this ledger share: milliseconds since the epoch."""
        ...

    def lost(self) -> str | None:
        """Why nothing may be done with it any more, in a line; None while it is where it was when it was opened."""
        ...

    def check_place(self) -> None:
        """
        Raises:
            LedgerError: it is where nobody should work from it.
        """
        ...

    def take_over(self) -> bool:
        """Become the one process that works from this ledger, until `release`; then locks left in it are a dead one's.

        False when others may work from it too: their locks are their own, and end by themselves.

        Raises:
            LedgerError: there is no telling.
        """
        ...

    def release(self) -> None:
        """Work from it no more; another process may."""
        ...

    def close(self) -> None:
        """Nobody gets a transaction any more; what is in a file is all in that file then."""
        ...


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
