"""What approvers are reminded of, as the tests about it see it; and the hours in which they work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from bot.sandbox.client import SandboxPerson, SeenMessage
from tests.harness.app import AppHarness

STILL = "still needs your approval"
MONDAY, TUESDAY, FRIDAY, SATURDAY = 0, 1, 4, 5
MINUTE = 60


def goes_to(app: AppHarness, weekday: int, hour: int, minute: int = 0, zone: tzinfo = UTC) -> None:
    """The next time that it is so on the clocks of that zone."""
    now = datetime.fromtimestamp(app.people.now(), zone)
    there = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    there += timedelta(days=(weekday - now.weekday()) % 7)
    if there <= now:
        there += timedelta(days=7)
    app.people.advance(there.timestamp() - app.people.now())


def lives_in(app: AppHarness, zone: str, *people: SandboxPerson) -> None:
    for each in people:
        app.people.inject_slack_fault({"person": each.id, "set": {"tz": zone}})


def reminders(person: SandboxPerson) -> list[SeenMessage]:
    """All that they see, oldest first."""
    return [message for message in person.messages() if STILL in message.plain]


def is_reminded(app: AppHarness, person: SandboxPerson, times: int = 1) -> SeenMessage:
    """The last one, once there are so many."""
    app.until(lambda: len(reminders(person)) == times, f"{person.name} to be reminded")
    return reminders(person)[-1]


def due_in(app: AppHarness, ref: str) -> float | None:
    """Seconds until the next reminder; None where there will be none."""
    with app.ledger.read() as tx:
        row = tx.row("SELECT due_at FROM jobs WHERE id = :id", id=f"ask_again:{ref[2:]}")
    return row["due_at"] / 1_000 - app.people.now() if row else None


def has_looked(app: AppHarness, ref: str) -> float | None:
    """The same, once what is due was done."""
    app.until(lambda: (due := due_in(app, ref)) is None or due > 0, "what is due to be done")
    return due_in(app, ref)
