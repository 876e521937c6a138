"""The audit trail: what was written stays as it was, and a change that got through all the same shows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from approvals import audit, audit_texts
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, SqliteLedger, trail
from tests.harness.builders import NOW
from tests.harness.older_ledgers import in_second_form

LENGTH = 6


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.db")
    for number in range(LENGTH):
        with opened.write() as tx:
            trail.append_event(
                tx, NOW + number, AuditEvent.ASKED, request_id=1000 + number % 2, reason=f"«{number}» and 'quotes'"
            )
    yield opened
    opened.close()


@pytest.fixture
def outsider(ledger: SqliteLedger) -> Iterator[sqlite3.Connection]:
    """Somebody with the file and no triggers in their way but those in it: recursive_triggers is off by default."""
    connection = sqlite3.connect(ledger.path, isolation_level=None)
    assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    yield connection
    connection.close()


def entries(ledger: Ledger) -> list[audit.Entry]:
    with ledger.read() as tx:
        return list(trail.entries(tx))


def test_a_trail_that_nobody_touched_verifies(ledger: Ledger) -> None:
    assert len(entries(ledger)) == LENGTH
    assert audit.verify(entries(ledger)) is None


def test_a_trail_longer_than_a_page_is_read_whole(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for number in range(trail.ENTRIES_PER_PAGE + 1):
            trail.append_event(tx, NOW, AuditEvent.ASKED, number=number)
    assert [entry.seq for entry in entries(ledger)] == list(range(1, LENGTH + trail.ENTRIES_PER_PAGE + 2))
    assert audit.verify(entries(ledger)) is None


def test_the_entries_of_a_request_are_its_own(ledger: Ledger) -> None:
    with ledger.read() as tx:
        assert [entry.seq for entry in trail.of_request(tx, 1001)] == [2, 4, 6]


def test_what_people_wrote_stands_beside_the_chain_and_is_read_with_it(ledger: Ledger) -> None:
    first = entries(ledger)[0]
    assert first.fields["reason"] == "«0» and 'quotes'"
    assert "quotes" not in first.entry and "reason" not in first.entry
    assert json.loads(first.line)["written"]["reason"]["text"] == "«0» and 'quotes'"


def test_the_same_text_twice_cannot_be_told_by_its_hash(ledger: Ledger) -> None:
    with ledger.write() as tx:
        for _ in range(2):
            trail.append_event(tx, NOW, AuditEvent.ASKED, reason="on call")
    hashes = {str(audit_texts.hashed([entry.beside])) for entry in entries(ledger)[-2:]}
    assert len(hashes) == 2 and not any("on call" in each for each in hashes)


def test_the_chain_holds_when_what_people_wrote_is_erased(ledger: SqliteLedger, outsider: sqlite3.Connection) -> None:
    left = audit_texts.without(entries(ledger)[2].beside, lambda _: True)
    outsider.execute("UPDATE audit SET beside = ? WHERE seq = 3", [left])
    found = entries(ledger)
    assert audit.verify(found) is None
    assert [entry.seq for entry in found if entry.erased] == [3]
    assert "reason" not in found[2].fields and "«2»" not in repr(found[2])


def test_of_a_list_of_names_each_goes_by_itself(ledger: Ledger) -> None:
    names = [f"admin-{number}" for number in range(12)]
    with ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ADMINS_FOUND, ram_users=names)
    last = entries(ledger)[-1]
    assert last.fields["ram_users"] == names and "admin-" not in last.entry
    less = last._replace(beside=audit_texts.without(last.beside, lambda each: each.text == "admin-3"))
    assert less.fields["ram_users"] == [*names[:3], *names[4:]] and audit.hash_of(less) == last.hash


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET beside = replace(beside, '2', '9') WHERE seq = 3",
        "UPDATE audit SET beside = NULL WHERE seq = 3",
        "UPDATE audit SET beside = '' , entry = '{}' WHERE seq = 3",
        "UPDATE audit SET erased_by = 5 WHERE seq = 3",
        "UPDATE audit SET erased_by = 5, entry = '{}' WHERE seq = 3",
        "INSERT INTO audit (seq, at, entry, prev, hash) VALUES (7, '', '{}', '', '')",
    ],
)
def test_nothing_changes_what_stands_beside_it_nor_goes_on_in_the_older_form(
    ledger: Ledger, outsider: sqlite3.Connection, statement: str
) -> None:
    before = entries(ledger)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|newer program"):
        outsider.execute(statement)
    assert entries(ledger) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET entry = '{}' WHERE seq = 3",
        "UPDATE audit SET seq = 99 WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit (seq, at, entry, prev, hash) VALUES (3, '', '{}', '', '')",
        "REPLACE INTO audit (seq, at, entry, prev, hash) SELECT seq, at, '{}', prev, hash FROM audit WHERE seq = 3",
        "INSERT INTO audit (seq, at, entry, prev, hash) VALUES (3, '', '{}', '', '')"
        " ON CONFLICT (seq) DO UPDATE SET entry = excluded.entry",
    ],
)
def test_nothing_changes_what_was_written(ledger: Ledger, outsider: sqlite3.Connection, statement: str) -> None:
    before = entries(ledger)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        outsider.execute(statement)
    assert entries(ledger) == before


TAMPERING: dict[str, tuple[Callable[[list[audit.Entry]], list[audit.Entry]], int, str]] = {
    "a changed text": (lambda all_: [*all_[:2], all_[2]._replace(entry='{"event":"denied"}'), *all_[3:]], 3, "changed"),
    "a changed time": (lambda all_: [*all_[:2], all_[2]._replace(at=all_[0].at), *all_[3:]], 3, "changed"),
    "a removed entry": (lambda all_: [*all_[:2], *all_[3:]], 3, "missing"),
    "a removed beginning": (lambda all_: all_[1:], 1, "missing"),
    "two that changed places": (
        lambda all_: [*all_[:2], all_[3]._replace(seq=3), all_[2]._replace(seq=4), *all_[4:]],
        3,
        "follow",
    ),
    "one that was hashed anew": (
        lambda all_: [*all_[:2], audit.next_entry(3, all_[2].at, {"event": "denied"}, all_[2].prev), *all_[3:]],
        4,
        "follow",
    ),
    "one that was moved to another request": (
        lambda all_: [*all_[:2], all_[2]._replace(request_id=1001), *all_[3:]],
        3,
        "changed",
    ),
    "a text that was changed": (
        lambda all_: [*all_[:2], beside(all_[2], (all_[2].beside or "").replace("and", "or")), *all_[3:]],
        3,
        "changed",
    ),
    "a text that is gone": (lambda all_: [*all_[:2], beside(all_[2], None), *all_[3:]], 3, "changed"),
    "a text that is put beside": (
        lambda all_: [*all_[:2], beside(all_[2], f'{all_[2].beside}\nticket {"0" * 32} "x"'), *all_[3:]],
        3,
        "changed",
    ),
    "one that is said to be erased": (
        lambda all_: [*all_[:2], all_[2]._replace(entry='{"event":"denied"}', erased_by=5), *all_[3:]],
        3,
        "which there never is in its form",
    ),
    "all from one on, said to be of an older form and erased": (
        lambda all_: [*all_[:2], *(each._replace(version=2, erased_by=LENGTH) for each in all_[2:])],
        3,
        "older form",
    ),
    "all of them, said to be of an older form and erased": (
        lambda all_: [each._replace(version=2, erased_by=LENGTH, beside=None) for each in all_],
        1,
        "changed",
    ),
    "a last one in the older form": (lambda all_: [*all_[:-1], older(all_[-1])], LENGTH, "older form"),
    "a last one in a form of its own": (
        lambda all_: [*all_[:-1], hashed(all_[-1]._replace(version=9))],
        LENGTH,
        "does not know",
    ),
    "a last one that is nothing to read": (
        lambda all_: [*all_[:-1], hashed(all_[-1]._replace(entry="[]"))],
        LENGTH,
        "cannot be read",
    ),
    "a last one of which nobody can say what stands beside it": (
        lambda all_: [*all_[:-1], hashed(all_[-1]._replace(beside="reason"))],
        LENGTH,
        "changed",
    ),
}


def hashed(entry: audit.Entry) -> audit.Entry:
    """Whoever can change an entry can hash it anew."""
    return entry._replace(hash=audit.hash_of(entry))


def older(entry: audit.Entry) -> audit.Entry:
    """The same as an older program would have written it."""
    return in_second_form(entry.seq, entry.at, entry.fields, entry.prev, entry.request_id)


def beside(entry: audit.Entry, text: str | None) -> audit.Entry:
    return entry._replace(beside=text)


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_shows_where_it_was_done(ledger: Ledger, how: str) -> None:
    tamper, seq, problem = TAMPERING[how]
    found = audit.verify(tamper(entries(ledger)))
    assert found is not None
    assert found.seq == seq and problem in found.problem


def test_an_entry_put_in_past_the_triggers_shows(ledger: Ledger, outsider: sqlite3.Connection) -> None:
    for trigger in ("audit_no_update", "audit_no_delete", "audit_no_replace"):
        outsider.execute(f"DROP TRIGGER {trigger}")
    outsider.execute("UPDATE audit SET entry = replace(entry, 'asked', 'denied') WHERE seq = 5")
    assert audit.verify(entries(ledger)) == audit.Break(5, "was changed after it was written")


@pytest.mark.parametrize("seq", [0, -7, LENGTH + 2])
def test_an_entry_outside_of_the_chain_shows(ledger: Ledger, outsider: sqlite3.Connection, seq: int) -> None:
    """Nothing is in the way of another row, and it would be shown as a part of its request's history."""
    outsider.execute(
        "INSERT INTO audit (seq, at, request_id, entry, prev, hash, version)"
        " SELECT :seq, at, request_id, entry, prev, hash, version FROM audit WHERE seq = 2",
        {"seq": seq},
    )
    assert audit.verify(entries(ledger)) is not None


