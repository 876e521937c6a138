"""A story that is played and checked: each step and what came of it, printed as it happens."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.markup import escape

STEP_TIMEOUT_SECONDS = 10.0
"""Seconds of real time that each step may take."""
WITHIN_ONCE_FAILED = 2.0
"""The same after one that did not come true: those that rest on it would all be waited for in vain."""


class Story:
    """Prints each step, and remembers whether all that it checked was true."""

    def __init__(self, console: Console) -> None:
        self.true = True
        self._console = console
        self._number = 0

    def step(self, text: str) -> None:
        """Print what somebody does next, numbered. The text is Rich's markup."""
        self._number += 1
        self._console.print(f"[bold]{self._number}.[/bold] {text}")

    def check(self, text: str, look: Callable[[], bool]) -> None:
        """Wait until `look` is true; a step that does not come true fails the demo, and the rest still plays."""
        deadline = time.monotonic() + (STEP_TIMEOUT_SECONDS if self.true else WITHIN_ONCE_FAILED)
        while not (seen := look()) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.true = self.true and seen
        self._console.print(f"   [{'green' if seen else 'red'}]{'✓' if seen else '✗'}[/] {text}")

    def fail(self, text: str) -> None:
        """Somebody did not see what they should have seen."""
        self.true = False
        self._console.print(f"   [red]✗[/] {escape(text)}")

    def say(self, text: str = "") -> None:
        """Print a line of Rich's markup as it is."""
        self._console.print(text)
