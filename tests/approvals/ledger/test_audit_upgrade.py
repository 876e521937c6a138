"""A trail that an older program began goes on in the newer form, and verifies from the first entry on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.ledger import Ledger, open_ledger, trail
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step, record_in_first_form, record_in_second_form

BEFORE = 12


@pytest.fixture
def upgraded(address: str) -> Iterator[Ledger]:
    """Three entries of the first form, of two requests."""
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        for number in (1001, 1002, 1001):
            record_in_first_form(tx, NOW, "asked", number, reason="on call, ж")
    opened = open_ledger(address)
    yield opened
    opened.close()


def entries(ledger: Ledger) -> list[audit.Entry]:
    with ledger.read() as tx:
        return list(trail.entries(tx))


def test_old_entries_verify_as_they_were_and_new_ones_follow(upgraded: Ledger) -> None:
    old = entries(upgraded)
    assert audit.verify(old) is None and [entry.version for entry in old] == [1, 1, 1]
    with upgraded.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.ASKED, request_id=1003, reason="on call")
    found = entries(upgraded)
    assert audit.verify(found) is None and found[:3] == old and [each.version for each in found[3:]] == [3, 3]
    assert found[3].fields["event"] == "older entries sealed" and found[3].fields["last"] == 3
    with upgraded.read() as tx:
        assert [entry.fields["reason"] for entry in trail.of_request(tx, 1001)] == ["on call, ж"] * 2
        assert [entry.fields["reason"] for entry in trail.of_request(tx, 1003)] == ["on call"]


def test_an_old_entry_that_was_moved_to_another_request_shows(upgraded: Ledger) -> None:
    moved = [entries(upgraded)[0]._replace(request_id=1002), *entries(upgraded)[1:]]
    assert audit.verify(moved) == audit.Break(1, "was moved to another request")


def test_an_older_program_that_is_still_at_work_cannot_go_on_in_its_form(upgraded: Ledger) -> None:
    with upgraded.write() as tx:
        record_in_first_form(tx, NOW, "asked", 1001)
        record_in_second_form(tx, NOW, "asked", request_id=1001, ram_user="carol", reason="on call")
        trail.append_event(tx, NOW, AuditEvent.ASKED, request_id=1003)
    for older in (record_in_first_form, record_in_second_form):
        with pytest.raises(upgraded.engine_errors, match="written by a newer program"), upgraded.write() as tx:
            older(tx, NOW, "asked", request_id=1001)
    assert audit.verify(entries(upgraded)) is None


@pytest.mark.parametrize("deed", ["UPDATE audit_texts SET text = 'x'", "DELETE FROM audit_texts"])
def test_what_people_wrote_is_kept_from_change_on_either_engine(upgraded: Ledger, deed: str) -> None:
    with upgraded.write() as tx:
        record_in_second_form(tx, NOW, "asked", request_id=1003, reason="on call")
    with pytest.raises(upgraded.engine_errors, match="append-only"), upgraded.write() as tx:
        tx.run(deed)
    with upgraded.write() as tx:
        assert tx.changed("UPDATE audit_texts SET text = NULL, salt = NULL") == 1
    assert audit.verify(entries(upgraded)) is None
