"""Roles, as far as policies are attached to them."""

from __future__ import annotations

import json

from bot.sandbox.ram.actions.call import Action, Answer, Call, find_role, read, stamp, write
from bot.sandbox.ram.actions.documents import check_trust_document
from bot.sandbox.ram.errors import exists, in_use, invalid
from bot.sandbox.ram.state import AccountState, PolicyKey, PolicyTarget, Role

SERVICE_ROLES = {"pairec.pai.aliyuncs.com": ("AliyunServiceRoleForPaiRec", "AliyunServiceRolePolicyForPaiRec")}
"""Services that have a role of their own here -> its name, and the system policy that it gets."""


def role_arn(account_id: str, role: Role) -> str:
    """A role's ARN, in which its name is in lower case, as in RAM."""
    return f"acs:ram::{account_id}:role/{role.name.lower()}"


def _role_fields(call: Call, role: Role) -> Answer:
    return {
        "RoleId": role.role_id,
        "RoleName": role.name,
        "Arn": role_arn(call.account_id, role),
        "Description": role.description,
        "AssumeRolePolicyDocument": role.trust_document,
        "MaxSessionDuration": role.max_session_seconds,
        "CreateDate": stamp(role.created),
    }


def get_role(call: Call) -> Answer:
    """A role with its trust document; 404 where there is none of that name."""
    role = find_role(call.state, call.params.role_name())
    fields = {"UpdateDate": stamp(role.updated), "IsServiceLinkedRole": role.service_linked}
    return {"Role": {**_role_fields(call, role), **fields}}


def create_role(call: Call) -> Answer:
    """409 where there is one of that name, whatever its case."""
    name = call.params.role_name()
    trust = check_trust_document(call.params.required("AssumeRolePolicyDocument"))
    description = call.params.text("Description", 1024)
    seconds = call.params.integer("MaxSessionDuration", 3600, 43200, 3600)
    if any(role.name.lower() == name.lower() for role in call.state.roles.values()):
        raise exists("Role", "The role does already exist.")
    role_id = f"3{call.state.next_number():017d}"
    role = Role(role_id, name, trust, call.now, call.now, description, seconds)
    call.state.roles[name] = role
    return {"Role": _role_fields(call, role)}


def create_service_linked_role(call: Call) -> Answer:
    """The role that a service assumes, with the policy that Alibaba Cloud has for it."""
    service = call.params.required("ServiceName")
    known = SERVICE_ROLES.get(service)
    if known is None:
        raise invalid("ServiceName", 'The parameter - "ServiceName" is not one that supports service-linked roles.')
    name, policy = known
    if any(role.name.lower() == name.lower() for role in call.state.roles.values()):
        raise exists("Role", "The role does already exist.")
    role = add_service_role(call.state, name, service, policy, call.now)
    return {"Role": {**_role_fields(call, role), "IsServiceLinkedRole": True}}


def add_service_role(state: AccountState, name: str, service: str, policy: str, now: float) -> Role:
    """Put a service-linked role into the account."""
    role_id = f"3{state.next_number():017d}"
    role = Role(role_id, name, trust_of(service), now, now, f"The role of {service}", service_linked=True)
    state.roles[name] = role
    state.attachments[PolicyTarget("role", role_id), PolicyKey("System", policy)] = now
    return role


def trust_of(service: str) -> str:
    """The trust document that lets a service assume a role."""
    statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": [service]}}
    return json.dumps({"Statement": [statement], "Version": "1"})


def delete_role(call: Call) -> Answer:
    """409 while it has policies."""
    role = find_role(call.state, call.params.role_name())
    if any(call.state.policies_of(PolicyTarget("role", role.role_id))):
        raise in_use("Role.Policy", "The role cannot have any attached policy while it is deleted.")
    del call.state.roles[role.name]
    return {}


ACTIONS: dict[str, Action] = {
    "GetRole": read(get_role),
    "CreateRole": write(create_role),
    "CreateServiceLinkedRole": write(create_service_linked_role),
    "DeleteRole": write(delete_role),
}
