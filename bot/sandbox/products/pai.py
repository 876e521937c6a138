"""PAI's AIWorkSpace 2021-02-04, as far as its workspaces' members go: ROA style, JSON.

Documented in Alibaba's own Terraform provider: an absent member answers 100600006 to GetMember and 100600017 to
DeleteMembers. Assumed, since they are not documented: every other code here, that a role which is held or not held
already is refused and not passed over, that who loses their last role stays a member, that 100 members is the largest
page, and the names of the actions in RAM policies. A MemberId looks as it does in the examples of the reference.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.products import places as of
from bot.sandbox.products.member_call import (
    About,
    Answer,
    Codes,
    MemberCall,
    Service,
    invalid,
    missing,
    reads,
    stamp,
    writes,
)
from bot.sandbox.products.places import PAI, Key, Member, Place, Places, Refused, Why
from bot.sandbox.ram.errors import RamError

VERSION = "2021-02-04"
_WORKSPACES = "/api/v1/workspaces"
_MEMBERS = f"{_WORKSPACES}/{{WorkspaceId}}/members"
_ROLE = f"{_MEMBERS}/{{MemberId}}/roles/{{RoleName}}"
ROUTES = (
    ("GET", _WORKSPACES, "ListWorkspaces"),
    ("GET", _MEMBERS, "ListMembers"),
    ("POST", _MEMBERS, "CreateMember"),
    ("DELETE", _MEMBERS, "DeleteMembers"),
    ("GET", f"{_WORKSPACES}/{{WorkspaceId}}/member", "GetMember"),
    ("POST", _ROLE, "AddMemberRole"),
    ("DELETE", _ROLE, "RemoveMemberRole"),
)
_CODES: Codes = {
    Why.NO_PLACE: (404, "100400001", "The workspace {} does not exist."),
    Why.NO_USER: (400, "100600003", "The user {} does not exist in this account."),
    Why.NO_ROLE: (400, "100600004", "The role {} does not exist."),
    Why.NOT_A_MEMBER: (404, "100600006", "The member {} does not exist."),
    Why.ALREADY_A_MEMBER: (409, "100600005", "The user {} is a member already."),
    Why.HAS_THE_ROLE: (409, "100600008", "The member has the role {} already."),
    Why.LACKS_THE_ROLE: (404, "100600009", "The member does not have the role {}."),
}
_GONE = "100600017"


def _about(call: MemberCall) -> About:
    ids = [call.params.get("MemberId", ""), *_csv(call, "MemberIds")]
    users = [call.params.get("UserId", ""), *(str(each).partition("-")[2] for each in ids)]
    roles = [call.params.get("RoleName", ""), *_csv(call, "Roles")]
    for asked in _asked(call):
        users.append(asked["UserId"])
        roles += asked["Roles"]
    return About(
        call.text("WorkspaceId"), tuple(filter(None, users)), tuple(dict.fromkeys(filter(None, map(str, roles))))
    )


# -- changes


def _create(call: MemberCall) -> Answer:
    key, asked = _key(call), _asked(call)
    if not asked:
        raise missing("Members")
    names = {each["UserId"]: call.membership.joining(each["UserId"]) for each in asked}

    def joined(places: Places, now: float) -> Places:
        for each in asked:
            places = of.join(places, key, each["UserId"], names[each["UserId"]], each["Roles"], now)
        return places

    call.membership.change(joined)
    made = [
        {**each, "MemberId": _member_id(key, each["UserId"]), "DisplayName": names[each["UserId"]]} for each in asked
    ]
    return {"Members": made}


def _asked(call: MemberCall) -> list[dict[str, Any]]:
    """Who is to become a member, with which roles."""
    given = call.params.get("Members", [])
    if not isinstance(given, list):
        raise invalid("Members", "must be a list")
    for each in given:
        roles = each.get("Roles") if isinstance(each, dict) else None
        if not isinstance(roles, list) or not roles or not all(isinstance(role, str) for role in roles):
            raise invalid("Members", "must say of each a UserId and Roles")
        if each.keys() != {"UserId", "Roles"} or not isinstance(each["UserId"], str):
            raise invalid("Members", "must say of each a UserId and Roles")
    return given


def _add_role(call: MemberCall) -> Answer:
    key, user_id, role = _key(call), _user_of(call, call.required("MemberId")), call.required("RoleName")
    call.membership.change(lambda places, now: of.grant(places, key, user_id, [role], now))
    return {}


def _remove_role(call: MemberCall) -> Answer:
    key, user_id, role = _key(call), _user_of(call, call.required("MemberId")), call.required("RoleName")
    call.membership.change(lambda places, now: of.revoke(places, key, user_id, [role], now))
    return {}


def _delete(call: MemberCall) -> Answer:
    key, ids = _key(call), _csv(call, "MemberIds")
    if not ids:
        raise missing("MemberIds")

    def left(places: Places, now: float) -> Places:
        for each in ids:
            places = of.leave(places, key, _user_of(call, each), now)
        return places

    try:
        call.membership.change(left)
    except Refused as error:
        if error.why is not Why.NOT_A_MEMBER:
            raise
        raise RamError(404, _GONE, f"The member {error.what} does not exist.") from error
    return {}


def _key(call: MemberCall) -> Key:
    return Key(PAI, call.required("WorkspaceId"))


def _member_id(key: Key, user_id: str) -> str:
    return f"{key.id}-{user_id}"


def _user_of(call: MemberCall, member_id: str) -> str:
    """The UserId in a MemberId; one of another workspace is nobody here."""
    place, _, user_id = member_id.partition("-")
    if place != call.required("WorkspaceId") or not user_id:
        raise Refused(Why.NOT_A_MEMBER, member_id)
    return user_id


# -- reads


def _members(call: MemberCall) -> Answer:
    place = call.place(PAI, call.required("WorkspaceId"))
    user_id, name, roles = call.text("UserId"), call.text("MemberName"), _csv(call, "Roles")
    found = [
        shown
        for shown in (_member(call, place, member) for member in place.members.values())
        if user_id in ("", shown["UserId"])
        and name in shown["MemberName"]
        and (not roles or not set(roles).isdisjoint(shown["Roles"]))
    ]
    page, paging = call.page(found, 20)
    return {"Members": page, "TotalCount": paging["TotalCount"]}


def _one_member(call: MemberCall) -> Answer:
    place = call.place(PAI, call.required("WorkspaceId"))
    member_id = call.text("MemberId")
    user_id = _user_of(call, member_id) if member_id else call.required("UserId")
    member = place.members.get(user_id)
    if member is None:
        raise Refused(Why.NOT_A_MEMBER, member_id or user_id)
    return _member(call, place, member)


def _member(call: MemberCall, place: Place, member: Member) -> Answer:
    name = call.membership.name_of(member.user_id)
    return {
        "MemberId": _member_id(place.key, member.user_id),
        "UserId": member.user_id,
        "MemberName": name,
        "DisplayName": name,
        "AccountName": name,
        "AccountType": "PRIMARY" if member.user_id == call.membership.account.account_id else "SUB",
        "Roles": list(member.roles),
        "GmtCreateTime": stamp(member.since),
    }


def _workspaces(call: MemberCall) -> Answer:
    ids, name = _csv(call, "WorkspaceIds"), call.text("WorkspaceName")
    found = [place for place in call.places(PAI) if (not ids or place.key.id in ids) and name in place.name]
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


def _csv(call: MemberCall, name: str) -> list[str]:
    return [each for each in call.text(name).split(",") if each]


_PAGE = ("PageNumber", "PageSize")
SERVICE = Service(
    PAI,
    VERSION,
    "paiworkspace",
    {
        "CreateMember": writes(_create, "WorkspaceId", "Members"),
        "AddMemberRole": writes(_add_role, "WorkspaceId", "MemberId", "RoleName"),
        "RemoveMemberRole": writes(_remove_role, "WorkspaceId", "MemberId", "RoleName"),
        "DeleteMembers": writes(_delete, "WorkspaceId", "MemberIds"),
        "ListMembers": reads(_members, "WorkspaceId", "UserId", "MemberName", "Roles", *_PAGE),
        "GetMember": reads(_one_member, "WorkspaceId", "UserId", "MemberId"),
        "ListWorkspaces": reads(_workspaces, "WorkspaceIds", "WorkspaceName", "Verbose", *_PAGE),
    },
    _CODES,
    _about,
)
