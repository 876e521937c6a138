"""How long to wait before trying again, and how much slower to go: growing, bounded, and no two pauses the same where
two fail together.
"""

from __future__ import annotations

from random import Random

from approvals.millis import MINUTE

FIRST_PAUSE_MS = 500
MAX_PAUSE_MS = MINUTE
KEPT_AFTER_REFUSAL = 0.9
"""Of a pace, after each answer that it is too fast: where one call in ten is refused, it stays at half of what the
other side takes.
"""


def backoff(attempts: int, chance: Random, longest: int = MAX_PAUSE_MS) -> int:
    """Milliseconds of real time after so many attempts without progress: half to all of 0.5 s, 1 s, 2 s ... `longest`,
    at most 8 minutes.
    """
    whole: int = min(FIRST_PAUSE_MS << min(max(attempts - 1, 0), 10), longest)
    return whole // 2 + chance.randint(0, whole // 2)
