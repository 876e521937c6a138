"""A ledger that remembers much, made quickly: rows as the operations record them, copied for as many as are wanted.

python -m benchmarks.filled_ledger sqlite:///ledger.db --live 10000 --closed 1000000 [--trail]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from approvals import audit
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, SqliteLedger, Tx, open_ledger
from approvals.ledger.store import schema_steps, statements
from approvals.people import Principal
from approvals.transaction import Row
from benchmarks.one_request import CAROL, NUMBERS, TEAM, OneRequest

TABLES = ("requests", "decisions", "grants", "cards")
TALLIES_STEP = 23
"""The schema's step that counts what is there already."""
ROWS_AT_ONCE = 20_000
HOUR = 3_600_000


@dataclass(frozen=True)
class Size:
    """How much a ledger is to remember."""

    live: int
    """Grants that run, one for a request."""
    closed: int
    """Requests that are over."""
    people: int = 10_000
    """Linked RAM users, whose these are in turn."""
    own: int = 0
    """So many of the closed requests are of one person."""
    owner: tuple[SlackUserId, Principal] = CAROL


class RowCopier:
    """Copies a row with the numbers and names of others in the place of the template's."""

    def __init__(self, table: str, row: Row, known: Mapping[str, str | int]) -> None:
        """`known`: what is replaced, by what it is."""
        texts = {str(value): f"%({name})s" for name, value in known.items()}
        self._texts: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._fixed: dict[str, Any] = {}
        for column, value in row.items():
            if isinstance(value, str) and any(text in value for text in texts):
                self._texts[column] = replaced(value, texts)
            elif isinstance(value, int) and str(value) in texts:
                self._numbers[column] = texts[str(value)][2:-2]
            else:
                self._fixed[column] = value
        values = ", ".join(f":{column}" for column in row)
        self.insert = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"

    def copy(self, of: Mapping[str, str | int]) -> Row:
        """The row of these."""
        texts = {column: text % of for column, text in self._texts.items()}
        return self._fixed | texts | {column: of[name] for column, name in self._numbers.items()}


def replaced(text: str, texts: Mapping[str, str]) -> str:
    """With places for what is replaced."""
    text = text.replace("%", "%%")
    for value, place in texts.items():
        text = text.replace(value, place)
    return text


def fill(ledger: Ledger, size: Size, now: int, *, team: str = TEAM, trail: bool = False) -> None:
    """Add so much to a ledger in which nobody asked for anything yet. `now`: domain time; what is live ends eight hours
    later. `trail`: with all entries of the audit trail, which is the most of it.
    """
    with tempfile.TemporaryDirectory() as folder:
        closed = _template(Path(folder) / "closed.db", now - 24 * HOUR, ended=True)
        live = _template(Path(folder) / "live.db", now, ended=False)
    with ledger.write() as tx:
        _link(tx, size.people, now, team)
    chain = _Chain(ledger) if trail else None
    with _without_triggers(ledger):
        _copy(ledger, closed, _people(size, size.closed, size.own, team), 0, chain)
        _copy(ledger, live, _people(size, size.live, 0, team), size.closed, chain)
    with ledger.write() as tx:
        for counter, first in (("request", 1_000), ("grant", 0), ("card", 0), ("job", 0)):
            value = first + (size.closed + size.live) * (10 if counter == "job" else 1)
            tx.run("UPDATE counters SET value = :value WHERE name = :name", name=counter, value=value)


@contextmanager
def _without_triggers(ledger: Ledger) -> Iterator[None]:
    """What triggers keep is put in at the end, and so are SQLite's indexes: all at once takes a tenth of the time."""
    kept = "', '".join((*TABLES, "jobs"))
    made: list[str] = []
    with ledger.write() as tx:
        if ledger.shared:
            for table in (*TABLES, "jobs"):
                tx.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for row in tx.rows(
                "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
                f" AND tbl_name IN ('{kept}')"
            ):
                tx.run(f"DROP {row['type']} {row['name']}")
                made.append(row["sql"])
    yield
    with ledger.write() as tx:
        for statement in made:
            tx.run(statement)
        if ledger.shared:
            for table in (*TABLES, "jobs"):
                tx.run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        tx.run(
            "INSERT INTO recorded_names (ram_user_id, ram_user_name, at)"
            " SELECT ram_user_id, ram_user_name, MAX(at) FROM ("
            " SELECT subject_ram_id AS ram_user_id, subject_ram_name AS ram_user_name, created_at AS at FROM requests"
            " UNION ALL SELECT ram_user_id, ram_user_name, at FROM decisions) AS known"
            " GROUP BY ram_user_id, ram_user_name"
        )
        tx.run("DELETE FROM tallies")
        for statement in statements(schema_steps("sqlite")[TALLIES_STEP][1][0], "sqlite"):
            if statement.startswith("INSERT INTO tallies"):
                tx.run(statement)


