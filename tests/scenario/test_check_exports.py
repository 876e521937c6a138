"""`pairec-access check` says of whatever the audit trail is handed to whether it can be, and how far it is behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from approvals.audit_events import AuditEvent
from approvals.ledger import open_ledger, trail, trail_exports
from approvals.ledger.trail_exports import ExportTarget
from approvals.millis import DAY, DomainMillis
from tests.harness.checked import Installation, installation, says
from tests.harness.received import SECRET, Receiver

pytestmark = pytest.mark.slow
FILE, WEBHOOK = "audit export: file", "audit export: webhook"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("installed")) as opened:
        with closing(open_ledger(f"sqlite:///{opened.ledger_path}")) as ledger, ledger.write() as tx:
            trail.append_event(tx, DomainMillis(ledger.real() - 7 * DAY), AuditEvent.SETUP_CHANGED, what="settings")
        yield opened


def has(installed: Installation, to: ExportTarget, seq: int) -> None:
    """That target has so many entries by now."""
    with closing(open_ledger(f"sqlite:///{installed.ledger_path}")) as ledger, ledger.write() as tx:
        trail_exports.begin(tx, to, DomainMillis(ledger.real()))
        trail_exports.mark_taken(tx, to, seq, DomainMillis(ledger.real()))


def entries(installed: Installation) -> int:
    with closing(open_ledger(f"sqlite:///{installed.ledger_path}")) as ledger, ledger.read() as tx:
        return trail.length(tx)


def test_where_nothing_is_set_the_row_says_so(installed: Installation) -> None:
    says(installed.row("audit export"), "ok", "neither PAIREC_AUDIT_EXPORT_PATH nor PAIREC_AUDIT_EXPORT_URL")


def test_a_file_that_can_be_written_and_one_that_cannot(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    has(installed, ExportTarget.FILE, entries(installed) - 1)
    says(installed.row(FILE, PAIREC_AUDIT_EXPORT_PATH=str(path)), "warning", "the oldest 7 days old", "/readyz")
    has(installed, ExportTarget.FILE, entries(installed))
    says(installed.row(FILE, PAIREC_AUDIT_EXPORT_PATH=str(path)), "ok", "it has all of the trail")
    assert not path.exists(), "nothing is made"
    for wrong in (tmp_path, tmp_path / "none" / "trail.jsonl"):
        row = installed.row(FILE, PAIREC_AUDIT_EXPORT_PATH=str(wrong))
        says(row, "failed", "nothing can be written", "put PAIREC_AUDIT_EXPORT_PATH right")


def test_a_webhook_that_answers_and_one_that_does_not(installed: Installation) -> None:
    has(installed, ExportTarget.WEBHOOK, entries(installed))
    with Receiver() as receiver:
        says(installed.row(WEBHOOK, **receiver.export_settings()), "ok", "it has all of the trail")
        assert receiver.lines == [] and receiver.refused == []
    settings = {"PAIREC_AUDIT_EXPORT_URL": "https://127.0.0.1:1/hook", "PAIREC_AUDIT_EXPORT_SECRET": SECRET}
    says(installed.row(WEBHOOK, **settings), "failed", "it cannot be reached", "PAIREC_AUDIT_EXPORT_URL, HTTPS_PROXY")
