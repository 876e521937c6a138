"""User groups and who is in them."""

from __future__ import annotations

from bot.sandbox.ram.actions.call import (
    Action,
    Answer,
    Call,
    find_group,
    find_user,
    page,
    read,
    stamp,
    write,
)
from bot.sandbox.ram.errors import exists, in_use, missing, over_limit
from bot.sandbox.ram.state import Group, PolicyTarget

MAX_GROUPS = 300


def group_fields(group: Group) -> Answer:
    """A group as RAM's answers write it."""
    return {
        "GroupId": group.group_id,
        "GroupName": group.name,
        "Comments": group.comments,
        "CreateDate": stamp(group.created),
        "UpdateDate": stamp(group.updated),
    }


def get_group(call: Call) -> Answer:
    """404 where there is none of that name."""
    return {"Group": group_fields(find_group(call.state, call.params.group_name()))}


def list_groups(call: Call) -> Answer:
    """A page of them, in the order of their names."""
    shown, more = page(call, list(call.state.groups.values()), lambda group: group.name)
    return {"Groups": {"Group": [group_fields(group) for group in shown]}, **more}


def create_group(call: Call) -> Answer:
    """409 where there is one of that name, or there are as many as an account may have."""
    name = call.params.group_name()
    comments = call.params.text("Comments", 128)
    if name in call.state.groups:
        raise exists("Group", "The group does already exist.")
    if len(call.state.groups) >= MAX_GROUPS:
        raise over_limit("Group", "The count of groups is beyond the current limit.")
    group = Group(f"g-{call.state.next_number():014d}", name, call.now, call.now, comments)
    call.state.groups[name] = group
    return {"Group": group_fields(group)}


def delete_group(call: Call) -> Answer:
    """409 while somebody is in it, or it has policies."""
    group = find_group(call.state, call.params.group_name())
    if any(group_id == group.group_id for group_id, _ in call.state.members):
        raise in_use("Group.User", "The group cannot have any member while it is deleted.")
    if any(call.state.policies_of(PolicyTarget("group", group.group_id))):
        raise in_use("Group.Policy", "The group cannot have any attached policy while it is deleted.")
    del call.state.groups[group.name]
    return {}


def _membership(call: Call) -> tuple[str, str]:
    user_name, group_name = call.params.user_name(), call.params.group_name()
    user = find_user(call.state, user_name)
    return find_group(call.state, group_name).group_id, user.user_id


def add_user_to_group(call: Call) -> Answer:
    """409 where the user is in it already."""
    membership = _membership(call)
    if membership in call.state.members:
        raise exists("User.Group", "The user has already joined the group.")
    call.state.members[membership] = call.now
    return {}


def remove_user_from_group(call: Call) -> Answer:
    """404 where the user is not in it."""
    membership = _membership(call)
    if membership not in call.state.members:
        raise missing("User.Group", "The user has not joined the group.")
    del call.state.members[membership]
    return {}


def list_users_for_group(call: Call) -> Answer:
    """Names without ids, as in RAM: whoever needs the id has to look the user up."""
    group = find_group(call.state, call.params.group_name())
    members = [user for user in call.state.users.values() if (group.group_id, user.user_id) in call.state.members]
    shown, more = page(call, members, lambda user: user.name)
    rows = [
        {
            "UserName": user.name,
            "DisplayName": user.display_name,
            "JoinDate": stamp(call.state.members[group.group_id, user.user_id]),
        }
        for user in shown
    ]
    return {"Users": {"User": rows}, **more}


def list_groups_for_user(call: Call) -> Answer:
    """All groups of a user; this list has no pages, as in RAM."""
    user = find_user(call.state, call.params.user_name())
    joined = {of: since for (of, who), since in call.state.members.items() if who == user.user_id}
    rows = [
        {
            "GroupId": group.group_id,
            "GroupName": group.name,
            "Comments": group.comments,
            "JoinDate": stamp(joined[group.group_id]),
        }
        for group in call.state.groups.values()
        if group.group_id in joined
    ]
    return {"Groups": {"Group": rows}}


ACTIONS: dict[str, Action] = {
    "GetGroup": read(get_group),
    "ListGroups": read(list_groups),
    "CreateGroup": write(create_group),
    "DeleteGroup": write(delete_group),
    "AddUserToGroup": write(add_user_to_group),
    "RemoveUserFromGroup": write(remove_user_from_group),
    "ListUsersForGroup": read(list_users_for_group),
    "ListGroupsForUser": read(list_groups_for_user),
}
