"""What was read of a RAM user a moment ago, for those to whom that is new enough."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

from approvals.ids import RamUserId
from approvals.people import Principal

NEW_FOR_SECONDS = 2.0
MINUTE_SECONDS = 60.0
"""Longer than any read takes."""
T = TypeVar("T")


class UserLists(NamedTuple):
    """The answer of ListPoliciesForUser, and the names of the user's groups: both may still be on their way."""

    policies: Future[Any]
    groups: Future[list[str]]


class RecentReads:
    """Each is kept for two seconds from when it was begun, and until something is written about that user from here.
    Safe to share between threads.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._users: dict[RamUserId, tuple[Principal, float]] = {}
        self._lists: dict[RamUserId, tuple[UserLists, float]] = {}
        self._forgotten: dict[RamUserId, float] = {}
        self._written: dict[RamUserId, float] = {}

    def now(self) -> float:
        """To be taken before something is read that will be kept."""
        return self._monotonic()

    def user(self, user_id: RamUserId, within: float = NEW_FOR_SECONDS) -> Principal | None:
        """The user under the name that it had, at most so many seconds ago."""
        return self._new(self._users.get(user_id), within)

    def lists(self, user_id: RamUserId) -> UserLists | None:
        """What the user had."""
        return self._new(self._lists.get(user_id))

    def keep_user(self, found: Principal, begun_at: float) -> None:
        """A user was read, from that moment on; what was begun before a newer read is old."""
        with self._lock:
            if self._forgotten.get(found.user_id, begun_at) <= begun_at:
                self._users[found.user_id] = found, begun_at

    def keep_lists(self, user_id: RamUserId, found: UserLists, begun_at: float) -> None:
        """Likewise; what was begun before a write is old as well."""
        with self._lock:
            if self._written.get(user_id, begun_at) <= begun_at:
                self._lists[user_id] = found, begun_at

    def forget(self, user_id: RamUserId) -> None:
        """A user is read anew: nothing that was begun before counts any more."""
        with self._lock:
            self._drop_old()
            self._forgotten[user_id] = self._written[user_id] = self._monotonic()
            self._users.pop(user_id, None)
            self._lists.pop(user_id, None)

    def written(self, user_id: RamUserId) -> None:
        """What a user has may have changed. Their name has not."""
        with self._lock:
            self._drop_old()
            self._written[user_id] = self._monotonic()
            self._lists.pop(user_id, None)

    def _new(self, kept: tuple[T, float] | None, within: float = NEW_FOR_SECONDS) -> T | None:
        return kept[0] if kept is not None and self._monotonic() - kept[1] < min(within, NEW_FOR_SECONDS) else None

    def _drop_old(self) -> None:
        """That something was forgotten is remembered for longer than any read takes."""
        oldest = self._oldest()
        self._users = {user_id: kept for user_id, kept in self._users.items() if kept[1] > oldest}
        self._lists = {user_id: kept for user_id, kept in self._lists.items() if kept[1] > oldest}
        self._written = {user_id: at for user_id, at in self._written.items() if at > oldest - MINUTE_SECONDS}
        self._forgotten = {user_id: at for user_id, at in self._forgotten.items() if at > oldest - MINUTE_SECONDS}

    def _oldest(self) -> float:
        return self._monotonic() - NEW_FOR_SECONDS
