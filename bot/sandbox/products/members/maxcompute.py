"""MaxCompute 2022-01-04, as far as its projects' users go: ROA style, JSON with names in lower case.

Documented: the principal `RAM$<account id>:<UserId>`; OBJECT_NOT_EXIST and PROJECT_NOT_FOUND as codes, for what is not
there. Assumed, since it is not documented: every other code here, that lists show `RAM$<account id>:<user name>` and
that this is taken as well, that whoever gets a role becomes a user of the project and stays one without it, that a
role which is held or not held already is refused and not passed over, and the names of the actions in RAM policies.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.products import places as of
from bot.sandbox.products.member_call import About, Answer, Codes, MemberCall, Service, missing, reads, writes
from bot.sandbox.products.members import MemberStandIn, SeededPlace
from bot.sandbox.products.membership import Membership
from bot.sandbox.products.places import Place, PlaceRefusalReason, PlaceRefused, Places
from bot.sandbox.ram.wire import ApiName

OWNER = "ALIYUN$workshop"
_PROJECTS = "/api/v1/projects"
_PROJECT = f"{_PROJECTS}/{{projectName}}"
_USERS = f"{_PROJECT}/roles/{{roleName}}/users"
_ROUTES = (
    ("GET", _PROJECTS, "ListProjects"),
    ("GET", _PROJECT, "GetProject"),
    ("GET", f"{_PROJECT}/users", "ListProjectUsers"),
    ("GET", _USERS, "ListUsersByRole"),
    ("PUT", _USERS, "UpdateUsersToRole"),
)
_CODES: Codes = {
    PlaceRefusalReason.NO_PLACE: (404, "PROJECT_NOT_FOUND", "The project {} is not found."),
    PlaceRefusalReason.NO_USER: (404, "OBJECT_NOT_EXIST", "The user {} does not exist."),
    PlaceRefusalReason.NO_ROLE: (404, "OBJECT_NOT_EXIST", "The role {} does not exist."),
    PlaceRefusalReason.NOT_A_MEMBER: (404, "OBJECT_NOT_EXIST", "The user {} does not exist in this project."),
    PlaceRefusalReason.ALREADY_A_MEMBER: (409, "OBJECT_ALREADY_EXIST", "The user {} exists in this project already."),
    PlaceRefusalReason.HAS_THE_ROLE: (409, "OBJECT_ALREADY_EXIST", "The user has the role {} already."),
    PlaceRefusalReason.LACKS_THE_ROLE: (404, "OBJECT_NOT_EXIST", "The user does not have the role {}."),
}


def _about(call: MemberCall) -> About:
    users = []
    for principal in (*call.texts("add"), *call.texts("remove")):
        try:
            users.append(_user_id(call.membership, principal))
        except PlaceRefused:
            users.append(principal)
    role = call.text("roleName")
    return About(call.text("projectName"), tuple(users), (role,) if role else ())


def _update(call: MemberCall) -> Answer:
    key, role = call.key(call.required("projectName")), call.required("roleName")
    call.place(key.id)
    add = [_user_id(call.membership, each) for each in call.texts("add")]
    remove = [_user_id(call.membership, each) for each in call.texts("remove")]
    if not add and not remove:
        raise missing("add")
    names = {user_id: call.membership.name_of(user_id) for user_id in add}

    def updated(places: Places, now: float) -> Places:
        for user_id in add:
            if user_id in of.place_of(places, key).members:
                places = of.grant(places, key, user_id, [role], now)
            else:
                places = of.join(places, key, user_id, names[user_id], [role], now)
        for user_id in remove:
            places = of.revoke(places, key, user_id, [role], now)
        return places

    call.membership.change(updated)
    return {"data": "success"}


def _user_id(membership: Membership, principal: str) -> str:
    """The UserId behind one of the two spellings. A name is the RAM user's who has it now, or had it last."""
    account = membership.account
    found = re.fullmatch(rf"RAM\${account.account_id}:([^:/\s]+)", principal)
    if found is None:
        raise PlaceRefused(PlaceRefusalReason.NO_USER, principal)
    users = account.read().users
    if found[1] in users:
        return users[found[1]].user_id
    known = {user.user_id: user.name for user in users.values()}
    gone = {
        member.user_id: member.name
        for place in membership.read().values()
        for member in place.members.values()
        if member.user_id not in known and member.user_id != account.account_id
    }
    for user_id, name in (*known.items(), *gone.items()):
        if found[1] == user_id or (user_id in gone and found[1] == name):
            return user_id
    raise PlaceRefused(PlaceRefusalReason.NO_USER, principal)


# -- reads


def _by_role(call: MemberCall) -> Answer:
    place = call.place(call.required("projectName"))
    role = call.required("roleName")
    if role not in place.roles:
        raise PlaceRefused(PlaceRefusalReason.NO_ROLE, role)
    return _users(call, [user_id for user_id, member in place.members.items() if role in member.roles])


def _project_users(call: MemberCall) -> Answer:
    return _users(call, list(call.place(call.required("projectName")).members))


def _users(call: MemberCall, user_ids: list[str]) -> Answer:
    account = call.membership.account
    named = [f"RAM${account.account_id}:{call.membership.name_of(user_id)}" for user_id in user_ids]
    return {"data": {"users": [{"name": name} for name in named]}}


def _projects(call: MemberCall) -> Answer:
    size, marker, prefix = call.whole("maxItem", 1, 1000, 10), call.text("marker"), call.text("prefix")
    found = sorted(call.places(), key=lambda place: place.name)
    rest = [place for place in found if place.name > marker and place.name.startswith(prefix)]
    goes_on = rest[size - 1].name if len(rest) > size else ""
    shown = [_project(call, place) for place in rest[:size]]
    return {"data": {"projects": shown, "maxItem": size, "marker": goes_on, "NextToken": goes_on}}


def _one_project(call: MemberCall) -> Answer:
    return {"data": _project(call, call.place(call.required("projectName")))}


def _project(call: MemberCall, place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "owner": call.membership.owners.get(place.name, OWNER),
        "type": "managed",
        "status": "AVAILABLE",
        "regionId": "cn-hangzhou",
        "createdTime": round(place.created * 1000),
    }


SERVICE = Service(
    "maxcompute",
    "2022-01-04",
    ApiName("maxcompute.cn-hangzhou.aliyuncs.com", "MaxCompute"),
    "odps",
    {
        "UpdateUsersToRole": writes(_update, "projectName", "roleName", "add", "remove"),
        "ListUsersByRole": reads(_by_role, "projectName", "roleName"),
        "ListProjectUsers": reads(_project_users, "projectName"),
        "GetProject": reads(_one_project, "projectName", "verbose"),
        "ListProjects": reads(_projects, "maxItem", "marker", "prefix"),
    },
    _CODES,
    _about,
    routes=_ROUTES,
    arn="acs:odps:cn-hangzhou:{account}:projects/{place}",
    lower_case=True,
)

# -- what is in it

ROLES = ("admin", *(f"role_project_{name}" for name in ("admin", "dev", "pe", "deploy", "guest", "security")))
STAND_IN = MemberStandIn(
    SERVICE,
    "alibabacloud_maxcompute20220104",
    (
        SeededPlace("ranking", "ranking", "ranking", ROLES, project="ranking"),
        SeededPlace("ranking_dev", "ranking_dev", "ranking_dev", ROLES),
        SeededPlace("search", "search", "search", ROLES, project="search"),
    ),
    options=lambda account: {"account": account.account_id},
)
