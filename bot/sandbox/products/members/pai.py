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
    writes,
)
from bot.sandbox.products.members import MemberStandIn, SeededMember, SeededPlace
from bot.sandbox.products.members.pai_reads import csv, member_id_of, members, one_member, user_of, workspaces
from bot.sandbox.products.places import PlaceKey, PlaceRefusalReason, PlaceRefused, Places
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.throttle import Limits
from bot.sandbox.ram.wire import ApiName

LIMITS = Limits(reads=50, writes=20, writes_apart=True)
"""help.aliyun.com, api-aiworkspace-2021-02-04-quota."""
_WORKSPACES = "/api/v1/workspaces"
_MEMBERS = f"{_WORKSPACES}/{{WorkspaceId}}/members"
_ROLE = f"{_MEMBERS}/{{MemberId}}/roles/{{RoleName}}"
_ROUTES = (
    ("GET", _WORKSPACES, "ListWorkspaces"),
    ("GET", _MEMBERS, "ListMembers"),
    ("POST", _MEMBERS, "CreateMember"),
    ("DELETE", _MEMBERS, "DeleteMembers"),
    ("GET", f"{_WORKSPACES}/{{WorkspaceId}}/member", "GetMember"),
    ("POST", _ROLE, "AddMemberRole"),
    ("DELETE", _ROLE, "RemoveMemberRole"),
)
_CODES: Codes = {
    PlaceRefusalReason.NO_PLACE: (404, "100400001", "The workspace {} does not exist."),
    PlaceRefusalReason.NO_USER: (400, "100600003", "The user {} does not exist in this account."),
    PlaceRefusalReason.NO_ROLE: (400, "100600004", "The role {} does not exist."),
    PlaceRefusalReason.NOT_A_MEMBER: (404, "100600006", "The member {} does not exist."),
    PlaceRefusalReason.ALREADY_A_MEMBER: (409, "100600005", "The user {} is a member already."),
    PlaceRefusalReason.HAS_THE_ROLE: (409, "100600008", "The member has the role {} already."),
    PlaceRefusalReason.LACKS_THE_ROLE: (404, "100600009", "The member does not have the role {}."),
}
_GONE = "100600017"


def _about(call: MemberCall) -> About:
    ids = [call.params.get("MemberId", ""), *csv(call, "MemberIds")]
    users = [call.params.get("UserId", ""), *(str(each).partition("-")[2] for each in ids)]
    roles = [call.params.get("RoleName", ""), *csv(call, "Roles")]
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
    names = {each["UserId"]: call.membership.require_user_name(each["UserId"]) for each in asked}

    def joined(places: Places, now: float) -> Places:
        for each in asked:
            places = of.join(places, key, each["UserId"], names[each["UserId"]], each["Roles"], now)
        return places

    call.membership.change(joined)
    made = [
        {**each, "MemberId": member_id_of(key, each["UserId"]), "DisplayName": names[each["UserId"]]} for each in asked
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
    key, user_id, role = _key(call), user_of(call, call.required("MemberId")), call.required("RoleName")
    call.membership.change(lambda places, now: of.grant(places, key, user_id, [role], now))
    return {}


def _remove_role(call: MemberCall) -> Answer:
    key, user_id, role = _key(call), user_of(call, call.required("MemberId")), call.required("RoleName")
    call.membership.change(lambda places, now: of.revoke(places, key, user_id, [role], now))
    return {}


def _delete(call: MemberCall) -> Answer:
    key, ids = _key(call), csv(call, "MemberIds")
    if not ids:
        raise missing("MemberIds")

    def left(places: Places, now: float) -> Places:
        for each in ids:
            places = of.leave(places, key, user_of(call, each), now)
        return places

    try:
        call.membership.change(left)
    except PlaceRefused as error:
        if error.reason is not PlaceRefusalReason.NOT_A_MEMBER:
            raise
        raise RamError(404, _GONE, f"The member {error.what} does not exist.") from error
    return {}


def _key(call: MemberCall) -> PlaceKey:
    return call.key(call.required("WorkspaceId"))


_PAGE = ("PageNumber", "PageSize")
SERVICE = Service(
    "pai",
    "2021-02-04",
    ApiName("aiworkspace.cn-hangzhou.aliyuncs.com", "AIWorkSpace"),
    "paiworkspace",
    {
        "CreateMember": writes(_create, "WorkspaceId", "Members"),
        "AddMemberRole": writes(_add_role, "WorkspaceId", "MemberId", "RoleName"),
        "RemoveMemberRole": writes(_remove_role, "WorkspaceId", "MemberId", "RoleName"),
        "DeleteMembers": writes(_delete, "WorkspaceId", "MemberIds"),
        "ListMembers": reads(members, "WorkspaceId", "UserId", "MemberName", "Roles", *_PAGE),
        "GetMember": reads(one_member, "WorkspaceId", "UserId", "MemberId"),
        "ListWorkspaces": reads(workspaces, "WorkspaceIds", "WorkspaceName", "Verbose", *_PAGE),
    },
    _CODES,
    _about,
    routes=_ROUTES,
    limits=LIMITS,
)

# -- what is in it

OWNER, GUEST = "PAI.WorkspaceOwner", "PAI.WorkspaceGuest"
ROLES = (
    *("PAI.AlgoDeveloper", "PAI.AlgoOperator", "PAI.LabelManager", "PAI.MaxComputeDeveloper", "PAI.WorkspaceAdmin"),
    *(GUEST, OWNER),
)
STAND_IN = MemberStandIn(
    SERVICE,
    "alibabacloud_aiworkspace20210204",
    (
        SeededPlace(
            "20001",
            "ranking",
            "Ranking",
            ROLES,
            project="ranking",
            owner_role=OWNER,
            members=(SeededMember("frank", GUEST, days=95),),
        ),
        SeededPlace("20002", "search", "Search", ROLES, project="search", owner_role=OWNER),
    ),
)
