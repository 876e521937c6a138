"""IMS 2019-08-15 as the place where RAM users are made: how the account makes them, and one more of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alibabacloud_ims20190815 import models as ims

from approvals.errors import CloudError, CloudErrorKind
from approvals.ids import RamUserId
from approvals.millis import DomainMillis
from approvals.onboarding import MadeUser, NewUser
from approvals.own_codes import OwnCode
from approvals.people import Principal
from bot.cloud.dates import parse_date
from bot.cloud.errors import translated
from bot.cloud.marked_pages import marked_pages
from bot.cloud.ram_users import RamUsers
from bot.cloud.reading import Reading
from bot.cloud.sending import write_options

SDK = "alibabacloud-ims20190815 3.5"
OPERATIONS = ("get_default_domain", "get_user_sso_settings", "list_users_in_recycle_bin", "create_user_with_options")
"""What an SDK that is too old may lack: pip keeps to the version, and whoever installs without it may not."""
RECYCLED_PER_PAGE = 100
"""IMS gives no more of the recycle bin at once."""


class ImsUsers:
    """Every method may raise CloudError; safe to share between threads."""

    def __init__(self, ims_client: Any, users: RamUsers, reading: Reading) -> None:
        self._ims = ims_client
        self._users = users
        self._reading = reading

    def default_domain(self) -> str:
        """What stands behind the @ of a user principal name. It is asked first of all."""
        if any(not hasattr(self._ims, operation) for operation in OPERATIONS):
            raise CloudError(CloudErrorKind.NOT_INSTALLED, code=OwnCode.SDK_TOO_OLD, action=SDK)

        def read() -> str:
            domain = self._ims.get_default_domain().body.default_domain_name
            if not isinstance(domain, str) or not domain:
                raise ValueError("GetDefaultDomain: the answer has no domain")
            return domain

        return self._reading.read("GetDefaultDomain", read)

    def sso(self) -> bool:
        """Whether users log in through the company's identity provider."""
        settings = self._reading.read(
            "GetUserSsoSettings", lambda: self._ims.get_user_sso_settings().body.user_sso_settings
        )
        return settings.sso_enabled is True

    def recycled(self) -> Mapping[str, DomainMillis]:
        """The names of deleted users that can be restored, and when each goes for good; 0 where that is not said."""
        return {
            user.user_principal_name.partition("@")[0]: DomainMillis(parse_date(user.delete_date) or 0)
            for body in marked_pages(
                self._reading,
                "ListUsersInRecycleBin",
                self._ims.list_users_in_recycle_bin,
                ims.ListUsersInRecycleBinRequest,
                items=RECYCLED_PER_PAGE,
            )
            for user in body.users.user or []
        }

    def taken(self) -> set[str]:
        """The names that nobody can get: of all users, and of those in the recycle bin."""
        return {user.name for user in self._users.all_users()} | set(self.recycled())

    def find(self, principal_name: str) -> MadeUser | None:
        """Who has this name now, with the comment that is on them."""
        request = ims.GetUserRequest(user_principal_name=principal_name)
        try:
            user = self._reading.read("GetUser", lambda: self._ims.get_user(request).body.user)
        except CloudError as error:
            if error.kind is CloudErrorKind.NO_USER:
                return None
            raise
        return _made(user)

    def create(self, principal_name: str, user: NewUser, comment: str, write_id: str) -> tuple[MadeUser, str | None]:
        """CreateUser, without a login profile and an access key. The user, and the cloud's id of the call."""
        request = ims.CreateUserRequest(
            user_principal_name=principal_name, display_name=user.display_name, email=user.email, comments=comment
        )
        options = write_options(write_id)
        with translated("CreateUser", writes=True):
            answer = self._ims.create_user_with_options(request, options)
            return _made(answer.body.user), answer.body.request_id


def _made(user: Any) -> MadeUser:
    """ValueError for an answer that does not say who it is about."""
    if not user.user_id or not user.user_principal_name:
        raise ValueError("the answer does not name the user")
    name = user.user_principal_name.partition("@")[0]
    return MadeUser(Principal(RamUserId(user.user_id), name), user.comments or "")
