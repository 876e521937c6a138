"""What kind of disk a file is on. On one that several machines share SQLite's locks may not hold
(sqlite.org/howtocorrupt.html, "Filesystems with broken or missing lock implementations"), and its WAL cannot work
(sqlite.org/wal.html).
"""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""Of Linux (proc_pid_mountinfo(5)); elsewhere nothing is known."""
NETWORKED = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "fuse.alluxio-fuse",
        "fuse.blobfuse",
        "fuse.blobfuse2",
        "fuse.ceph",
        "fuse.ceph-fuse",
        "fuse.cosfs",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.goofys",
        "fuse.jindofs-fuse",
        "fuse.juicefs",
        "fuse.mfs",
        "fuse.mount-s3",
        "fuse.mountpoint-s3",
        "fuse.obsfs",
        "fuse.ossfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "smb3",
        "smbfs",
    }
)


def network_disk(path: Path, mounts: Path | None = None) -> str | None:
    """The kind of the network disk that a file is on, such as `nfs4`; None for a local one, or where nobody says it."""
    try:
        lines = (mounts or MOUNTS).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    found = _kind(path.resolve(), lines)
    return found if found in NETWORKED else None


def _kind(path: Path, lines: list[str]) -> str | None:
    """Of the mount that has the file: the deepest, and of several at one place the last."""
    deepest, kind = -1, None
    for line in lines:
        before, separator, after = line.partition(" - ")
        fields = before.split()
        if not separator or len(fields) < 5 or not after:
            continue
        point = _unescaped(fields[4]).rstrip("/")
        if f"{path}/".startswith(f"{point}/") and len(point) >= deepest:
            deepest, kind = len(point), after.split()[0]
    return kind


def _unescaped(text: str) -> str:
    """Spaces and the like are written as three octal digits."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
