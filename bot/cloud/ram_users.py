"""Who a RAM user is: by UserId, by name, and all of them."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from typing import Any

from alibabacloud_ims20190815 import models as ims
from alibabacloud_ram20150501 import models as ram

from approvals.errors import CloudError, CloudErrorKind
from approvals.evidence import MANUAL, RamUser
from approvals.people import Principal
from bot.cloud.dates import parse_date
from bot.cloud.marked_pages import marked_pages
from bot.cloud.reading import Reading
from bot.cloud.recent_reads import RecentReads

MAX_USERS_READ_SINGLY = 150
"""Users about whom RAM is asked each by each; that takes no longer than the list of some thousands."""


class RamUsers:
    """One account's RAM users. Every method may raise CloudError; safe to share between threads."""

    def __init__(self, ram_client: Any, ims_client: Any, reading: Reading, recent: RecentReads) -> None:
        self._ram = ram_client
        self._ims = ims_client
        self._reading = reading
        self._recent = recent

    def current(self, principal: Principal, *, within: float = 0.0) -> Principal | None:
        """The user with this UserId under the name that it has now, or was read to have at most `within` seconds ago;
        None when it is gone.
        """
        known = self._recent.user(principal.user_id, within)
        if known is not None:
            return known
        # Until it is known what is so now, nothing else is.
        self._recent.forget(principal.user_id)
        begun_at = self._recent.now()
        found = self._looked_up(principal)
        if found is not None:
            self._recent.keep_user(found, begun_at)
        return found

    def _looked_up(self, principal: Principal) -> Principal | None:
        try:
            user = self._user(principal.name)
            if user.user_id == principal.user_id:
                return user
        except CloudError as error:
            if error.kind is not CloudErrorKind.NO_USER:
                raise
        return next((user for user in self.all_users() if user.user_id == principal.user_id), None)

    def find(self, name: str) -> Principal | None:
        """The user of this name now."""
        try:
            return self._user(name)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_USER or (error.code or "").startswith("InvalidParameter"):
                return None
            raise

    def roster(self) -> tuple[RamUser, ...]:
        """All users with their e-mail addresses. Only IMS's ListUsers has those; it names users as `name@alias`."""
        found: list[RamUser] = []
        for body in marked_pages(self._reading, "ListUsers", self._ims.list_users, ims.ListUsersRequest):
            for user in body.users.user or []:
                login = user.user_principal_name
                principal = Principal(user.user_id, login.partition("@")[0])
                provided = user.provision_type or MANUAL
                found.append(RamUser(principal, user.display_name or "", user.email or None, login, provided))
        return tuple(found)

    def ask_for_one(self) -> None:
        """Whether IMS's ListUsers answers."""
        request = ims.ListUsersRequest(max_items=1)
        self._reading.read("ListUsers", lambda: self._ims.list_users(request))

    def all_users(self) -> list[Principal]:
        """All users, by their names alone."""
        return [
            Principal(user.user_id, user.user_name)
            for body in marked_pages(self._reading, "ListUsers", self._ram.list_users, ram.ListUsersRequest)
            for user in body.users.user or []
        ]

    def members(self, group: str) -> dict[str, int | None]:
        """A group's users by name, and when each came into it, in milliseconds by RAM's clock."""
        return {
            user.user_name: parse_date(user.join_date)
            for body in marked_pages(
                self._reading,
                "ListUsersForGroup",
                self._ram.list_users_for_group,
                ram.ListUsersForGroupRequest,
                group_name=group,
            )
            for user in body.users.user or []
        }

    def by_name(self, names: Collection[str], everybody: Future[list[Principal]] | None = None) -> dict[str, Principal]:
        """Who has these names now: a group's members come as names only. A few are asked about side by side; for many,
        the list of all users, whose pages come one after the other, is shorter. `everybody`: it is being read.
        """
        if everybody is not None:
            return {user.name: user for user in everybody.result()}
        if len(names) > MAX_USERS_READ_SINGLY:
            return {user.name: user for user in self.all_users()}
        found = self._reading.read_parallel(self._user_if_there, sorted(names))
        return {user.name: user for user in found if user is not None}

    def _user(self, name: str) -> Principal:
        request = ram.GetUserRequest(user_name=name)
        user = self._reading.read("GetUser", lambda: self._ram.get_user(request).body.user)
        return Principal(user.user_id, user.user_name)

    def _user_if_there(self, name: str) -> Principal | None:
        try:
            return self._user(name)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_USER:
                return None
            raise
