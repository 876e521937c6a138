"""How much longer the whole board of /pairec-status takes than the slowest of its rows alone.

The cloud's every answer takes 0.3 seconds, as one far away would; without that, the machine alone is measured. The
rows and the whole are looked at by turns in one run of the bot, from the moment that it was asked for until the last
finding was recorded.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from approvals.catalog.load import load_catalog
from approvals.ledger import Ledger, SqliteLedger
from approvals.status.plan import load_plan
from benchmarks.figures import Figure, ratio
from bot.sandbox.client import SandboxClient as People
from bot.sandbox.client import SandboxPerson
from bot.sandbox.process import SandboxProcess

AT_MOST = 1.3
ROUNDS, SECONDS = 5, 0.3
WHOLE = ""
PATIENCE = 30.0


def measure() -> list[Figure]:
    """By turns."""
    rows = [row.name for row in load_plan(load_catalog()).scope(None)]
    with SandboxProcess() as workshop:
        people = People(workshop.sandbox.page_url)
        people.inject_ram_fault({"action": "*", "fault": "hang", "seconds": SECONDS})
        ledger = SqliteLedger(workshop.ledger_path)
        took = runs(ledger, people.person("carol"), [*rows, WHOLE], ROUNDS)
        ledger.close()
    slowest = max((took[name] for name in rows), key=statistics.median)
    return [ratio("the whole status board over its slowest row", took[WHOLE], slowest, AT_MOST)]


def runs(ledger: Ledger, person: SandboxPerson, scopes: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Seconds of each run, by what was looked at."""
    took: dict[str, list[float]] = {scope: [] for scope in scopes}
    for _ in range(rounds):
        for scope in scopes:
            before = newest(ledger)[0]
            person.type(f"/pairec-status {scope}".strip())
            took[scope].append(finished(ledger, before) / 1_000)
    return took


def newest(ledger: Ledger) -> tuple[int, int | None]:
    """The last run's number, and how long it took; None while it is under way."""
    with ledger.read() as tx:
        rows = tx.rows("SELECT id, started_at, finished_at FROM status_runs ORDER BY id DESC LIMIT 1")
    if not rows:
        return 0, None
    return rows[0]["id"], rows[0]["finished_at"] and rows[0]["finished_at"] - rows[0]["started_at"]


def finished(ledger: Ledger, before: int) -> int:
    """How long the run after this one took."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        number, took = newest(ledger)
        if number > before and took is not None:
            return took
        time.sleep(0.02)
    raise TimeoutError("a run did not end")
