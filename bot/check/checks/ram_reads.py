"""Every read of RAM and IMS that the bot may make, made once: what the policies' texts do not show, such as a control
policy of a resource directory, shows here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from alibabacloud_ims20190815 import models as ims
from alibabacloud_ram20150501 import models as ram

from approvals.entitlements import ADMIN_POLICY
from approvals.errors import CloudError, CloudErrorKind
from bot.check.context import CheckContext
from bot.check.refused import cloud_cause
from bot.check.row import CheckRow, failed, ok, warning
from bot.ram_policy import BASE

NAME = "RAM reads"
NOBODY = "pairec-access-check"
"""A name that nobody has: that there is no such user says that one may look."""


class RamRead(NamedTuple):
    """One read, and what it asks for."""

    part: str
    """Of the bot's policy."""
    method: str
    """Of the SDK's client."""
    request: Any = None

    @property
    def action(self) -> str:
        """As RAM calls it."""
        return self.method.replace("mfainfo", "MFA_info").title().replace("_", "").replace("Mfa", "MFA")


READS = (
    RamRead(
        BASE,
        "list_entities_for_policy",
        ram.ListEntitiesForPolicyRequest(policy_type="Custom", policy_name=ADMIN_POLICY),
    ),
    RamRead(BASE, "get_policy", ram.GetPolicyRequest(policy_type="Custom", policy_name=ADMIN_POLICY)),
    RamRead(BASE, "get_user", ram.GetUserRequest(user_name=NOBODY)),
    RamRead(BASE, "list_users", ram.ListUsersRequest(max_items=1)),
    RamRead(BASE, "list_users_for_group", ram.ListUsersForGroupRequest(group_name=NOBODY)),
    RamRead(BASE, "list_policies_for_user", ram.ListPoliciesForUserRequest(user_name=NOBODY)),
    RamRead(BASE, "list_groups_for_user", ram.ListGroupsForUserRequest(user_name=NOBODY)),
    RamRead(BASE, "list_policies_for_group", ram.ListPoliciesForGroupRequest(group_name=NOBODY)),
    RamRead("status", "get_role", ram.GetRoleRequest(role_name=NOBODY)),
    RamRead("status", "list_policies_for_role", ram.ListPoliciesForRoleRequest(role_name=NOBODY)),
    RamRead("offboarding", "get_login_profile", ram.GetLoginProfileRequest(user_name=NOBODY)),
    RamRead("offboarding", "get_user_mfainfo", ram.GetUserMFAInfoRequest(user_name=NOBODY)),
    RamRead("offboarding", "list_access_keys", ram.ListAccessKeysRequest(user_name=NOBODY)),
)
OF_IMS = (
    RamRead(BASE, "list_users", ims.ListUsersRequest(max_items=1)),
    RamRead("onboarding", "get_default_domain"),
    RamRead("onboarding", "get_user_sso_settings"),
    RamRead("onboarding", "list_users_in_recycle_bin", ims.ListUsersInRecycleBinRequest(max_items=1)),
)


def check_ram_reads(context: CheckContext) -> Iterator[CheckRow]:
    """A row for each that is refused; side by side."""
    ram_client, ims_client = context.clients()
    asked = [(ram_client, read) for read in READS] + [(ims_client, read) for read in OF_IMS]
    reading = context.ram().reading
    refused = [row for row in reading.read_parallel(lambda each: _refusal(context, *each), asked) if row]
    yield from refused
    if not refused:
        yield ok(NAME, f"all {len(asked)} reads are answered")


def _refusal(context: CheckContext, client: Any, read: RamRead) -> CheckRow | None:
    call = getattr(client, read.method)
    try:
        context.ram().reading.read(read.action, lambda: call() if read.request is None else call(read.request))
    except CloudError as error:
        if error.kind is CloudErrorKind.NO_PERMISSION:
            remedy = f"Attach what pairec-access ram-policy {read.part} prints to the bot's RAM identity."
            row = failed if read.part == BASE else warning
            return row(f"ram:{read.action}", f"{cloud_cause(error)}", remedy)
        if error.kind is CloudErrorKind.SILENT or error.kind.is_of_bot:
            raise
    return None
