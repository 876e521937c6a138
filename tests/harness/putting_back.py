"""A backup that is put back in the place of a ledger that has gone on, and what the next bot asks about."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from approvals.ledger.backup import back_up, restore
from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.waiting import in_time

UNKNOWN = "Origin unknown"
MINUTE = 60


def now(office: AppHarness) -> int:
    return round(office.sandbox.clock.now() * 1_000)


def by_command(office: AppHarness, file: Path) -> None:
    restore(file, office.ledger_address, now(office), "alice", overwrite=True)


def by_hand(office: AppHarness, file: Path) -> None:
    for tail in ("-wal", "-shm"):
        office.ledger_path.with_name(office.ledger_path.name + tail).unlink(missing_ok=True)
    shutil.copy(file, office.ledger_path)


WAYS = {"restored": by_command, "copied back": by_hand}


def backed_up(office: AppHarness, tmp_path: Path) -> Path:
    """A minute after the last thing that happened, and a minute before the next."""
    file = tmp_path / "backup.db"
    office.people.advance(MINUTE)
    back_up(office.ledger, file)
    office.people.advance(MINUTE)
    return file


def put_back(office: AppHarness, file: Path, way: Callable[[AppHarness, Path], None] = by_command) -> None:
    office.stop_bot()
    office.ledger.close()
    office.people.advance(MINUTE)
    way(office, file)
    office.move_to(office.ledger_address)
    office.start_bot()


def notices(office: AppHarness, text: str = UNKNOWN) -> list[SeenMessage]:
    return [each for each in office.bob.messages(APPROVALS) if text in each.plain]


def notice(office: AppHarness, text: str = UNKNOWN) -> SeenMessage:
    in_time(office, lambda: notices(office, text), f"a message with {text!r}; bob sees:\n{office.bob.sees()}")
    [found] = notices(office, text)
    return found


def looked(office: AppHarness) -> None:
    """The bot has looked, whatever it found: the next look is due later."""

    def due() -> int:
        with office.ledger.read() as tx:
            row = tx.row("SELECT due_at FROM jobs WHERE id = 'origin' AND lock_token IS NULL")
        return int(row["due_at"]) if row else 0

    in_time(office, lambda: due() > now(office), "the look")
