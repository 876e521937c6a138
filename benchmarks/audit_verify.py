"""Verifying the audit trail, over SHA-256 of the same bytes: the same rows, read by the engine's own cursor and hashed
as they are, each text beside one by itself, and nothing looked at.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from approvals import audit
from approvals.ledger import SqliteLedger, trail
from benchmarks.figures import Figure, ratio
from benchmarks.filled_ledger import Size, fill

GOAL = 1.3
REQUESTS, ROUNDS = 10_000, 7


def measure() -> list[Figure]:
    """By turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        with closing(SqliteLedger(path)) as ledger:
            fill(ledger, Size(live=0, closed=REQUESTS), time.time_ns() // 1_000_000, trail=True)
            here, beside = [], []
            for _ in range(ROUNDS):
                beside.append(_bare(path))
                here.append(_verified(ledger))
    return [ratio("`audit verify` over bare SHA-256 of the same rows", here, beside, GOAL)]


def _verified(ledger: SqliteLedger) -> float:
    begun = time.process_time()
    with ledger.read() as tx:
        if audit.verify(trail.entries(tx)) is not None:
            raise SystemExit("the chain does not hold")
    return time.process_time() - begun


def _bare(path: Path) -> float:
    begun = time.process_time()
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT version, seq, at, request_id, prev, entry, beside FROM audit ORDER BY seq")
        for row in rows:
            hashlib.sha256("|".join(map(str, row[:-1])).encode()).hexdigest()
            for line in row[-1].split("\n") if row[-1] else ():
                hashlib.sha256(line.encode()).hexdigest()
    return time.process_time() - begun
