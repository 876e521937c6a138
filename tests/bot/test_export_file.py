"""The file of the trail: whole lines, each once, whatever became of the process that wrote the last ones."""

from __future__ import annotations

import json
import os
import resource
from pathlib import Path

import pytest

from approvals.operations.trail_export import LastExported
from bot.export_file import BLOCK, open_export
from bot.signed_webhook import NotTaken

LINES = [json.dumps({"seq": seq, "hash": f"hash-{seq}", "entry": "é"}).encode() + b"\n" for seq in range(1, 6)]


def appended(path: Path) -> None:
    """What comes after the last entry in it, as whoever hands on the trail does."""
    with open_export(path) as file:
        file.take(LINES[file.last.seq if file.last else 0 :])


def test_what_is_in_it_is_known_and_nobody_else_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    with open_export(path) as file:
        assert file.last is None
        file.take(LINES[:2])
    with open_export(path) as file:
        assert file.last == LastExported(2, "hash-2")
    assert path.read_bytes() == b"".join(LINES[:2])
    assert path.stat().st_mode & 0o777 == 0o600


def test_wherever_a_process_died_amid_its_writing_the_rest_is_appended(tmp_path: Path) -> None:
    whole = b"".join(LINES)
    for length in range(len(whole)):
        path = tmp_path / f"{length}.jsonl"
        path.write_bytes(whole[:length])
        appended(path)
        assert path.read_bytes() == whole


def test_the_end_of_another_line_is_left_as_it_is_and_the_next_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    path.write_bytes(LINES[0] + b'{"seq":2,"what":"erased meanw')
    appended(path)
    assert path.read_bytes() == LINES[0] + b'{"seq":2,"what":"erased meanw\n' + b"".join(LINES[1:])


@pytest.mark.parametrize("before", [b"not of ours\n", b"[1]\n", b'{"seq":"1","hash":"x"}\n', b"\n", b"\xff\n"])
def test_what_somebody_else_wrote_there_stays_and_says_nothing(tmp_path: Path, before: bytes) -> None:
    path = tmp_path / "trail.jsonl"
    path.write_bytes(before)
    appended(path)
    assert path.read_bytes() == before + b"".join(LINES)


def test_a_line_may_be_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    long = json.dumps({"hash": "x", "seq": 9, "entry": "y" * (3 * BLOCK)}).encode() + b"\n"
    path.write_bytes(LINES[0] + long)
    with open_export(path) as file:
        assert file.last == LastExported(9, "x")


def test_one_that_was_renamed_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    appended(path)
    path.rename(tmp_path / "trail.jsonl.1")
    with open_export(path) as file:
        assert file.last is None


def test_two_do_not_append_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    with open_export(path), pytest.raises(NotTaken, match=r"^another process appends to it$"), open_export(path):
        pass


def test_why_it_cannot_be_used_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, why in (
        (tmp_path / "no-such-folder" / "trail.jsonl", r"^it cannot be opened \(No such file or directory\)$"),
        (tmp_path, r"^it cannot be opened \(Is a directory\)$"),
        (tmp_path / "pipe", "^it is no file$"),
    ):
        with pytest.raises(NotTaken, match=why), open_export(path):
            pass


def test_what_a_full_disk_did_not_take_is_appended_once_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(LINES[0]) + 10, before[1]))
    try:
        with pytest.raises(NotTaken, match=r"^it cannot be written \(File too large\)$"):
            appended(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(path.read_bytes()) == len(LINES[0]) + 10
    appended(path)
    assert path.read_bytes() == b"".join(LINES)