@pytest.mark.parametrize("column", ["at", "entry", "prev", "hash", "request_id", "version", "erased_by", "beside"])
@pytest.mark.parametrize("value", ["x'c3'", "'?'", "1.5"])
def test_whatever_is_put_into_a_column_shows(
    ledger: Ledger, outsider: sqlite3.Connection, column: str, value: str
) -> None:
    """SQLite keeps bytes and numbers in a column of text as well."""
    outsider.execute("DROP TRIGGER audit_no_update")
    outsider.execute(f"UPDATE audit SET {column} = {value} WHERE seq = 5")
    found = audit.verify(entries(ledger))
    assert found is not None and found.seq == 5


HOSTILE: dict[str, Callable[[audit.Entry], audit.Entry]] = {
    "a number that is too long, of an entry from which nothing was erased": lambda last: last._replace(
        entry=audit.canonical({"event": AuditEvent.TEXTS_ERASED, "entries": {"7" * 5_000: "0" * 64}, "request": 1001})
    ),
    "a time in bytes": lambda last: last._replace(at=b"2026-01-01"),  # type: ignore[arg-type]
    "a number for what it says": lambda last: last._replace(entry=7),  # type: ignore[arg-type]
    "half of a character in what somebody wrote": lambda last: last._replace(
        version=audit.SECOND,
        entry=audit.canonical({"event": "asked", "written": {"reason": "0" * 64}}),
        beside='reason salt "\\ud800"',
    ),
}


