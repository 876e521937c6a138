"""Policies and their documents."""

from __future__ import annotations

from bot.sandbox.ram.actions.call import Action, Answer, Call, find_policy, page, read, stamp, write
from bot.sandbox.ram.actions.documents import check_policy_document
from bot.sandbox.ram.errors import exists, in_use, over_limit
from bot.sandbox.ram.state import AccountState, Policy, PolicyKey, PolicyVersion

MAX_CUSTOM_POLICIES = 1500
MAX_DESCRIPTION_CHARACTERS = 1024


def policy_fields(policy: Policy) -> Answer:
    """A policy as RAM's answers write it."""
    return {
        "PolicyName": policy.key.name,
        "PolicyType": policy.key.type,
        "Description": policy.description,
        "DefaultVersion": policy.default_version,
        "CreateDate": stamp(policy.created),
    }


def _counted(state: AccountState, policy: Policy) -> Answer:
    count = sum(key == policy.key for _, key in state.attachments)
    return {**policy_fields(policy), "UpdateDate": stamp(policy.updated), "AttachmentCount": count}


def get_policy(call: Call) -> Answer:
    """A policy with the document of its default version; 404 where there is none of that type and name."""
    policy = find_policy(call.state, call.params.policy())
    version = policy.default
    return {
        "Policy": {**_counted(call.state, policy), "PolicyDocument": version.document},
        "DefaultPolicyVersion": {
            "VersionId": version.version_id,
            "IsDefaultVersion": True,
            "PolicyDocument": version.document,
            "CreateDate": stamp(version.created),
        },
    }


def list_policies(call: Call) -> Answer:
    """A page of the policies of one type or, unless it is said, of both."""
    wanted = call.params.policy_type() if call.params.get("PolicyType") else None
    policies = [p for p in call.state.policies.values() if wanted in (None, p.key.type)]
    # A custom and a system policy may share a name, so the type is part of where a page ends.
    shown, more = page(call, policies, lambda policy: f"{policy.key.name}/{policy.key.type}")
    return {"Policies": {"Policy": [_counted(call.state, policy) for policy in shown]}, **more}


def create_policy(call: Call) -> Answer:
    """A custom policy; 409 where there is one of that name, or there are as many as an account may have."""
    key = PolicyKey("Custom", call.params.policy_name())
    document = check_policy_document(call.params.required("PolicyDocument"))
    description = call.params.text("Description", MAX_DESCRIPTION_CHARACTERS)
    if key in call.state.policies:
        raise exists("Policy", "The policy does already exist.")
    if sum(other.type == "Custom" for other in call.state.policies) >= MAX_CUSTOM_POLICIES:
        raise over_limit("Policy", "The count of custom policies is beyond the current limit.")
    version = PolicyVersion("v1", document, call.now)
    policy = Policy(key, description, call.now, call.now, (version,))
    call.state.policies[key] = policy
    return {"Policy": policy_fields(policy)}


def delete_policy(call: Call) -> Answer:
    """Custom policies only: RAM has no PolicyType here, because system policies cannot be deleted."""
    policy = find_policy(call.state, PolicyKey("Custom", call.params.policy_name()))
    for kind, code in (("user", "User"), ("group", "Group"), ("role", "Role")):
        if any(key == policy.key and holder.kind == kind for holder, key in call.state.attachments):
            raise in_use(f"Policy.{code}", f"The policy cannot be attached to any {kind} while it is deleted.")
    if len(policy.versions) > 1 and call.params.get("CascadingDelete").lower() != "true":
        raise in_use("Policy.Version", "The policy cannot have any version except the default one.")
    del call.state.policies[policy.key]
    return {}


ACTIONS: dict[str, Action] = {
    "GetPolicy": read(get_policy),
    "ListPolicies": read(list_policies),
    "CreatePolicy": write(create_policy),
    "DeletePolicy": write(delete_policy),
}
