"""`pairec-access` started many times over: its modules are imported once, and each start is a fork of that process.

Run as a program, it reads a line of JSON for each start, the environment, and answers with one: status, output, errors.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from subprocess import CompletedProcess
from typing import NoReturn

from tests.program import surroundings

WORDS = ("run",)
Start = Callable[[Mapping[str, str]], CompletedProcess[str]]
"""`pairec-access run` with these settings and no others."""


@contextmanager
def forks() -> Iterator[Start]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked"],
        env=surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asks, answers = process.stdin, process.stdout
    assert asks is not None
    assert answers is not None

    def start(settings: Mapping[str, str]) -> CompletedProcess[str]:
        asks.write(json.dumps(surroundings(**settings)) + "\n")
        asks.flush()
        return CompletedProcess(WORDS, *json.loads(answers.readline()))

    with process:
        yield start
        asks.close()


def main() -> None:
    """All that a start imports, before the first one."""
    from bot import __main__ as program
    from bot import cli

    assert cli.main
    for line in sys.stdin:
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            child = os.fork()
            if child == 0:
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                _end(program.start, json.loads(line))
            _, ended = os.waitpid(child, 0)
            said = []
            for each in (output, errors):
                each.seek(0)
                said.append(each.read().decode(errors="replace"))
        sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(ended), *said]) + "\n")
        sys.stdout.flush()


def _end(start: Callable[[], None], environment: Mapping[str, str]) -> NoReturn:
    """As Python would: with the status that was asked for, or 1 and a traceback. Without what Python does at an exit,
    since the threads that it would wait for stayed in the other process."""
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pairec-access", *WORDS]
    status = 1
    try:
        start()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    finally:
        kind, error, trace = sys.exc_info()
        if kind and error:
            sys.excepthook(kind, error, trace)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
