"""RAM users: GetUser, ListUsers, CreateUser, UpdateUser, DeleteUser."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.ram.actions.call import Action, Answer, Call, find_user, page, read, stamp, write
from bot.sandbox.ram.errors import exists, in_use, missing, over_limit
from bot.sandbox.ram.state import PolicyTarget, User

MAX_USERS = 5000


def user_fields(user: User) -> Answer:
    """A user as RAM's answers write it."""
    return {
        "UserId": user.user_id,
        "UserName": user.name,
        "DisplayName": user.display_name,
        "MobilePhone": user.mobile_phone,
        "Email": user.email,
        "Comments": user.comments,
        "CreateDate": stamp(user.created),
        "UpdateDate": stamp(user.updated),
    }


def get_user(call: Call) -> Answer:
    """404 where there is none of that name."""
    user = find_user(call.state, call.params.user_name())
    return {"User": {**user_fields(user), "LastLoginDate": ""}}


def list_users(call: Call) -> Answer:
    """A page of them, in the order of their names."""
    shown, more = page(call, list(call.state.users.values()), lambda user: user.name)
    return {"Users": {"User": [user_fields(user) for user in shown]}, **more}


def create_user(call: Call) -> Answer:
    """409 where there is one of that name, or there are as many as an account may have."""
    name = call.params.user_name()
    return {"User": user_fields(add_user(call, name, call.params.text("DisplayName", 128) or name))}


def add_user(call: Call, name: str, display_name: str) -> User:
    """A new user with the details of the call. It has no password and no access key.

    Raises:
        RamError: 409 where there is one of that name, here or in the recycle bin, or there are too many.
    """
    email, phone = call.params.email(), call.params.phone()
    comments = call.params.text("Comments", 128)
    if name.lower() in {known.lower() for known in (*call.state.users, *call.state.recycled)}:
        raise exists("User", "The user does already exist.")
    if len(call.state.users) >= MAX_USERS:
        raise over_limit("User", "The count of users is beyond the current limit.")
    user_id = f"2{call.state.next_number():017d}"
    user = User(user_id, name, call.now, call.now, display_name, email, phone, comments)
    call.state.users[name] = user
    return user


def update_user(call: Call) -> Answer:
    """Give a user another name or other details, under the same UserId; 409 where somebody else has the name."""
    user = find_user(call.state, call.params.user_name())
    name = call.params.user_name("NewUserName") if call.params.get("NewUserName") else user.name
    if name != user.name and name in call.state.users:
        raise exists("User", "The user does already exist.")
    sent = call.params.has
    changed = replace(
        user,
        name=name,
        display_name=call.params.text("NewDisplayName", 128) if sent("NewDisplayName") else user.display_name,
        email=call.params.email("NewEmail") if sent("NewEmail") else user.email,
        mobile_phone=call.params.phone("NewMobilePhone") if sent("NewMobilePhone") else user.mobile_phone,
        comments=call.params.text("NewComments", 128) if sent("NewComments") else user.comments,
        updated=call.now,
    )
    del call.state.users[user.name]
    call.state.users[name] = changed
    return {"User": user_fields(changed)}


def delete_user(call: Call) -> Answer:
    """409 while the user is in a group, or has policies."""
    user = find_user(call.state, call.params.user_name())
    if user.access_keys:
        raise in_use("User.AccessKey", "The user cannot have any access key while it is deleted.")
    if user.console_login:
        raise in_use("User.LoginProfile", "The user cannot have a login profile while it is deleted.")
    if user.mfa_device:
        raise in_use("User.MFADevice", "The user cannot have an MFA device while it is deleted.")
    if any(user_id == user.user_id for _, user_id in call.state.members):
        raise in_use("User.Group", "The user cannot be in any group while it is deleted.")
    if any(call.state.policies_of(PolicyTarget("user", user.user_id))):
        raise in_use("User.Policy", "The user cannot have any attached policy while it is deleted.")
    del call.state.users[user.name]
    return {}


def list_access_keys(call: Call) -> Answer:
    """The user's keys, without their secrets."""
    user = find_user(call.state, call.params.user_name())
    rows = [{"AccessKeyId": each, "Status": "Active", "CreateDate": stamp(user.created)} for each in user.access_keys]
    return {"AccessKeys": {"AccessKey": rows}}


def get_user_mfa_info(call: Call) -> Answer:
    """404 where no device is bound."""
    user = find_user(call.state, call.params.user_name())
    if not user.mfa_device:
        raise missing("User.MFADevice", "The user has no MFA device.")
    return {"MFADevice": {"SerialNumber": user.mfa_device, "Type": "VMFA"}}


def get_login_profile(call: Call) -> Answer:
    """404 where the user has no password for the console."""
    user = find_user(call.state, call.params.user_name())
    if not user.console_login:
        raise missing("User.LoginProfile", "The login policy does not exist.")
    return {
        "LoginProfile": {
            "UserName": user.name,
            "CreateDate": stamp(user.created),
            "MFABindRequired": False,
            "PasswordResetRequired": False,
        }
    }


ACTIONS: dict[str, Action] = {
    "GetUser": read(get_user),
    "ListUsers": read(list_users),
    "CreateUser": write(create_user),
    "UpdateUser": write(update_user),
    "DeleteUser": write(delete_user),
    "ListAccessKeys": read(list_access_keys),
    "GetUserMFAInfo": read(get_user_mfa_info),
    "GetLoginProfile": read(get_login_profile),
}
