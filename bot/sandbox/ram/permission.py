"""Whether a caller may do something, and the refusal with the details that RAM gives about it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.evaluator import EvaluatorVerdict, decide

_AS_A_MEMBER = ("odps:ListProjects", "odps:GetProject")
"""Where RAM says nothing, MaxCompute shows whoever calls the projects that they are in (help/maxcompute, RAM
permissions), and whoever gives roles in a project is in it."""


_ALWAYS = ("ram:GetCallerIdentity",)
"""STS says whose a key is whatever its policies say."""


def authorise(
    account: CloudAccount, key: str, action: str, resources: Sequence[str], context: Mapping[str, str] | None = None
) -> None:
    """Raises `RamError` 403 unless the policies of the key's identity allow the action on each resource."""
    identity = account.identity_of(key)
    if identity is None or action in _ALWAYS:
        return
    for resource in resources:
        verdict = decide(identity.documents, action, resource, context or {})
        if verdict is EvaluatorVerdict.IMPLICIT and action in _AS_A_MEMBER:
            continue
        if verdict is not EvaluatorVerdict.ALLOW:
            raise no_permission(account, action, key, resource, verdict)
        account.note_permission(action, resource)


def no_permission(
    account: CloudAccount,
    action: str,
    key: str,
    resource: str = "",
    verdict: EvaluatorVerdict = EvaluatorVerdict.IMPLICIT,
) -> RamError:
    """403 for the caller with the access key id `key`, and an action such as `ram:GetUser`."""
    identity, session = account.identity_of(key), account.sessions.find(key)
    who = f"{session.role_id}:{session.name}" if session else identity.user_id if identity else key
    resource = resource or f"acs:{action.partition(':')[0]}:*:{account.account_id}:*"
    detail = {
        "AuthAction": action,
        "AuthPrincipalType": "AssumedRoleUser" if session else "SubUser",
        "AuthPrincipalDisplayName": who,
        "AuthPrincipalOwnerId": account.account_id,
        "NoPermissionType": verdict.value,
        "PolicyType": "AccountLevelIdentityBasedPolicy",
    }
    diagnostic = base64.b64encode(json.dumps(detail).encode()).decode()
    message = f"You are not authorized to do this action. Resource: {resource} Action: {action}"
    return RamError(403, "NoPermission", message, denied={**detail, "EncodedDiagnosticMessage": diagnostic})
