"""The versions of a policy: a new one, which of them counts, and those that are there."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.ram.actions.call import Action, Answer, Call, find_policy, read, stamp, write
from bot.sandbox.ram.actions.documents import check_policy_document
from bot.sandbox.ram.errors import in_use, missing, over_limit
from bot.sandbox.ram.state import Policy, PolicyKey, PolicyVersion

MAX_VERSIONS = 5


def with_version(policy: Policy, document: str, now: float, *, default: bool = True) -> Policy:
    """The policy with a new version, whose number none of its versions had before."""
    last = max(int(version.version_id.removeprefix("v")) for version in policy.versions)
    new = PolicyVersion(f"v{last + 1}", document, now)
    counts = new.version_id if default else policy.default_version
    return replace(policy, versions=(*policy.versions, new), default_version=counts, updated=now)


def _fields(policy: Policy, version: PolicyVersion) -> Answer:
    return {
        "VersionId": version.version_id,
        "IsDefaultVersion": version.version_id == policy.default_version,
        "PolicyDocument": version.document,
        "CreateDate": stamp(version.created),
    }


def _custom(call: Call) -> Policy:
    """Nobody but Alibaba Cloud changes a system policy: RAM has no PolicyType here."""
    return find_policy(call.state, PolicyKey("Custom", call.params.policy_name()))


def _version(policy: Policy, version_id: str) -> PolicyVersion:
    for version in policy.versions:
        if version.version_id == version_id:
            return version
    raise missing("Policy.Version", "The policy version does not exist.")


def create_policy_version(call: Call) -> Answer:
    """A new text of a custom policy, which counts at once if it is set as the default; 409 beyond five."""
    policy = _custom(call)
    document = check_policy_document(call.params.required("PolicyDocument"))
    if len(policy.versions) >= MAX_VERSIONS:
        raise over_limit("Policy.Version", "The count of policy versions is beyond the current limit.")
    default = call.params.get("SetAsDefault").lower() == "true"
    changed = with_version(policy, document, call.now, default=default)
    call.state.policies[policy.key] = changed
    return {"PolicyVersion": _fields(changed, changed.versions[-1])}


def set_default_policy_version(call: Call) -> Answer:
    """Which of a custom policy's versions counts."""
    policy = _custom(call)
    version = _version(policy, call.params.required("VersionId"))
    call.state.policies[policy.key] = replace(policy, default_version=version.version_id, updated=call.now)
    return {}


def delete_policy_version(call: Call) -> Answer:
    """Any but the one that counts."""
    policy = _custom(call)
    version = _version(policy, call.params.required("VersionId"))
    if version.version_id == policy.default_version:
        raise in_use("Policy.Version", "The default policy version cannot be deleted.")
    left = tuple(each for each in policy.versions if each is not version)
    call.state.policies[policy.key] = replace(policy, versions=left, updated=call.now)
    return {}


def list_policy_versions(call: Call) -> Answer:
    """All versions of a policy of either type."""
    policy = find_policy(call.state, call.params.policy())
    return {"PolicyVersions": {"PolicyVersion": [_fields(policy, version) for version in policy.versions]}}


ACTIONS: dict[str, Action] = {
    "CreatePolicyVersion": write(create_policy_version),
    "SetDefaultPolicyVersion": write(set_default_policy_version),
    "DeletePolicyVersion": write(delete_policy_version),
    "ListPolicyVersions": read(list_policy_versions),
}
