"""A ledger from before names stood beside the trail: what it has stays as it was, is sealed by the first entry that
follows, and of what follows nothing can be changed and said to be erased; on either engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, Tx, open_ledger, trail
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step

BEFORE = 28
OLD = 4


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    """Four entries of the second form, a seal, and two of the third."""
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        for number in range(OLD):
            trail.append_event(tx, NOW, AuditEvent.ASKED, request_id=1001 + number, ram_user="carol", reason="on call")
    with closing(open_ledger(address)) as opened:
        with opened.write() as tx:
            for number in (1001, 1002):
                trail.append_event(tx, NOW, AuditEvent.CANCELLED, request_id=number, ram_user="carol", reason="not now")
        yield opened


def entries(ledger: Ledger) -> list[audit.Entry]:
    with ledger.read() as tx:
        return list(trail.entries(tx))


def test_what_there_was_stays_as_it_was_and_is_sealed_by_the_entry_that_follows(ledger: Ledger) -> None:
    found = entries(ledger)
    assert audit.verify(found) is None
    assert [each.version for each in found] == [2] * OLD + [3] * 3
    assert [each.fields["event"] for each in found[OLD:]] == ["older entries sealed", "cancelled", "cancelled"]
    assert all("carol" in each.entry for each in found[:OLD]) and not any("carol" in each.entry for each in found[OLD:])
    for each in (found[0], found[-1]):
        assert (each.fields["ram_user"], each.fields["reason"][:2]) in (("carol", "on"), ("carol", "no"))


def erased(entry: audit.Entry, by: int, /, **changes: object) -> audit.Entry:
    """As the program of before leaves one, and as somebody may who owns the database."""
    return entry._replace(erased_by=by, **changes)  # type: ignore[arg-type]


def vouched(found: list[audit.Entry], *left: audit.Entry) -> list[audit.Entry]:
    """With these in place of what they were, and an entry at the end that says what is left of them."""
    for each in left:
        found[each.seq - 1] = each
    last = found[-1]
    rest = {str(each.seq): audit.hash_of(each) for each in left}
    word = {"event": AuditEvent.TEXTS_ERASED.value, "entries": rest}
    return [*found, audit.next_entry(last.seq + 1, last.at, word, last.hash)]


LIE = audit.canonical({"event": "denied"})


def test_an_older_entry_can_be_left_with_less_of_it(ledger: Ledger) -> None:
    """That is what `texts erased` is for; it is also how its owner can lie about it, which the audit names."""
    found = entries(ledger)
    assert audit.verify(vouched(found, erased(found[1], 8, entry=LIE, beside=None))) is None


@pytest.mark.parametrize("seq", range(OLD + 1, OLD + 4))
@pytest.mark.parametrize("form", [audit.THIRD, audit.SECOND, audit.FIRST])
def test_a_newer_one_cannot_be_changed_whoever_vouches_for_it(ledger: Ledger, seq: int, form: int) -> None:
    found = entries(ledger)
    lie = erased(found[seq - 1], 8, entry=LIE, version=form, beside=None)
    broken = audit.verify(vouched(found, lie))
    assert broken is not None and broken.seq == seq


@pytest.mark.parametrize("form", [audit.SECOND, audit.FIRST])
def test_all_newer_ones_cannot_be_made_older_ones(ledger: Ledger, form: int) -> None:
    found = entries(ledger)
    lies = [erased(each, 8, entry=LIE, version=form, beside=None) for each in found[OLD:]]
    broken = audit.verify(vouched(found, *lies))
    assert broken is not None and broken.seq == OLD + 1


def test_what_is_before_one_that_was_erased_from_cannot_be_written_anew(ledger: Ledger) -> None:
    """The hash of that one would stay, and so would every hash that came after it."""
    found = entries(ledger)
    anew = [audit.GENESIS]
    for seq in range(1, OLD):
        made = found[seq - 1]._replace(entry=LIE, prev=anew[-1], beside=None)
        found[seq - 1] = made._replace(hash=audit.hash_of(made))
        anew.append(found[seq - 1].hash)
    broken = audit.verify(vouched(found, erased(found[OLD - 1], 8, prev=anew[-1], entry=LIE, beside=None)))
    assert broken is not None and broken.seq == OLD + 1 and "what they are" in broken.problem


def test_the_entry_that_seals_the_older_ones_has_to_be_there(ledger: Ledger) -> None:
    found = entries(ledger)[:OLD]
    last = found[-1]
    found.append(audit.next_entry(last.seq + 1, last.at, {"event": "cancelled"}, last.hash))
    broken = audit.verify(found)
    assert broken is not None and broken.seq == OLD + 1 and "what they are" in broken.problem


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE audit SET beside = replace(beside, 'carol', 'erin') WHERE seq = 7",
        "UPDATE audit SET entry = '{}', erased_by = 7 WHERE seq = 6",
        "UPDATE audit SET beside = NULL WHERE seq = 7",
        "UPDATE audit SET beside = 'x' WHERE seq = 2",
        "UPDATE audit SET version = 2 WHERE seq = 7",
    ],
)
def test_the_database_refuses_what_is_no_erasure(ledger: Ledger, deed: str) -> None:
    with pytest.raises(ledger.engine_errors, match="append-only"), ledger.write() as tx:
        tx.run(deed)


def test_what_is_erased_is_gone_and_the_chain_holds(ledger: Ledger) -> None:
    with ledger.write() as tx:
        erase_all(tx)
    found = entries(ledger)
    assert audit.verify(found) is None and [each.seq for each in found if each.erased] == [6, 7]
    assert "carol" not in repr(found[OLD:]) and "not now" not in repr(found)


def erase_all(tx: Tx) -> None:
    from approvals.operations.erase import _emptied

    left = [entry for number in (1001, 1002) for each in trail.of_request(tx, number) for entry in _emptied(each)]
    trail.erase(tx, NOW, [], [each for each in left if each.version == audit.THIRD])
