"""Boards of /pairec-status, as the scenarios about them look at them."""

from __future__ import annotations

from approvals.ledger import status_runs
from bot.sandbox.client import SandboxPerson, SeenMessage, ViewSnapshot
from tests.harness.app import AppHarness

GENERAL, RANKING = "C0GENERAL", "C0RANKING"
LOOKING = "checking,"


def boards(person: SandboxPerson, channel: str = GENERAL) -> list[SeenMessage]:
    """Oldest first; answers that one person alone sees are none."""
    found = [m for m in person.messages(channel) if m.plain.startswith("PAI-Rec status") and not m.ephemeral]
    return sorted(found, key=lambda message: float(message.ts))


def board(
    app: AppHarness, person: SandboxPerson, text: str = "", channel: str = GENERAL, timeout: float = 15.0
) -> SeenMessage:
    """The newest board, once it is done and says `text`."""

    def look() -> SeenMessage | None:
        found = boards(person, channel)
        return found[-1] if found and LOOKING not in found[-1].plain and text in found[-1].plain else None

    return app.until(look, lambda: f"a board with {text!r}; {person.name} sees:\n{person.screen_text()}", timeout)


def status(app: AppHarness, person: SandboxPerson, words: str = "", channel: str = GENERAL) -> SeenMessage:
    """Ask for the status, and wait for the board to be done. Whoever asks while a look is under way is shown that one,
    which may have begun before something was broken: so it is asked once that is over.
    """
    app.until(lambda: not _looking(app), "the look that is under way to be over")
    before = len(boards(person, channel))
    person.type(f"/pairec-status {words}".strip(), channel)
    app.until(
        lambda: len(boards(person, channel)) > before,
        lambda: f"a new board; {person.name} sees:\n{person.screen_text()}",
    )
    return board(app, person, channel=channel)


def _looking(app: AppHarness) -> bool:
    with app.ledger.read() as tx:
        return status_runs.under_way(tx, "") is not None


def whole(person: SandboxPerson, board: SeenMessage) -> ViewSnapshot:
    """The window behind Details of a board, which has every row; it is closed again."""
    person.click("Details", board)
    shown = person.modal("PAI-Rec status")
    person.close_modal()
    return shown


def row(shown: SeenMessage | ViewSnapshot, title: str) -> str:
    """What a board says of a row that is not good, or the window behind Details of any: the line that has its name, and
    those that belong to it.
    """
    lines = shown.plain.splitlines()
    first = next(number for number, line in enumerate(lines) if f"*{title}*" in line)
    rest = lines[first + 1 :]
    own = next((number for number, line in enumerate(rest) if not line.startswith(("•", "→"))), len(rest))
    return "\n".join([lines[first], *rest[:own]])


def thread(person: SandboxPerson, parent: SeenMessage) -> list[str]:
    """What was posted under a message."""
    return [
        m.plain for m in person.messages(parent.channel) if m.body.get("thread_ts") == parent.ts and m.ts != parent.ts
    ]
