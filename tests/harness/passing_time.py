"""The bots' real time, which all processes of a test go by: it passes faster than ours, and may be moved."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

PACE = 16.0
"""So many times as fast as ours, so that nobody waits long for a turn to post."""
_LAYOUT = struct.Struct("<4d")


class Passing:
    """By how many milliseconds that time is ahead of ours; kept in a file, so that a process that was stopped finds,
    when it goes on, what has passed meanwhile.
    """

    def __init__(self, path: Path) -> None:
        new = not path.exists()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if new:
            self._write(time.monotonic(), 0.0, PACE)

    def ahead(self) -> int:
        since, ahead, pace = self._read()
        return round(ahead + (time.monotonic() - since) * (pace - 1.0) * 1_000)

    def move(self, seconds: float) -> None:
        since, ahead, pace = self._read()
        self._write(since, ahead + seconds * 1_000, pace)

    def moves(self) -> tuple[float, float, float]:
        """Another value after each move and change of the pace, when whoever sleeps by this time is to be woken."""
        return self._read()

    def pace(self) -> float:
        """It passes so many times as fast as ours."""
        return self._read()[2]

    def slow_down(self) -> None:
        self._pass_at(1.0)

    def hurry(self) -> None:
        self._pass_at(PACE)

    def close(self) -> None:
        os.close(self._file)

    def _pass_at(self, pace: float) -> None:
        self._write(time.monotonic(), float(self.ahead()), pace)

    def _read(self) -> tuple[float, float, float]:
        while True:
            since, ahead, pace, proof = _LAYOUT.unpack(os.pread(self._file, _LAYOUT.size, 0))
            # Another process may be in the middle of writing it.
            if proof == since + ahead + pace:
                return since, ahead, pace

    def _write(self, since: float, ahead: float, pace: float) -> None:
        os.pwrite(self._file, _LAYOUT.pack(since, ahead, pace, since + ahead + pace), 0)