def person(number: int) -> tuple[SlackUserId, Principal]:
    """One of those whose requests these are."""
    return SlackUserId(f"U1P{number:06}"), Principal(RamUserId(f"21{number:016}"), f"person-{number:06}")


def _people(size: Size, wanted: int, own: int, team: str) -> Iterator[dict[str, str | int]]:
    for number in range(wanted):
        slack_id, principal = size.owner if number < own else person(number % size.people)
        yield {"slack": slack_id, "ram": principal.user_id, "name": principal.name, "team": team}


def _template(path: Path, now: int, *, ended: bool) -> dict[str, list[Row]]:
    ledger = SqliteLedger(path)
    request = OneRequest(ledger, now, 8 * HOUR)
    request.until_active()
    if ended:
        request.until_ended()
    with ledger.read() as tx:
        rows = {table: tx.rows(f"SELECT * FROM {table}") for table in (*TABLES, "jobs", "audit")}
    ledger.close()
    return rows


def _link(tx: Tx, people: int, now: int, team: str) -> None:
    rows = []
    for number in range(people):
        slack_id, principal = person(number)
        rows.append({"team": team, "user": slack_id, "ram": principal.user_id, "name": principal.name, "at": now})
    tx.run_each(
        "INSERT INTO links (team_id, slack_user_id, ram_user_id, ram_user_name, linked_at)"
        " VALUES (:team, :user, :ram, :name, :at)",
        rows,
    )


def _copy(
    ledger: Ledger,
    template: Mapping[str, list[Row]],
    people: Iterator[dict[str, str | int]],
    before: int,
    chain: _Chain | None,
) -> None:
    slack_id, principal = CAROL
    known = {
        "public": template["requests"][0]["public_id"],
        "slack": slack_id,
        "ram": principal.user_id,
        "name": principal.name,
        "team": TEAM,
        **NUMBERS,
    }
    copiers = [
        RowCopier(table, row, known) for table in (*TABLES, "jobs") for row in _numbered(template[table], table, known)
    ]
    entries = chain and chain.entries(template, known)
    number = before
    while some := list(islice(people, ROWS_AT_ONCE)):
        for each in some:
            number += 1
            # Random in life: no two that follow each other are neighbours in an index.
            public = f"{(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128):032x}"
            each |= {"public": public, "request": 1_000 + number, "grant": number, "card": number}
            each |= {f"job{place}": 10 * number + place for place in range(10)}
        with ledger.write() as tx:
            for copier in copiers:
                tx.run_each(copier.insert, [copier.copy(each) for each in some])
            if chain and entries:
                chain.append(tx, entries, some)


def _numbered(rows: list[Row], table: str, known: dict[str, str | int]) -> Iterator[Row]:
    """Jobs have numbers of their own."""
    for place, row in enumerate(rows):
        if table == "jobs":
            known[f"job{place}"] = 66_600_001 + place
            yield {**row, "seq": 66_600_001 + place}
        else:
            yield row


class _Chain:
    """Entries of the trail that follow each other."""

    def __init__(self, ledger: Ledger) -> None:
        with ledger.read() as tx:
            last = tx.row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1") or {"seq": 0, "hash": audit.GENESIS}
        self._seq, self._hash = last["seq"], last["hash"]

    def entries(
        self, template: Mapping[str, list[Row]], known: Mapping[str, str | int]
    ) -> list[tuple[str, str, str | None]]:
        """Of each entry its time, and its text and what stands beside it with places for what differs."""
        texts = {str(value): f"%({name})s" for name, value in known.items()}
        return [
            (row["at"], replaced(row["entry"], texts), row["beside"] and replaced(row["beside"], texts))
            for row in template["audit"]
        ]

    def append(self, tx: Tx, entries: list[tuple[str, str, str | None]], people: list[dict[str, str | int]]) -> None:
        """For each of these people."""
        rows = []
        for each in people:
            for at, text, beside in entries:
                written = None if beside is None else beside % each
                request = int(each["request"])
                entry = audit.Entry(self._seq + 1, at, text % each, self._hash, "", request, audit.THIRD, None, written)
                self._seq, self._hash = entry.seq, audit.hash_of(entry)
                rows.append(entry._replace(hash=self._hash)._asdict())
        tx.run_each(
            "INSERT INTO audit (seq, at, request_id, entry, prev, hash, version, beside)"
            " VALUES (:seq, :at, :request_id, :entry, :prev, :hash, :version, :beside)",
            rows,
        )


def main() -> None:
    """Fill a new ledger."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--live", type=int, default=10_000)
    parser.add_argument("--closed", type=int, default=1_000_000)
    parser.add_argument("--own", type=int, default=0)
    parser.add_argument("--trail", action="store_true")
    chosen = parser.parse_args()
    ledger = open_ledger(chosen.address)
    fill(ledger, Size(chosen.live, chosen.closed, own=chosen.own), time.time_ns() // 1_000_000, trail=chosen.trail)
    ledger.close()


if __name__ == "__main__":
    main()
