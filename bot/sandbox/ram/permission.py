"""The refusal a caller gets who may not do something, with the details that RAM gives about it."""

from __future__ import annotations

import base64
import json

from bot.sandbox.ram.account import Account
from bot.sandbox.ram.errors import RamError


def no_permission(account: Account, action: str, key: str) -> RamError:
    """403 for the caller with the access key id `key`, and an action such as `ram:GetUser`."""
    resource = f"acs:{action.partition(':')[0]}:*:{account.account_id}:*"
    detail = {
        "AuthAction": action,
        "AuthPrincipalType": "SubUser",
        "AuthPrincipalDisplayName": key,
        "AuthPrincipalOwnerId": account.account_id,
        "NoPermissionType": "ImplicitDeny",
        "PolicyType": "AccountLevelIdentityBasedPolicy",
    }
    diagnostic = base64.b64encode(json.dumps(detail).encode()).decode()
    message = f"You are not authorized to do this action. Resource: {resource} Action: {action}"
    return RamError(403, "NoPermission", message, denied={**detail, "EncodedDiagnosticMessage": diagnostic})
