"""The same users as IMS shows and makes them: by user principal name, and with or without their e-mail."""

from __future__ import annotations

from bot.sandbox.ram.actions.call import Action, Answer, Call, find_user, page, read, stamp, write
from bot.sandbox.ram.actions.users import add_user
from bot.sandbox.ram.errors import RamError, invalid, missing
from bot.sandbox.ram.state import User


def _principal_name(call: Call, user: User) -> str:
    return f"{user.name}@{call.domain}"


def _full(call: Call, user: User) -> Answer:
    return {
        "UserId": user.user_id,
        "UserPrincipalName": _principal_name(call, user),
        "DisplayName": user.display_name,
        "MobilePhone": user.mobile_phone,
        "Email": user.email,
        "Comments": user.comments,
        "CreateDate": stamp(user.created),
        "UpdateDate": stamp(user.updated),
        "LastLoginDate": "",
        "ProvisionType": user.provision_type,
        "Tags": {"Tag": []},
    }


def _selected(call: Call) -> tuple[list[User], Answer]:
    statuses = (call.params.get("Status") or "active").split(",")
    if not set(statuses) <= {"active", "freeze"}:
        raise invalid("Status", 'The parameter - "Status" may name active and freeze.')
    users = [user for user in call.state.users.values() if user.status in statuses]
    return page(call, users, lambda user: user.name)


def list_users(call: Call) -> Answer:
    """A page of the users, with their e-mail addresses. Frozen ones only where Status names them."""
    shown, more = _selected(call)
    rows = [{**_full(call, user), "Status": user.status} for user in shown]
    return {"Users": {"User": rows}, **more}


def list_user_basic_infos(call: Call) -> Answer:
    """A page of the users, without their e-mail addresses."""
    shown, more = _selected(call)
    rows = [
        {
            "UserId": user.user_id,
            "UserPrincipalName": _principal_name(call, user),
            "DisplayName": user.display_name,
            "Status": user.status,
        }
        for user in shown
    ]
    return {"UserBasicInfos": {"UserBasicInfo": rows}, **more}


def get_user(call: Call) -> Answer:
    """By UserPrincipalName or by UserId, one of which is needed."""
    user = _by_id(call) if call.params.get("UserId") else _by_principal_name(call)
    return {"User": {**_full(call, user), "UserName": user.name}}


def _by_id(call: Call) -> User:
    wanted = call.params.get("UserId")
    user = next((user for user in call.state.users.values() if user.user_id == wanted), None)
    if user is None:
        raise missing("User", "The user does not exist.")
    return user


def _by_principal_name(call: Call) -> User:
    wanted = call.params.get("UserPrincipalName")
    if not wanted:
        raise RamError(400, "MissingUserPrincipalName", "UserPrincipalName is mandatory for this action.")
    name, _, domain = wanted.partition("@")
    if domain != call.domain:
        raise missing("User", "The user does not exist.")
    return find_user(call.state, name)


def create_user(call: Call) -> Answer:
    """409 as for RAM's own CreateUser. A display name is needed, and shorter than RAM's."""
    name = call.params.principal_name(call.domain)
    call.params.required("DisplayName")
    return {"User": _full(call, add_user(call, name, call.params.text("DisplayName", 24)))}


def get_default_domain(call: Call) -> Answer:
    """What stands behind the `@` of a user principal name."""
    return {"DefaultDomainName": call.domain}


def get_user_sso_settings(call: Call) -> Answer:
    """Whether users log in through the company's identity provider."""
    return {
        "UserSsoSettings": {
            "SsoEnabled": call.state.sso_enabled,
            "SsoLoginWithDomain": True,
            "MetadataDocument": "",
            "AuxiliaryDomain": "",
            "AuthnSignAlgo": "RSA-SHA256",
        }
    }


def list_users_in_recycle_bin(call: Call) -> Answer:
    """A page of the deleted users that can still be restored. `Filter` is a part of the principal name."""
    wanted = call.params.get("Filter")
    found = [each for each in call.state.recycled.values() if wanted in _principal_name(call, each.user)]
    shown, more = page(call, found, lambda each: each.user.name, 100)
    rows = [
        {
            "UserId": each.user.user_id,
            "UserPrincipalName": _principal_name(call, each.user),
            "DisplayName": each.user.display_name,
            "CreateDate": stamp(each.user.created),
            "RecycleDate": stamp(each.recycled),
            "DeleteDate": stamp(each.deleted),
        }
        for each in shown
    ]
    return {"Users": {"User": rows}, **more}


ACTIONS: dict[str, Action] = {
    "ListUsers": read(list_users),
    "ListUserBasicInfos": read(list_user_basic_infos),
    "GetUser": read(get_user),
    "CreateUser": write(create_user),
    "GetDefaultDomain": read(get_default_domain),
    "GetUserSsoSettings": read(get_user_sso_settings),
    "ListUsersInRecycleBin": read(list_users_in_recycle_bin),
}
