"""What RAM says to whoever looks at themselves: the user or the role that an access key belongs to, and its policies.

The bot's own user stands in no list, where people look for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.ram.account import CloudAccount
from bot.sandbox.ram.actions.call import Answer, stamp
from bot.sandbox.ram.actions.policies import policy_fields
from bot.sandbox.ram.actions.sts import USER
from bot.sandbox.ram.actions.users import user_fields
from bot.sandbox.ram.state import Policy, PolicyKey, PolicyVersion, User

MADE = 1_700_000_000.0
"""Epoch seconds."""


def own_answer(account: CloudAccount, key: str, action: str, params: Mapping[str, str]) -> Answer | None:
    """The answer to a call that is about the caller; None where it is about anybody or anything else."""
    identity, session = account.identity_of(key), account.sessions.find(key)
    if identity is None:
        return None
    policies = _policies(identity.documents)
    if action == "GetPolicy":
        found = policies.get(params.get("PolicyName", "")) if params.get("PolicyType") == "Custom" else None
        return _policy(found) if found else None
    about_role = session is not None and action == "ListPoliciesForRole" and params.get("RoleName") == session.role_name
    about_user = session is None and params.get("UserName") == USER
    if (action == "ListPoliciesForUser" and about_user) or about_role:
        listed = [{**policy_fields(each), "AttachDate": stamp(MADE)} for each in policies.values()]
        return {"Policies": {"Policy": listed}}
    if action == "ListGroupsForUser" and about_user:
        return {"Groups": {"Group": []}}
    if action == "GetUser" and about_user:
        return {"User": {**user_fields(User(identity.user_id, USER, MADE, MADE)), "LastLoginDate": ""}}
    return None


def _policies(documents: tuple[str, ...]) -> dict[str, Policy]:
    names = [USER if number == 1 else f"{USER}-{number}" for number in range(1, len(documents) + 1)]
    return {
        name: Policy(PolicyKey("Custom", name), "What the bot may do", MADE, MADE, (PolicyVersion("v1", text, MADE),))
        for name, text in zip(names, documents, strict=True)
    }


def _policy(policy: Policy) -> Answer:
    shown = {
        "VersionId": policy.default.version_id,
        "IsDefaultVersion": True,
        "PolicyDocument": policy.default.document,
        "CreateDate": stamp(policy.created),
    }
    whole = {**policy_fields(policy), "UpdateDate": stamp(policy.updated), "AttachmentCount": 1}
    return {"Policy": {**whole, "PolicyDocument": policy.default.document}, "DefaultPolicyVersion": shown}
