"""A ledger in SQLite is on a disk of the machine itself, or it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from approvals.ledger.disks import network_disk

MOUNTED = r"""
21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
22 21 0:20 / /proc rw,nosuid shared:5 - proc proc rw
31 21 0:40 / /mnt/share rw,relatime shared:7 - nfs4 files.example.com:/export rw,vers=4.2
32 31 254:3 / /mnt/share/local rw - xfs /dev/vdb rw
33 21 0:41 / /mnt/two\040words rw - cifs //files/x rw
34 21 0:42 / /mnt/again rw - ext4 /dev/vdc rw
35 34 0:43 / /mnt/again rw master:1 propagate_from:2 - fuse.sshfs user@host: rw
36 21 0:44 / /mnt/oss rw - fuse.ossfs ossfs rw
garbage
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTED, "utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    {
        "/var/lib/ledger.db": None,
        "/mnt/share/ledger.db": "nfs4",
        "/mnt/share/deep/down/ledger.db": "nfs4",
        "/mnt/share/local/ledger.db": None,
        "/mnt/sharedisk/ledger.db": None,
        "/mnt/two words/ledger.db": "cifs",
        "/mnt/again/ledger.db": "fuse.sshfs",
        "/mnt/oss/ledger.db": "fuse.ossfs",
    }.items(),
)
def test_the_deepest_and_last_mount_says_what_a_file_is_on(mounts: Path, path: str, kind: str | None) -> None:
    assert network_disk(Path(path), mounts) == kind


def test_where_nothing_is_told_of_mounts_no_disk_is_refused(tmp_path: Path) -> None:
    assert network_disk(tmp_path / "ledger.db", tmp_path / "nothing") is None


def test_a_link_to_a_file_elsewhere_is_followed(mounts: Path, tmp_path: Path) -> None:
    link = tmp_path / "ledger.db"
    link.symlink_to("/mnt/share/ledger.db")
    assert network_disk(link, mounts) == "nfs4"


def test_the_disk_of_these_tests_is_a_local_one(tmp_path: Path) -> None:
    assert network_disk(tmp_path / "ledger.db") is None
