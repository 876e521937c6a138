"""Buckets and what is in them. Under a retention that is locked nothing is overwritten or deleted (help/oss, retention
policies).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.ram.errors import RamError

ANCHORS, ELSEWHERE, UNLOCKED = "pairec-access-anchors", "anchors-in-shanghai", "without-retention"
DAY_SECONDS = 86_400.0


@dataclass
class OssBucket:
    """One bucket."""

    name: str
    region: str = "cn-hangzhou"
    retention_days: int | None = 365
    """Of the policy that is locked; None where there is none."""
    objects: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    """What is in each, and when it was put, in epoch seconds."""

    def put(self, key: str, content: bytes, now: float, *, forbid_overwrite: bool) -> None:
        """Make an object, or another one of it; `RamError` where that may not be."""
        if key in self.objects:
            if forbid_overwrite:
                raise RamError(
                    409, "FileAlreadyExists", "The object you specified already exists and can not be overwritten."
                )
            self._refuse_kept(key, now)
        self.objects[key] = (content, now)

    def delete(self, key: str, now: float) -> None:
        """One that is not there is no error."""
        if key in self.objects:
            self._refuse_kept(key, now)
            del self.objects[key]

    def content(self, key: str) -> bytes:
        """What is in an object; `RamError` where there is none."""
        if key not in self.objects:
            raise RamError(404, "NoSuchKey", "The specified key does not exist.")
        return self.objects[key][0]

    def _refuse_kept(self, key: str, now: float) -> None:
        days = self.retention_days
        if days is not None and now - self.objects[key][1] < days * DAY_SECONDS:
            raise RamError(409, "FileImmutable", "The object you specified is immutable.")


class Buckets:
    """All of an account."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now`: epoch seconds of real time."""
        self.now = now
        self._buckets = {
            each.name: each
            for each in (
                OssBucket(ANCHORS),
                OssBucket(ELSEWHERE, "cn-shanghai"),
                OssBucket(UNLOCKED, retention_days=None),
            )
        }

    def __getitem__(self, name: str) -> OssBucket:
        """`RamError` where there is none of that name."""
        if name not in self._buckets:
            raise RamError(404, "NoSuchBucket", "The specified bucket does not exist.")
        return self._buckets[name]
