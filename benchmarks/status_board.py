"""How much longer the whole board of /pairec-status takes than the slowest of its rows alone.

    python benchmarks/status_board.py [--rounds 5] [--seconds 0.3]

The cloud's every answer takes so many seconds, as one far away would; without that, the machine alone is measured. The
rows and the whole are looked at by turns in one run of the bot, from the moment that it was asked for until the last
finding was recorded. Exit status 1 when the ratio of the medians is above 1.3.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence

from rich.console import Console

from approvals.catalog.load import load_catalog
from approvals.ledger import Ledger, SqliteLedger
from approvals.status.plan import load_plan
from bot.sandbox.client import SandboxClient as People
from bot.sandbox.client import SandboxPerson
from bot.sandbox.process import SandboxProcess

AT_MOST = 1.3
WHOLE = ""
PATIENCE = 30.0


def main() -> int:
    """Measure, and print the figures; 1 where one is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3, help="that each answer of the cloud takes")
    chosen = parser.parse_args()
    rows = [row.name for row in load_plan(load_catalog()).scope(None)]
    with SandboxProcess() as workshop:
        people = People(workshop.sandbox.page_url)
        people.inject_ram_fault({"action": "*", "fault": "hang", "seconds": chosen.seconds})
        ledger = SqliteLedger(workshop.ledger_path)
        took = measure(ledger, people.person("carol"), [*rows, WHOLE], chosen.rounds)
        ledger.close()
    say = Console(highlight=False).print
    for name, each in took.items():
        say(f"{name or 'the whole board':26} {statistics.median(each):6.0f} ms")
    slowest = max(statistics.median(took[name]) for name in rows)
    ratio = statistics.median(took[WHOLE]) / slowest
    say(f"the whole board takes {ratio:.2f} times the slowest row (at most {AT_MOST})")
    return int(ratio > AT_MOST)


def measure(ledger: Ledger, person: SandboxPerson, scopes: Sequence[str], rounds: int) -> dict[str, list[int]]:
    """Milliseconds of each run, by what was looked at."""
    took: dict[str, list[int]] = {scope: [] for scope in scopes}
    for _ in range(rounds):
        for scope in scopes:
            before = newest(ledger)[0]
            person.type(f"/pairec-status {scope}".strip())
            took[scope].append(finished(ledger, before))
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


if __name__ == "__main__":
    sys.exit(main())
