"""Points in time, in whole milliseconds since the epoch: each kind a type of its own to the type checker, and a plain
integer when the program runs.

Later by some duration is the same kind of time. What is between two, like every duration, is an `int`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:

    class DomainMillis(int):
        """Domain time, by which grants end and jobs are due: real time, moved by what the sandbox alone may set."""

        def __add__(self, duration: int) -> DomainMillis: ...

    class RealMillis(int):
        """Real time, by which jobs are locked, lanes are shut and a key is looked at again."""

        def __add__(self, duration: int) -> RealMillis: ...

else:
    DomainMillis = RealMillis = int

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
