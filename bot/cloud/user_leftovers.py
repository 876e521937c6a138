"""What hangs on a RAM user: access keys, policies, groups, an MFA device, a password. Nothing here changes them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from alibabacloud_ram20150501 import models as ram

from approvals.errors import CloudError
from approvals.leftovers import Leftovers
from bot.cloud.log_lines import log_cloud_error
from bot.cloud.reading import Reading

log = logging.getLogger(__name__)
T = TypeVar("T")


class UserLeftovers:
    """Safe to share between threads."""

    def __init__(self, ram_client: Any, reading: Reading) -> None:
        self._ram = ram_client
        self._reading = reading

    def of(self, name: str) -> Leftovers:
        """One after the other; what is refused is named and says nothing of the rest."""
        unread: list[str] = []

        def read(action: str, call: Callable[[], T], otherwise: T, absent: str = "") -> T:
            try:
                return self._reading.read(action, call)
            except CloudError as error:
                if absent and error.code == absent:
                    return otherwise
                log_cloud_error(log, error, "what hangs on a user could not be read")
                unread.append(f"ram:{action}")
                return otherwise

        def names(action: str, call: Callable[[], list[str]]) -> tuple[str, ...]:
            return tuple(read(action, call, []))

        mfa = read("GetUserMFAInfo", lambda: self._has_mfa(name), False, "EntityNotExist.User.MFADevice")
        login = read("GetLoginProfile", lambda: self._has_login(name), False, "EntityNotExist.User.LoginProfile")
        keys = names("ListAccessKeys", lambda: self._access_keys(name))
        policies = names("ListPoliciesForUser", lambda: self._policies(name))
        groups = names("ListGroupsForUser", lambda: self._groups(name))
        return Leftovers(
            name=name,
            access_keys=keys,
            policies=policies,
            groups=groups,
            mfa=mfa,
            console_login=login,
            unread=tuple(unread),
        )

    def _access_keys(self, name: str) -> list[str]:
        listed = self._ram.list_access_keys(ram.ListAccessKeysRequest(user_name=name)).body.access_keys
        return [key.access_key_id for key in listed.access_key or []]

    def _policies(self, name: str) -> list[str]:
        listed = self._ram.list_policies_for_user(ram.ListPoliciesForUserRequest(user_name=name)).body.policies
        return [policy.policy_name for policy in listed.policy or []]

    def _groups(self, name: str) -> list[str]:
        listed = self._ram.list_groups_for_user(ram.ListGroupsForUserRequest(user_name=name)).body.groups
        return [group.group_name for group in listed.group or []]

    def _has_mfa(self, name: str) -> bool:
        device = self._ram.get_user_mfainfo(ram.GetUserMFAInfoRequest(user_name=name)).body.mfadevice
        return bool(device and device.serial_number)

    def _has_login(self, name: str) -> bool:
        return self._ram.get_login_profile(ram.GetLoginProfileRequest(user_name=name)).body.login_profile is not None
