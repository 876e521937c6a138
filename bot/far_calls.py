"""What is told of each call that goes out, to whoever counts them: which it was, what came of it, how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

OK = "ok"
SLACK = "slack"


class FarCall(NamedTuple):
    """One that came to its end."""

    side: str
    """Whom it went to: SLACK, or a product of the cloud."""
    action: str
    """What was called there, one of those that the program knows."""
    outcome: str
    """OK, or the kind of error: none of them is a text of the far side's."""
    seconds: float


Told = Callable[[FarCall], None]


def untold(_: FarCall) -> None:
    """Nobody counts."""


@contextmanager
def telling(told: Told, side: str, action: str, word_of: Callable[[Exception], str]) -> Iterator[None]:
    """Tell of the call that is made in here. `word_of` an exception says what came of it."""
    begun = time.monotonic()
    outcome = OK
    try:
        yield
    except Exception as error:
        outcome = word_of(error)
        raise
    finally:
        told(FarCall(side, action, outcome, time.monotonic() - begun))
