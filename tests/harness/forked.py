"""`pairec-access` started many times over: its modules are imported once, and each start is a fork of that process.

Run as a program, it reads a line of JSON for each start, the words and the environment, and answers with one: status,
output, errors.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from subprocess import CompletedProcess
from typing import NoReturn

ENDS_WITHIN = 90
"""Seconds; a start that takes longer is killed."""


class Forks:
    """The first start imports everything; threads that start something wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def start(self, words: Sequence[str], environment: Mapping[str, str]) -> CompletedProcess[str]:
        """Run `pairec-access` with these words, in this environment, to its end."""
        with self._lock:
            process = self._process = self._process or self._opened()
            asks, answers = process.stdin, process.stdout
            assert asks is not None
            assert answers is not None
            asks.write(json.dumps([words, dict(environment)]) + "\n")
            asks.flush()
            status, output, errors = json.loads(answers.readline())
            return CompletedProcess(["pairec-access", *words], status, output, errors)

    @staticmethod
    def _opened() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.harness.forked"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        if self._process:
            self._process.communicate()
            self._process = None


@cache
def forks() -> Forks:
    """Those of this process."""
    return Forks()


def main() -> None:
    """All that a start imports, before the first one."""
    from bot import __main__ as program
    from bot.cli import main as command_line

    assert command_line.main
    for line in sys.stdin:
        words, environment = json.loads(line)
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            child = os.fork()
            if child == 0:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                _end(program.start, words, environment)
            _, ended = os.waitpid(child, 0)
            said = []
            for each in (output, errors):
                each.seek(0)
                said.append(each.read().decode(errors="replace"))
        sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(ended), *said]) + "\n")
        sys.stdout.flush()


def _end(start: Callable[[], None], words: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """As Python would: with the status that was asked for, or 1 and a traceback. Without what Python does at an exit,
    since the threads that it would wait for stayed in the other process.
    """
    signal.alarm(ENDS_WITHIN)
    _as_imported_in(environment)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pairec-access", *words]
    status = 1
    try:
        start()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        kind, error, trace = sys.exc_info()
        if kind and error:
            sys.excepthook(kind, error, trace)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _as_imported_in(environment: Mapping[str, str]) -> None:
    """The credentials' SDK reads the environment once, where it is imported: after the program has tidied it up."""
    from alibabacloud_credentials.utils import auth_util

    from bot.environment import strip_values

    os.environ.clear()
    os.environ.update(environment)
    strip_values(os.environ)
    importlib.reload(auth_util)


if __name__ == "__main__":
    main()
