"""Ctrl-C and SIGTERM, for a program whose main thread only waits for them."""

from __future__ import annotations

import signal
import sys
import threading

SIGNAL_CHECK_SECONDS = 0.5
"""Seconds. The kernel may give a signal to any thread; the main one, which alone acts on it, is not woken by that."""


def exit_on_signals() -> None:
    """From now on, Ctrl-C and SIGTERM leave the program the way a return does, so that everything is closed."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))


def wait_until_stopped() -> None:
    """Wait until told to stop."""
    never = threading.Event()
    while not never.wait(SIGNAL_CHECK_SECONDS):
        pass
