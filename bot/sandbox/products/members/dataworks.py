"""DataWorks 2024-05-18, as far as its workspaces' members go: RPC style, the parameters in a form.

Documented in Alibaba's own Terraform provider: deleting somebody who is no member answers 1101080166. Assumed, since
this version's codes are not documented: every other code here (adding a member again is written like the code of the
version before), that a role which is held or not held already is refused and not passed over, that who loses their
last role stays a member, that deleting a workspace leaves alone what it handed on to MaxCompute, and the names of the
actions in RAM policies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.products import places as of
from bot.sandbox.products.member_call import (
    About,
    Answer,
    Codes,
    MemberCall,
    Service,
    decoded,
    missing,
    reads,
    writes,
)
from bot.sandbox.products.members import MemberStandIn, SeededMember, SeededPlace
from bot.sandbox.products.members.dataworks_reads import known_roles, members, one_workspace, workspaces
from bot.sandbox.products.places import HandsOn, PlaceKey, PlaceRefusalReason
from bot.sandbox.ram.throttle import Limits
from bot.sandbox.ram.wire import ApiName

LIMITS = Limits(reads=50, writes=20, reads_apart=False)
"""Of Enterprise Edition; others take 5 a second in all (help.aliyun.com/document_detail/93251)."""
_LISTS = frozenset({"RoleCodes", "UserIds", "Ids", "Names", "Codes"})
_CODES: Codes = {
    PlaceRefusalReason.NO_PLACE: (404, "Invalid.Tenant.ProjectNotExists", "The workspace {} does not exist."),
    PlaceRefusalReason.NO_USER: (400, "Invalid.Tenant.UserNotInTenant", "The user {} does not exist in this account."),
    PlaceRefusalReason.NO_ROLE: (400, "Invalid.Tenant.RoleNotExists", "The role {} does not exist in this workspace."),
    PlaceRefusalReason.NOT_A_MEMBER: (400, "1101080166", "The user {} is not a member of this workspace."),
    PlaceRefusalReason.ALREADY_A_MEMBER: (
        400,
        "Invalid.Tenant.UserAlreadyInProject",
        "The user {} is a member already.",
    ),
    PlaceRefusalReason.HAS_THE_ROLE: (400, "Invalid.Tenant.RoleAlreadyGranted", "The user has the role {} already."),
    PlaceRefusalReason.LACKS_THE_ROLE: (400, "Invalid.Tenant.RoleNotGranted", "The user does not have the role {}."),
}


def _read_params(given: Mapping[str, str]) -> dict[str, Any]:
    """The form's fields, with the lists that travel in it as JSON; raises `RamError`."""
    return {name: decoded(name, value) if name in _LISTS else value for name, value in given.items()}


def _about(call: MemberCall) -> About:
    users = [call.params.get("UserId", ""), *call.texts("UserIds")]
    roles = call.texts("RoleCodes")
    return About(call.text("ProjectId"), tuple(user for user in users if user), tuple(roles))


# -- changes


def _create(call: MemberCall) -> Answer:
    key, user_id, roles = _named(call)
    name = call.membership.require_user_name(user_id)
    call.membership.change(lambda places, now: of.join(places, key, user_id, name, roles, now))
    return {}


def _grant(call: MemberCall) -> Answer:
    key, user_id, roles = _named(call)
    call.membership.change(lambda places, now: of.grant(places, key, user_id, roles, now))
    return {}


def _revoke(call: MemberCall) -> Answer:
    key, user_id, roles = _named(call)
    call.membership.change(lambda places, now: of.revoke(places, key, user_id, roles, now))
    return {}


def _delete(call: MemberCall) -> Answer:
    key, user_id = _key(call), call.required("UserId")
    call.membership.change(lambda places, now: of.leave(places, key, user_id, now))
    return {}


def _named(call: MemberCall) -> tuple[PlaceKey, str, list[str]]:
    key, user_id, roles = _key(call), call.required("UserId"), call.texts("RoleCodes")
    if not roles:
        raise missing("RoleCodes")
    return key, user_id, roles


def _key(call: MemberCall) -> PlaceKey:
    return call.key(call.required("ProjectId"))


_PAGE = ("PageNumber", "PageSize")
SERVICE = Service(
    "dataworks",
    "2024-05-18",
    ApiName("dataworks.cn-hangzhou.aliyuncs.com", "dataworks-public"),
    "dataworks",
    {
        "CreateProjectMember": writes(_create, "ProjectId", "UserId", "RoleCodes"),
        "GrantMemberProjectRoles": writes(_grant, "ProjectId", "UserId", "RoleCodes"),
        "RevokeMemberProjectRoles": writes(_revoke, "ProjectId", "UserId", "RoleCodes"),
        "DeleteProjectMember": writes(_delete, "ProjectId", "UserId"),
        "ListProjectMembers": reads(members, "ProjectId", "RoleCodes", "UserIds", *_PAGE),
        "ListProjects": reads(workspaces, "Ids", "Names", *_PAGE),
        "ListProjectRoles": reads(known_roles, "ProjectId", "Codes", *_PAGE),
        "GetProject": reads(one_workspace, "Id"),
    },
    _CODES,
    _about,
    read_params=_read_params,
    limits=LIMITS,
)

# -- what is in it

OWNER, DEVELOPER = "role_project_owner", "role_project_dev"
ROLES = tuple(
    f"role_project_{name}"
    for name in ("owner", "admin", "dev", "pe", "deploy", "guest", "security", "data_analyst", "erd", "dg_admin")
)


def _developers_of(project: str) -> HandsOn:
    """In MaxCompute, where the role has the same name."""
    return HandsOn(DEVELOPER, PlaceKey("maxcompute", project))


STAND_IN = MemberStandIn(
    SERVICE,
    "alibabacloud_dataworks_public20240518",
    (
        SeededPlace(
            "10001",
            "ranking",
            "Ranking",
            ROLES,
            project="ranking",
            owner_role=OWNER,
            members=(SeededMember("dave", DEVELOPER, days=150),),
            hands_on=_developers_of("ranking_dev"),
            standard=True,
        ),
        SeededPlace(
            "10002",
            "search",
            "Search",
            ROLES,
            project="search",
            owner_role=OWNER,
            hands_on=_developers_of("search"),
        ),
    ),
)
