"""Each attack on the trail by whoever owns the database, and what the auditor is told who kept the anchors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from approvals import audit
from approvals.anchor import AnchorTarget, read_line, signed_line
from approvals.audit_events import AuditEvent
from approvals.ledger import identity, open_ledger, trail
from approvals.operations.anchors import _anchor
from tests.harness.builders import NOW
from tests.harness.program import pairec_access

SECRET = "the-walrus-and-the-carpenter"
ANCHORED = (3, 6, 9)
"""Entries after which an anchor was sent."""
ENTRIES = 10
Statement = Callable[[sqlite3.Connection], object]


class Kept:
    """A ledger, and the anchors that an auditor has of it."""

    def __init__(self, folder: Path, name: str = "ledger") -> None:
        self.path = folder / f"{name}.db"
        self.file = folder / f"{name}.jsonl"
        self.lines: list[str] = []
        with closing(open_ledger(f"sqlite:///{self.path}")) as ledger, ledger.write() as tx:
            identity.put(tx, identity.LEDGER, name)
            for number in range(1, ENTRIES + 1):
                trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what=f"{name} {number}")
                head = trail.last(tx)
                if number in ANCHORED and head is not None:
                    made = _anchor(tx, AnchorTarget.WEBHOOK, len(self.lines) + 1, head, NOW)
                    self.lines.append(signed_line(made, SECRET))

    def attacked(self, *attacks: Statement) -> None:
        """By somebody who owns the file."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for attack in attacks:
                attack(connection)

    def audit(self, lines: list[str] | None = None, secret: str = SECRET) -> CompletedProcess[str]:
        self.file.write_text("".join(f"{line}\n" for line in (self.lines if lines is None else lines)), "utf-8")
        settings = {"PAIREC_DATABASE_URL": f"sqlite:///{self.path}"} | (
            {"PAIREC_ANCHOR_SECRET": secret} if secret else {}
        )
        return pairec_access("audit", "--anchors", str(self.file), **settings)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    yield Kept(tmp_path)


def edits(seq: int) -> Statement:
    return lambda connection: connection.execute(
        "UPDATE audit SET entry = replace(entry, 'ledger', 'lodger') WHERE seq = ?", [seq]
    )


def deletes(where: str) -> Statement:
    return lambda connection: connection.execute(f"DELETE FROM audit WHERE {where}")


def chains_anew(connection: sqlite3.Connection) -> None:
    """So that the chain holds again, whatever was done to the entries."""
    prev = audit.GENESIS
    rows = connection.execute("SELECT seq, at, entry, request_id, version FROM audit ORDER BY seq").fetchall()
    for number, (seq, at, entry, request_id, version) in enumerate(rows, 1):
        found = audit.hash_of(audit.Entry(number, at, entry, prev, "", request_id, version))
        connection.execute("UPDATE audit SET seq = ?, prev = ?, hash = ? WHERE seq = ?", [number, prev, found, seq])
        prev = found


def goes_on(connection: sqlite3.Connection) -> None:
    """The bot writes more, on what is left."""
    [(seq, prev)] = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchall()
    for number in range(seq + 1, ENTRIES + 5):
        entry = audit.next_entry(number, audit.iso(NOW), {"event": "setup changed"}, prev)
        connection.execute(
            "INSERT INTO audit (seq, at, entry, prev, hash, version) VALUES (?, ?, ?, ?, ?, ?)",
            [entry.seq, entry.at, entry.entry, entry.prev, entry.hash, entry.version],
        )
        prev = entry.hash


def test_a_trail_that_nobody_touched_has_every_anchor(kept: Kept) -> None:
    done = kept.audit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.endswith(": holds.") for line in done.stdout.splitlines()] == [True] * 3
    assert "The chain holds, from entry 1 to 10." in done.stderr and "Every anchor holds" in done.stderr
    assert SECRET not in done.stdout + done.stderr


def vouches(*seqs: int, form: int = audit.THIRD) -> Statement:
    """The owner says of these entries that something was erased from them, and what is left: whatever they like."""

    def attack(connection: sqlite3.Connection) -> None:
        rest = {}
        for seq in seqs:
            connection.execute(
                "UPDATE audit SET erased_by = ?, version = ?, entry = replace(entry, 'ledger', 'lodger') WHERE seq = ?",
                [ENTRIES + 1, form, seq],
            )
            columns = ", ".join(audit.Entry._fields)
            [row] = connection.execute(f"SELECT {columns} FROM audit WHERE seq = ?", [seq]).fetchall()
            rest[str(seq)] = audit.hash_of(audit.Entry(*row))
        [prev] = connection.execute("SELECT hash FROM audit WHERE seq = ?", [ENTRIES]).fetchone()
        word = audit.next_entry(ENTRIES + 1, audit.iso(NOW), {"event": "texts erased", "entries": rest}, prev)
        connection.execute(
            "INSERT INTO audit (seq, at, entry, prev, hash, version) VALUES (?, ?, ?, ?, ?, ?)",
            [word.seq, word.at, word.entry, word.prev, word.hash, word.version],
        )

    return attack


