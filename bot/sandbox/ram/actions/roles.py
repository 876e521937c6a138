"""Roles, as far as policies are attached to them."""

from __future__ import annotations

from bot.sandbox.ram.actions.call import Action, Answer, Call, find_role, read, stamp, write
from bot.sandbox.ram.actions.documents import check_trust_document
from bot.sandbox.ram.errors import exists, in_use
from bot.sandbox.ram.state import Holder, Role


def role_arn(account_id: str, role: Role) -> str:
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
    role = find_role(call.state, call.params.role_name())
    fields = {"UpdateDate": stamp(role.updated), "IsServiceLinkedRole": role.service_linked}
    return {"Role": {**_role_fields(call, role), **fields}}


def create_role(call: Call) -> Answer:
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


def delete_role(call: Call) -> Answer:
    role = find_role(call.state, call.params.role_name())
    if any(call.state.policies_of(Holder("role", role.role_id))):
        raise in_use("Role.Policy", "The role cannot have any attached policy while it is deleted.")
    del call.state.roles[role.name]
    return {}


ACTIONS: dict[str, Action] = {
    "GetRole": read(get_role),
    "CreateRole": write(create_role),
    "DeleteRole": write(delete_role),
}
