"""The file to which the audit trail is appended: whole lines, on the disk before anybody relies on them.

It is opened for each batch, so that whoever rotates it may rename it at any time. Nothing in it is ever changed, so
that it may be one that takes appending alone (`chattr +a`): where a process died amid a line, the rest is appended.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from approvals.operations.trail_export import LastExported
from bot.signed_webhook import NotTaken

BLOCK = 64 * 1024
"""Bytes that are read at a time, from the end on."""


class ExportFile:
    """One that is open, and locked against whoever else appends to it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        whole, self._torn = _end_of(descriptor)
        self.last = _last_of(whole)
        """The last entry in it; None where there is none, or something else."""

    def take(self, lines: Sequence[bytes]) -> None:
        """Append these, each of which ends; they are on the disk then.

        Raises:
            NotTaken: they are not, or not all of them.
        """
        rest = b"".join(lines)
        if self._torn:
            rest = rest[len(self._torn) :] if rest.startswith(self._torn) else b"\n" + rest
        with _saying("written"):
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            os.fsync(self._descriptor)


@contextmanager
def open_export(path: Path) -> Iterator[ExportFile]:
    """For whoever appends to it; it is made where there is none, readable by its owner alone.

    Raises:
        NotTaken: it cannot be used, and why.
    """
    with _saying("opened"):
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    try:
        yield _locked(descriptor, path)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, path: Path) -> ExportFile:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise NotTaken("it is no file")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NotTaken("another process appends to it") from None
    with _saying("read"):
        if not os.fstat(descriptor).st_size:
            _keep_name(path)
        return ExportFile(descriptor)


@contextmanager
def _saying(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotTaken(f"it cannot be {what} ({error.strerror})") from None


def _keep_name(path: Path) -> None:
    """That it is there outlives a loss of power as well."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _end_of(descriptor: int) -> tuple[bytes, bytes]:
    """The last whole line, and what is behind it."""
    begin = os.fstat(descriptor).st_size
    found = b""
    while begin > 0 and found.count(b"\n") < 2:
        size = min(BLOCK, begin)
        begin -= size
        found = os.pread(descriptor, size, begin) + found
    before, newline, torn = found.rpartition(b"\n")
    return before.rpartition(b"\n")[2] + newline, torn


def _last_of(line: bytes) -> LastExported | None:
    try:
        fields = json.loads(line)
        found = LastExported(fields["seq"], fields["hash"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if type(found.seq) is int and isinstance(found.hash, str) else None