ATTACKS: dict[str, tuple[list[Statement], list[str], str]] = {
    "edited": ([edits(5)], ["holds", "holds", "holds"], "The chain breaks at entry 5: it was changed after"),
    "edited, and said to be erased": (
        [vouches(5)],
        ["holds", "holds", "holds"],
        "The chain breaks at entry 5: it is said to have had something erased from it",
    ),
    "edited, and said to be of an older form and erased": (
        [vouches(5, form=audit.SECOND)],
        ["holds", "holds", "holds"],
        "The chain breaks at entry 5: it has an older form than the entry before it",
    ),
    "edited from the first on, and all said to be of an older form and erased": (
        [vouches(*range(1, ENTRIES + 1), form=audit.SECOND)],
        ["holds", "holds", "holds"],
        "The chain breaks at entry 1: it was changed after",
    ),
    "edited and chained anew": (
        [edits(5), chains_anew],
        ["holds", "the entry is another one", "the entry is another one"],
        "rewritten after entry 3 (anchor 1 for the webhook, entry 3), and up to entry 6",
    ),
    "deleted": (
        [deletes("seq = 6")],
        ["holds", "the entry was deleted", "holds"],
        "The chain breaks at entry 6: it is missing",
    ),
    "deleted and chained anew": (
        [deletes("seq = 5"), chains_anew],
        ["holds", "the entry is another one", "the entry is another one"],
        "rewritten after entry 3 (anchor 1 for the webhook, entry 3), and up to entry 6",
    ),
    "cut off": (
        [deletes("seq > 7")],
        ["holds", "holds", "the entry was cut off: the trail ends at 7"],
        "rewritten after entry 6 (anchor 2 for the webhook, entry 6), and up to entry 9",
    ),
    "cut off, and the bot went on": (
        [deletes("seq > 7"), goes_on],
        ["holds", "holds", "the entry is another one"],
        "rewritten after entry 6 (anchor 2 for the webhook, entry 6), and up to entry 9",
    ),
    "rewritten whole": (
        [edits(1), chains_anew],
        ["the entry is another one"] * 3,
        "rewritten from the first entry on, and up to entry 3",
    ),
    "emptied": (
        [deletes("seq > 0")],
        ["the entry was cut off: the trail ends at 0"] * 3,
        "rewritten from the first entry on, and up to entry 3",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_is_named_with_the_anchors_between_which_it_was(kept: Kept, attack: str) -> None:
    statements, verdicts, told = ATTACKS[attack]
    kept.attacked(*statements)
    done = kept.audit()
    assert done.returncode == 1, done.stdout + done.stderr
    assert [line.rstrip(".").partition(": ")[2] for line in done.stdout.splitlines()] == verdicts
    assert told in done.stderr
    assert "Every anchor holds" not in done.stderr
    chained = not done.stderr.startswith("The chain breaks")
    assert chained == ("The chain holds" in done.stderr)


@pytest.mark.parametrize("form", [audit.SECOND, audit.THIRD])
@pytest.mark.parametrize("seq", [1, 5, ENTRIES])
def test_without_anchors_too_no_word_makes_an_entry_say_something_else(kept: Kept, seq: int, form: int) -> None:
    kept.attacked(vouches(seq, form=form))
    done = pairec_access("audit", PAIREC_DATABASE_URL=f"sqlite:///{kept.path}")
    assert done.returncode == 1 and f"The chain breaks at entry {seq}: it " in done.stderr


def test_a_ledger_in_the_place_of_another_is_named(kept: Kept, tmp_path: Path) -> None:
    other = Kept(tmp_path, "other")
    done = other.audit(kept.lines)
    assert done.returncode == 1 and done.stdout.count("of another ledger, ledger; this is other.") == 3
    assert "There is no anchor of this ledger in FILE." in done.stderr
    other.attacked(lambda connection: connection.execute("UPDATE identity SET value = 'ledger' WHERE name = 'ledger'"))
    renamed = other.audit(kept.lines)
    assert renamed.returncode == 1 and renamed.stdout.count("the entry is another one") == 3


def test_a_forged_anchor_is_named_and_proves_nothing(kept: Kept) -> None:
    kept.attacked(edits(5), chains_anew)
    with closing(open_ledger(f"sqlite:///{kept.path}")) as ledger, ledger.read() as tx:
        there = {entry.seq: entry.hash for entry in trail.entries(tx)}
    forged = [json.dumps(json.loads(line) | {"hash": there[json.loads(line)["seq"]]}) for line in kept.lines]
    done = kept.audit([kept.lines[0], *forged[1:]])
    assert done.returncode == 1
    assert [line.partition(": ")[2] for line in done.stdout.splitlines()] == [
        "holds.",
        *["forged, or signed with another PAIREC_ANCHOR_SECRET."] * 2,
    ]
    by_another = kept.audit(secret="another-secret-of-somebody")
    assert by_another.returncode == 1 and by_another.stdout.count("forged, or signed with another") == 3


def test_what_is_no_anchor_and_what_is_missing_is_told(kept: Kept) -> None:
    done = kept.audit([kept.lines[0], "", "{}", "x" * 20_000, kept.lines[2]])
    assert done.returncode == 1 and "Of the anchors for the webhook, FILE has not these: 2" in done.stderr
    assert "Line 3 is no anchor: it has not the fields of an anchor." in done.stdout
    assert "Line 4 is no anchor: it is too long for one." in done.stdout
    nothing = kept.audit([])
    assert nothing.returncode == 1 and "There is no anchor of this ledger in FILE." in nothing.stderr


def test_without_the_secret_it_says_that_nobody_looked_at_signatures(kept: Kept) -> None:
    done = kept.audit(secret="")
    assert done.returncode == 0 and "nobody looked whether they are signed" in done.stderr
    assert read_line(kept.lines[0]).is_signed_with(SECRET)


def test_anchors_are_of_the_whole_chain(kept: Kept) -> None:
    kept.audit()
    database = f"sqlite:///{kept.path}"
    done = pairec_access("audit", "--anchors", str(kept.file), "--request", "R-1001", PAIREC_DATABASE_URL=database)
    assert done.returncode == 2 and "--anchors: they are of the whole chain" in done.stderr
