"""Whatever happens and in whatever order, RAM comes to hold what the ledger says, and nobody decides who may not."""

from __future__ import annotations

import pytest

from tests.harness.databases import Databases
from tests.property.courses import on, play

COURSES, STEPS = 6, 40
"""A size for every day; `make soak` goes on for as long as one likes."""

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
"""A bot that dies does so in the middle of its threads."""


def test_whatever_happens_ram_comes_to_hold_what_a_ledger_in_a_file_says() -> None:
    play(on(lambda folder: f"sqlite:///{folder / 'ledger.db'}"), COURSES, STEPS)


def test_whatever_happens_ram_comes_to_hold_what_a_ledger_on_a_server_says(databases: Databases) -> None:
    play(on(lambda _: databases.new()), COURSES, STEPS)