@pytest.mark.parametrize("form", [audit.FIRST, audit.SECOND])
@pytest.mark.parametrize("how", HOSTILE)
def test_whatever_somebody_hashed_anew_is_judged(form: int, how: str) -> None:
    first = audit.Entry(1, audit.iso(NOW), '{"event":"asked"}', audit.GENESIS, "", None, form)
    first = hashed(first)
    kept = first._replace(erased_by=2)
    made = HOSTILE[how](audit.Entry(2, audit.iso(NOW), "{}", first.hash, "", 1001, form))
    found = audit.verify([kept, hashed(made)])
    assert found is not None and found.seq in (1, 2)


ODD = ("", "a", '«é» \\ "quotes"', "\x00\x1f\x7f\u2028", "\U0001f511", "\ud800", "</script>")


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("request_id", [None, 0, -1, 1 << 70, 1.5, True, b"1", "1"])
def test_an_entry_hashes_its_columns_as_json(text: str, request_id: int | None) -> None:
    """Every ledger there is was hashed so."""
    entry = audit.Entry(7, f"at {text}", f"entry {text}", f"prev {text}", "", request_id, audit.SECOND)
    fields = [entry.version, entry.seq, entry.at, entry.request_id, entry.prev, entry.entry]
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=True, default=repr)
    assert audit.hash_of(entry) == hashlib.sha256(text.encode()).hexdigest()


def test_fields_without_a_value_are_left_out(ledger: Ledger) -> None:
    with ledger.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ENDED, cause=None, code="Throttling.User")
    assert entries(ledger)[-1].fields == {"event": "ended", "code": "Throttling.User"}


def test_a_time_is_kept_as_the_text_that_was_hashed() -> None:
    assert audit.iso(NOW) == "2023-11-14T22:13:20.000+00:00"
