"""Realtime Compute for Apache Flink (ververica 2022-07-18), as far as its namespaces' members go: ROA style, JSON.

As the SDK and the reference have it: the header `workspace`, members as `user:<UserId>`, answers with the status 200 in
which `success` says whether it was done, and one role to a member, which UpdateMember replaces. As the console's manual
has it: only an owner adds members, and nobody else sees them. Assumed: every code here, since none are published; that
UpdateMember to the role that somebody has is no refusal; and that ListEditableNamespace shows the namespaces in which
the caller has a role.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.products import places as of
from bot.sandbox.products.member_call import About, Answer, Codes, MemberCall, Service, invalid, reads, writes
from bot.sandbox.products.members import MemberStandIn, SeededMember, SeededPlace
from bot.sandbox.products.places import Place, PlaceKey, PlaceMember, PlaceRefusalReason, PlaceRefused, Places
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.wire import ApiName

_MEMBERS = "/gateway/v2/namespaces/{namespace}/members"
_ROUTES = (
    ("GET", "/gateway/v2/namespaces/editable", "ListEditableNamespace"),
    ("GET", _MEMBERS, "ListMembers"),
    ("POST", _MEMBERS, "CreateMember"),
    ("PUT", _MEMBERS, "UpdateMember"),
    ("GET", f"{_MEMBERS}/{{member}}", "GetMember"),
    ("DELETE", f"{_MEMBERS}/{{member}}", "DeleteMember"),
)
_CODES: Codes = {
    PlaceRefusalReason.NO_PLACE: (200, "990404", "The namespace {} does not exist."),
    PlaceRefusalReason.NO_USER: (200, "990405", "The user {} does not exist."),
    PlaceRefusalReason.NO_ROLE: (200, "990406", "The role {} does not exist."),
    PlaceRefusalReason.NOT_A_MEMBER: (200, "990407", "{} is not a member."),
    PlaceRefusalReason.ALREADY_A_MEMBER: (200, "990409", "{} is a member already."),
    PlaceRefusalReason.NOT_AN_OWNER: (200, "990403", "{} may not manage members here."),
}
OWNER, EDITOR, VIEWER = "OWNER", "EDITOR", "VIEWER"
_PREFIX = "user:"


def _refused(_: str, error: RamError) -> Answer:
    return {"success": False, "httpCode": 200, "errorCode": error.code, "errorMessage": error.message, "data": None}


def _done(data: Any, **more: Any) -> Answer:
    return {"success": True, "httpCode": 200, "errorCode": "", "errorMessage": "", "data": data, **more}


def _about(call: MemberCall) -> About:
    member, role = call.text("member"), call.text("role")
    namespace = call.text("namespace")
    place = f"{call.text('workspace')}/{namespace}" if namespace else ""
    return About(place, (_bare(member),) if member else (), (role,) if role else ())


def _bare(member: str) -> str:
    return member.replace(" ", "").removeprefix(_PREFIX)


# -- changes


def _create(call: MemberCall) -> Answer:
    key, user_id, role = _key(call), _user_id(call), call.required("role")
    name = call.membership.require_user_name(user_id)
    _change(call, lambda places, now: of.join(places, key, user_id, name, [role], now))
    return _done(_entry(user_id, role))


def _update(call: MemberCall) -> Answer:
    key, user_id, role = _key(call), _user_id(call), call.required("role")

    def replaced(places: Places, now: float) -> Places:
        member = of.place_of(places, key).members.get(user_id)
        if member is not None and role in member.roles:
            return places
        return of.grant(places, key, user_id, [role], now)

    _change(call, replaced)
    return _done(_entry(user_id, role))


def _delete(call: MemberCall) -> Answer:
    key, user_id = _key(call), _user_id(call)
    _change(call, lambda places, now: of.leave(places, key, user_id, now))
    return _done(None)


def _change(call: MemberCall, change: Any) -> None:
    key = _key(call)

    def by_owner(places: Places, now: float) -> Places:
        caller = of.place_of(places, key).members.get(call.caller)
        if caller is None or OWNER not in caller.roles:
            raise PlaceRefused(PlaceRefusalReason.NOT_AN_OWNER, call.caller)
        changed: Places = change(places, now)
        return changed

    call.membership.change(by_owner)


def _key(call: MemberCall) -> PlaceKey:
    return call.key(f"{call.required('workspace')}/{call.required('namespace')}")


def _user_id(call: MemberCall) -> str:
    member = call.required("member")
    if not member.startswith(_PREFIX):
        raise invalid("member", f"must begin with {_PREFIX}")
    return _bare(member)


# -- reads


def _members(call: MemberCall) -> Answer:
    found = [_shown(member) for member in _seen(call).members.values()]
    number, size = call.whole("pageIndex", 1, 1_000_000, 1), call.whole("pageSize", 1, 100, 10)
    shown = found[(number - 1) * size : number * size]
    return _done(shown, pageIndex=number, pageSize=size, totalSize=len(found))


def _one_member(call: MemberCall) -> Answer:
    user_id = _user_id(call)
    member = _seen(call).members.get(user_id)
    if member is None:
        raise PlaceRefused(PlaceRefusalReason.NOT_A_MEMBER, user_id)
    return _done(_shown(member))


def _seen(call: MemberCall) -> Place:
    """Nobody who is no member sees who is."""
    place = call.place(_key(call).id)
    if call.caller not in place.members:
        raise PlaceRefused(PlaceRefusalReason.NOT_AN_OWNER, call.caller)
    return place


def _shown(member: PlaceMember) -> Answer:
    # With the blank that the examples of answers have.
    return _entry(f" {member.user_id}", next(iter(member.roles)))


def _entry(user_id: str, role: str) -> Answer:
    return {"member": f"{_PREFIX}{user_id}", "role": role}


def _namespaces(call: MemberCall) -> Answer:
    call.required("regionId")
    number, size = call.whole("pageIndex", 1, 1_000_000, 1), call.whole("pageSize", 1, 100, 10)
    found = [
        {"WorkspaceId": place.key.id.partition("/")[0], "Namespace": place.name, "Role": role}
        for place in call.places()
        if call.caller in place.members
        for role in place.members[call.caller].roles
        if call.text("workspaceId") in ("", place.key.id.partition("/")[0])
        and call.text("namespace") in ("", place.name)
    ]
    shown = found[(number - 1) * size : number * size]
    data = {"editableNamespaces": shown, "pageIndex": str(number), "pageSize": str(size), "total": str(len(found))}
    return {"success": True, "httpCode": 200, "data": data}


_PLACE = ("workspace", "namespace")
_PAGE = ("pageIndex", "pageSize")
SERVICE = Service(
    "flink",
    "2022-07-18",
    ApiName("ververica.cn-hangzhou.aliyuncs.com", "ververica"),
    "stream",
    {
        "CreateMember": writes(_create, *_PLACE, "member", "role"),
        "UpdateMember": writes(_update, *_PLACE, "member", "role"),
        "DeleteMember": writes(_delete, *_PLACE, "member"),
        "GetMember": reads(_one_member, *_PLACE, "member"),
        "ListMembers": reads(_members, *_PLACE, *_PAGE),
        "ListEditableNamespace": reads(_namespaces, "regionId", "workspaceId", "namespace", *_PAGE),
    },
    _CODES,
    _about,
    routes=_ROUTES,
    lower_case=True,
    headers=("workspace",),
    refused=_refused,
)

# -- what is in it

ROLES = (OWNER, EDITOR, VIEWER, "ADMIN", "release-manager")
"""The last is one that the team has made."""
STAND_IN = MemberStandIn(
    SERVICE,
    "alibabacloud_ververica20220718",
    places=tuple(
        SeededPlace(
            f"{workspace}/{project}-default",
            f"{project}-default",
            project.title(),
            ROLES,
            project=project,
            owner_role=OWNER,
            bot_role=OWNER,
            members=members,
            one_role=True,
        )
        for workspace, project, members in (
            ("a14bd5d90a4dbe", "ranking", (SeededMember("frank", VIEWER, 95),)),
            ("ca84d539167d4d", "search", ()),
        )
    ),
)
