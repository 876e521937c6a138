"""What PAI tells of its workspaces and their members, and how it names them."""

from __future__ import annotations

from bot.sandbox.products.member_call import Answer, MemberCall, stamp
from bot.sandbox.products.places import Place, PlaceKey, PlaceMember, PlaceRefusalReason, PlaceRefused


def member_id_of(key: PlaceKey, user_id: str) -> str:
    """The id by which PAI's writes name a member, in the form of its documentation's examples."""
    return f"{key.id}-{user_id}"


def user_of(call: MemberCall, member_id: str) -> str:
    """The UserId in a MemberId; one of another workspace is nobody here."""
    place, _, user_id = member_id.partition("-")
    if place != call.required("WorkspaceId") or not user_id:
        raise PlaceRefused(PlaceRefusalReason.NOT_A_MEMBER, member_id)
    return user_id


def members(call: MemberCall) -> Answer:
    """ListMembers: all of a workspace, or those who fit every filter that is given."""
    place = call.place(call.required("WorkspaceId"))
    user_id, name, roles = call.text("UserId"), call.text("MemberName"), csv(call, "Roles")
    found = [
        shown
        for shown in (_member(call, place, member) for member in place.members.values())
        if user_id in ("", shown["UserId"])
        and name in shown["MemberName"]
        and (not roles or not set(roles).isdisjoint(shown["Roles"]))
    ]
    page, paging = call.page(found, 20)
    return {"Members": page, "TotalCount": paging["TotalCount"]}


def one_member(call: MemberCall) -> Answer:
    """GetMember, by MemberId or UserId; raises `PlaceRefused` for somebody who is none."""
    place = call.place(call.required("WorkspaceId"))
    member_id = call.text("MemberId")
    user_id = user_of(call, member_id) if member_id else call.required("UserId")
    member = place.members.get(user_id)
    if member is None:
        raise PlaceRefused(PlaceRefusalReason.NOT_A_MEMBER, member_id or user_id)
    return _member(call, place, member)


def _member(call: MemberCall, place: Place, member: PlaceMember) -> Answer:
    name = call.membership.name_of(member.user_id)
    return {
        "MemberId": member_id_of(place.key, member.user_id),
        "UserId": member.user_id,
        "MemberName": name,
        "DisplayName": name,
        "AccountName": name,
        "AccountType": "PRIMARY" if member.user_id == call.membership.account.account_id else "SUB",
        "Roles": list(member.roles),
        "GmtCreateTime": stamp(member.since),
    }


def workspaces(call: MemberCall) -> Answer:
    """ListWorkspaces: all of them, or those that fit every filter that is given."""
    ids, name = csv(call, "WorkspaceIds"), call.text("WorkspaceName")
    found = [place for place in call.places() if (not ids or place.key.id in ids) and name in place.name]
    shown, paging = call.page(found, 20)
    return {"Workspaces": [_workspace(call, place) for place in shown], "TotalCount": paging["TotalCount"]}


def _workspace(call: MemberCall, place: Place) -> Answer:
    return {
        "WorkspaceId": place.key.id,
        "WorkspaceName": place.name,
        "DisplayName": place.title,
        "Description": "",
        "Creator": call.membership.account.account_id,
        "Status": "ENABLED",
        "EnvTypes": ["prod"],
        "IsDefault": False,
        "GmtCreateTime": stamp(place.created),
        "GmtModifiedTime": stamp(place.created),
    }


def csv(call: MemberCall, name: str) -> list[str]:
    """A list that comes as one text with commas; empty when absent."""
    return [each for each in call.text(name).split(",") if each]
