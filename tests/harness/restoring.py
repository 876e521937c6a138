"""A backup that is put back in the place of a ledger that has gone on, and what the next bot asks about."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from approvals.ledger.back_up import back_up
from approvals.ledger.restore import restore
from approvals.millis import DomainMillis
from bot.sandbox.client import SeenMessage
from tests.harness.app import APPROVALS, AppHarness
from tests.harness.waiting import in_time

UNKNOWN = "Origin unknown"
MINUTE = 60


def now(app: AppHarness) -> DomainMillis:
    return DomainMillis(round(app.sandbox.clock.now() * 1_000))


def by_command(app: AppHarness, file: Path) -> None:
    restore(file, app.ledger_address, now(app), "alice", overwrite=True)


def by_hand(app: AppHarness, file: Path) -> None:
    for tail in ("-wal", "-shm"):
        app.ledger_path.with_name(app.ledger_path.name + tail).unlink(missing_ok=True)
    shutil.copy(file, app.ledger_path)


WAYS = {"restored": by_command, "copied back": by_hand}


def backed_up(app: AppHarness, tmp_path: Path) -> Path:
    """A minute after the last thing that happened, and a minute before the next."""
    file = tmp_path / "backup.db"
    app.people.advance(MINUTE)
    back_up(app.ledger, file)
    app.people.advance(MINUTE)
    return file


def put_back(app: AppHarness, file: Path, way: Callable[[AppHarness, Path], None] = by_command) -> None:
    app.stop_bot()
    app.ledger.close()
    app.people.advance(MINUTE)
    way(app, file)
    app.move_to(app.ledger_address)
    app.start_bot()


def notices(app: AppHarness, text: str = UNKNOWN) -> list[SeenMessage]:
    return [each for each in app.bob.messages(APPROVALS) if text in each.plain]


def notice(app: AppHarness, text: str = UNKNOWN) -> SeenMessage:
    in_time(app, lambda: notices(app, text), f"a message with {text!r}; bob sees:\n{app.bob.screen_text()}")
    [found] = notices(app, text)
    return found


def looked(app: AppHarness) -> None:
    """The bot has looked, whatever it found: the next look is due later."""

    def due() -> int:
        with app.ledger.read() as tx:
            row = tx.row("SELECT due_at FROM jobs WHERE id = 'origin' AND lock_token IS NULL")
        return int(row["due_at"]) if row else 0

    in_time(app, lambda: due() > now(app), "the look")
