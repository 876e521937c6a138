"""Play courses of events: so many, so long, the same ones every time or those of a seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.machine import Anything


def on(new_ledger: Callable[[Path], str]) -> type[Anything]:
    """`new_ledger` gives the address of an empty ledger; it may be in the folder that it is given."""

    class OnThisEngine(Anything):
        pass

    OnThisEngine.new_ledger = staticmethod(new_ledger)
    return OnThisEngine


def play(machine: type[Anything], courses: int, steps: int, chosen: int | None = None) -> None:
    """`chosen`: the seed; without one it is the same courses every time.

    What is found is not made smaller: the bot has threads, so that the same steps need not find it again.
    """
    if chosen is not None:
        machine = seed(chosen)(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=courses,
            stateful_step_count=steps,
            derandomize=chosen is None,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
