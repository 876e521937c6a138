"""What DataWorks tells of its workspaces, their members and their roles."""

from __future__ import annotations

from bot.sandbox.products.member_call import Answer, MemberCall
from bot.sandbox.products.places import Place, PlaceMember


def members(call: MemberCall) -> Answer:
    """ListProjectMembers: all of a workspace, or those who fit every filter that is given."""
    place = call.place(call.required("ProjectId"))
    users, roles = call.texts("UserIds"), call.texts("RoleCodes")
    found = [
        member
        for member in place.members.values()
        if (not users or member.user_id in users) and (not roles or not member.roles.keys().isdisjoint(roles))
    ]
    shown, paging = call.page(found, 10)
    return {"PagingInfo": {**paging, "ProjectMembers": [_member(call, place, member) for member in shown]}}


def _member(call: MemberCall, place: Place, member: PlaceMember) -> Answer:
    return {
        "ProjectId": int(place.key.id),
        "UserId": member.user_id,
        "UserName": call.membership.name_of(member.user_id),
        "Status": "Normal",
        "Roles": [{"Code": code, "Name": code, "Type": "System"} for code in member.roles],
    }


def workspaces(call: MemberCall) -> Answer:
    """ListProjects: all workspaces, or those that fit every filter that is given."""
    ids, names = call.params.get("Ids", []), call.texts("Names")
    found = [
        place
        for place in call.places()
        if (not ids or place.key.id in map(str, ids)) and (not names or place.name in names)
    ]
    shown, paging = call.page(found, 10)
    return {"PagingInfo": {**paging, "Projects": [_project(call, place) for place in shown]}}


def one_workspace(call: MemberCall) -> Answer:
    """GetProject; raises `PlaceRefused` for one that there is not."""
    return {"Project": _project(call, call.place(call.required("Id")))}


def _project(call: MemberCall, place: Place) -> Answer:
    return {
        "Id": int(place.key.id),
        "Name": place.name,
        "DisplayName": place.title,
        "Description": "",
        "Owner": call.membership.account.account_id,
        "Status": "Available",
        "DevEnvironmentEnabled": place.standard,
        "DevRoleDisabled": False,
        "PaiTaskEnabled": True,
    }


def known_roles(call: MemberCall) -> Answer:
    """ListProjectRoles: all roles of a workspace, or those that are asked for."""
    place = call.place(call.required("ProjectId"))
    codes = call.texts("Codes")
    found = [code for code in place.roles if not codes or code in codes]
    shown, paging = call.page(found, 10)
    # What belongs to every workspace belongs to none.
    roles = [{"Code": code, "Name": code, "ProjectId": -1, "Type": "System"} for code in shown]
    return {"PagingInfo": {**paging, "ProjectRoles": roles}}
