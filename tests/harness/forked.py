"""`pairec-access` started many times over: its modules are imported once, and each start is a fork of that process.

Run as a program, it reads a line of JSON for each start, the words, the environment and whether root is held to
permissions, and answers with one: status, output, errors. Of a start that has a log as well, the answer is the process
id, and its status comes in a file.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from typing import Any, NoReturn, Protocol

ENDS_WITHIN = 90
"""Seconds; a start that takes longer is killed."""
LOOK_EVERY = 0.02


class Process(Protocol):
    """A program that goes on, as `subprocess.Popen` has it."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int, /) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class ForkedProcess:
    """One that another process forked, which writes its status to a file once it has ended."""

    def __init__(self, pid: int, ended: Path) -> None:
        self.pid = pid
        self._ended = ended

    def poll(self) -> int | None:
        """Its status, or None while it runs."""
        return int(self._ended.read_text("ascii")) if self._ended.exists() else None

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if timeout is not None and deadline is not None and time.monotonic() > deadline:
                raise TimeoutExpired("pairec-access", timeout)
            time.sleep(LOOK_EVERY)
        return status

    def send_signal(self, sig: int, /) -> None:
        """It keeps its number until its status is in the file."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Forks:
    """The first start imports everything; threads that start something wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._statuses = tempfile.TemporaryDirectory(prefix="pairec-access-")
        self._numbers = itertools.count(1)

    def start(
        self, words: Sequence[str], environment: Mapping[str, str], *, held: bool = False
    ) -> CompletedProcess[str]:
        """Run `pairec-access` with these words, in this environment, to its end; `held` to what files and folders
        allow, by which root passes otherwise.
        """
        status, output, errors = self._asked(words, environment, held)
        return CompletedProcess(["pairec-access", *words], status, output, errors)

    def begin(
        self, words: Sequence[str], environment: Mapping[str, str], log: Path, cwd: str | Path | None
    ) -> ForkedProcess:
        """The same, and let it run; `log` gets what it says."""
        log.write_bytes(b"")
        ended = Path(self._statuses.name) / str(next(self._numbers))
        return ForkedProcess(
            self._asked(words, environment, False, str(log), str(cwd or Path.cwd()), str(ended)), ended
        )

    def _asked(self, words: Sequence[str], environment: Mapping[str, str], held: bool, *more: str) -> Any:
        with self._lock:
            process = self._process = self._process or self._opened()
            asks, answers = process.stdin, process.stdout
            assert asks is not None
            assert answers is not None
            asks.write(json.dumps([words, dict(environment), held, *more]) + "\n")
            asks.flush()
            return json.loads(answers.readline())

    @staticmethod
    def _opened() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.harness.forked"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        if self._process:
            self._process.communicate()
            self._process = None
        self._statuses.cleanup()


@cache
def forks() -> Forks:
    """Those of this process."""
    return Forks()


def main() -> None:
    program = imported()
    # A fork that looked through it for garbage would get a copy of each page.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        words, environment, held, *more = json.loads(line)
        start = partial(_held_to_permissions, program) if held else program
        does = _begun if more else _done
        sys.stdout.write(json.dumps(does(start, words, environment, *more)) + "\n")
        sys.stdout.flush()


def imported() -> Callable[[], None]:
    """What starts the program, with all that a start imports, before the first one: also every command, which the
    program itself loads when it is wanted.
    """
    import psycopg_pool

    from bot.__main__ import start
    from bot.cli.main import COMMANDS
    from bot.sdk_imports import put_off_imports

    put_off_imports()
    from bot.slack import http_mode, signed_requests, socket_mode

    assert psycopg_pool and http_mode and signed_requests and socket_mode
    for command in COMMANDS.values():
        command.load()
    return start


def _done(start: Callable[[], None], words: Sequence[str], environment: Mapping[str, str]) -> list[int | str]:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            _says(output.fileno(), errors.fileno())
            signal.alarm(ENDS_WITHIN)
            _end(start, words, environment)
        _, ended = os.waitpid(child, 0)
        said = []
        for each in (output, errors):
            each.seek(0)
            said.append(each.read().decode(errors="replace"))
    return [os.waitstatus_to_exitcode(ended), *said]


def _begun(
    start: Callable[[], None], words: Sequence[str], environment: Mapping[str, str], log: str, cwd: str, ended: str
) -> int:
    """A process between this one and the program waits for its end, since this one has others to start."""
    reads, writes = os.pipe()
    if os.fork() == 0:
        os.close(reads)
        written = os.open(log, os.O_WRONLY)
        child = os.fork()
        if child == 0:
            os.close(writes)
            _says(written, written)
            os.close(written)
            os.chdir(cwd)
            _end(start, words, environment)
        os.write(writes, str(child).encode())
        os.close(writes)
        # Whoever waits for the end of what the other process says is not to wait for this one.
        os.dup2(written, 1)
        found = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        status = found.si_status if found and found.si_code == os.CLD_EXITED else -found.si_status if found else 1
        new = Path(f"{ended}.new")
        new.write_text(str(status), "ascii")
        new.replace(ended)
        os._exit(0)
    os.close(writes)
    told = os.read(reads, 32)
    os.close(reads)
    return int(told)


def _says(output: int, errors: int) -> None:
    """What it writes goes there, and there is nothing to read."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(errors, 2)


def _end(start: Callable[[], None], words: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """As Python would: with the status that was asked for, or 1 and a traceback. Without what Python does at an exit,
    since the threads that it would wait for stayed in the other process.
    """
    _as_imported_in(environment)
    # Whoever starts the tests in the background may have Ctrl-C ignored, which a process inherits.
    signal.signal(signal.SIGINT, signal.default_int_handler)
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


def _held_to_permissions(start: Callable[[], None]) -> None:
    """Without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (man 2 capset)."""
    kernel = ctypes.CDLL(None, use_errno=True)
    version_3_of_this_process = (ctypes.c_uint32 * 2)(0x20080522, 0)
    # Effective, permitted and inheritable ones, the first 32 of each and then the others.
    sets = (ctypes.c_uint32 * 6)()
    for call in (kernel.capget, kernel.capset):
        if call(version_3_of_this_process, sets):
            raise OSError(ctypes.get_errno(), "root cannot be held to permissions")
        for number in range(3):
            sets[number] &= ~(1 << 1 | 1 << 2) & 0xFFFFFFFF
    start()


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
