"""Hologres (hologram 2022-06-01), as far as the users of its instances and the permissions in its databases go: ROA
style, JSON.

As the SDK and the reference have it: `superUser` is true or false to CreateUser and a text to DropUser, answers say
with the text "true" or, about ExecuteStatement, with a boolean whether it was done, and RevokeDatabasePermission says
nothing besides its `data`. As the manual has it: users are added, dropped and given permissions by a superuser, who is
asked for here by the database itself, and the code and sentence of a refusal are the database's own. Documented by what
its users branch on: `resource not exists failed` (Terraform's provider). Assumed: every other code, that a refusal
comes with the status 200 and `Success` "false", that a user whom RAM does not have is not added, and the names of
the actions in RAM policies other than ExecuteStatement, GrantDatabasePermission, GetInstance and ListInstances.
"""

from __future__ import annotations

import re
from functools import partial
from typing import LiteralString

from bot.sandbox.products.hologres.contents import (
    DATABASES,
    INSTANCES,
    NORMAL,
    PERMISSIONS,
    SUPERUSER,
    DatabaseGrant,
    user_id_of,
)
from bot.sandbox.products.hologres.server import missing as database_missing
from bot.sandbox.products.member_call import About, Answer, Codes, MemberCall, Service, invalid, missing, reads, writes
from bot.sandbox.products.members import MemberStandIn, SeededMember, SeededPlace
from bot.sandbox.products.members.hologres_reads import (
    answered,
    caller_name,
    databases,
    done,
    enabled,
    instance,
    instance_place,
    instances,
    running,
    statement,
)
from bot.sandbox.products.membership import Change
from bot.sandbox.products.places import PlaceKey, PlaceRefusalReason
from bot.sandbox.ram.errors import RamError
from bot.sandbox.ram.wire import ApiName

_INSTANCES = "/api/v1/instances"
_INSTANCE = f"{_INSTANCES}/{{instanceId}}"
_ROUTES = (
    ("POST", _INSTANCES, "ListInstances"),
    ("GET", _INSTANCE, "GetInstance"),
    ("GET", f"{_INSTANCE}/listDatabases", "ListDatabases"),
    ("POST", f"{_INSTANCE}/createUser", "CreateUser"),
    ("POST", f"{_INSTANCE}/dropUser", "DropUser"),
    ("POST", f"{_INSTANCE}/grantDatabasePermission", "GrantDatabasePermission"),
    ("PUT", f"{_INSTANCE}/revokeDatabasePermission", "RevokeDatabasePermission"),
    ("POST", f"{_INSTANCE}/executeStatement", "ExecuteStatement"),
    ("GET", f"{_INSTANCE}/executeStatementEnabled", "GetExecuteStatementEnabled"),
    ("POST", f"{_INSTANCE}/enableExecuteStatement", "EnableExecuteStatement"),
    ("POST", f"{_INSTANCE}/disableExecuteStatement", "DisableExecuteStatement"),
)
_ABOUT_STATEMENTS = ("GetExecuteStatementEnabled", "EnableExecuteStatement", "DisableExecuteStatement")
_IN_LOWER_CASE = frozenset({*_ABOUT_STATEMENTS, "ExecuteStatement", "RevokeDatabasePermission"})
_CODES: Codes = {
    PlaceRefusalReason.NO_PLACE: (404, "resource not exists failed", "The instance {} does not exist."),
    PlaceRefusalReason.NO_USER: (200, "UserNotExist", "The RAM user {} does not exist."),
}


def _refused(action: str, error: RamError) -> Answer:
    if action == "RevokeDatabasePermission":
        return {"Data": False}
    said = {"ErrorCode": error.code, "ErrorMessage": error.message, "HttpStatusCode": "200"}
    if action in _ABOUT_STATEMENTS:
        return {"Success": False, "Data": False, **said}
    if action == "ExecuteStatement":
        return {"Success": "false", **said}
    return {"Success": "false", "Data": False, **said}


def _about(call: MemberCall) -> About:
    in_instance, database = call.text("instanceId"), call.text("databaseName") or call.text("dbName")
    user_id = user_id_of(call.text("userName"), call.membership.account.account_id)
    users = (user_id,) if user_id else ()
    inside = PlaceKey(DATABASES, f"{in_instance}/{database}")
    if "databaseName" in call.params or inside in call.membership.read():
        return About(inside.id, users, tuple(call.texts("privileges")), DATABASES, in_instance)
    roles = (SUPERUSER if call.params.get("superUser") is True else NORMAL,) if users else ()
    return About(in_instance, users, roles)


# -- changes


def _create(call: MemberCall) -> Answer:
    there, name = running(call), _user_name(call)
    sql: LiteralString = "CREATE USER {} SUPERUSER" if call.flag("superUser") else "CREATE USER {}"
    user_id = user_id_of(name, call.membership.account.account_id)
    if user_id is not None:
        call.membership.require_user_name(user_id)
    with answered():
        there.execute(caller_name(call), sql, [(name,)])
    return done(Data=True)


def _drop(call: MemberCall) -> Answer:
    there, name = running(call), _user_name(call)
    if call.text("superUser") not in ("", "true", "false"):
        raise invalid("superUser", "must be true or false")
    with answered():
        there.execute(caller_name(call), "DROP USER {}", [(name,)])
    return done(Data=True)


def _grant(call: MemberCall) -> Answer:
    _in_database(call, "GRANT {} TO {}")
    return done(Data=True)


def _revoke(call: MemberCall) -> Answer:
    _in_database(call, "REVOKE {} FROM {}")
    return {"Data": True}


def _in_database(call: MemberCall, sql: LiteralString) -> None:
    there, database, user = running(call), call.required("databaseName"), call.required("userName")
    permissions = call.texts("privileges")
    if not permissions:
        raise missing("privileges")
    for unknown in set(permissions) - set(PERMISSIONS):
        raise invalid("privileges", f"must not have {unknown} in it")
    grants = [DatabaseGrant(database, permission, user) for permission in permissions]
    with answered():
        there.execute(caller_name(call), sql, [(each.group, each.user) for each in grants], database)


def _user_name(call: MemberCall) -> str:
    """Only RAM users and roles that somebody assumes are added and dropped by API."""
    name = call.required("userName")
    if not re.fullmatch(r"(p4|v4)_[0-9]+", name):
        raise invalid("userName", "must be p4_ or v4_ and a number")
    return name


def _switch(call: MemberCall, on: bool) -> Answer:
    instance_place(call)
    call.membership.hologres.switch_statements(call.required("instanceId"), on)
    return {**done(Data=True), "Success": True}


# -- the API


def _observed(call: MemberCall) -> Change | None:
    asked = call.text("instanceId")
    if PlaceKey(INSTANCES, asked) not in call.membership.read():
        return None
    return call.membership.hologres.observed(asked, call.membership.name_of)


SERVICE = Service(
    INSTANCES,
    "2022-06-01",
    ApiName("hologram.cn-hangzhou.aliyuncs.com", "hologram"),
    "hologram",
    {
        "ListInstances": reads(instances, "cmsInstanceType", "resourceGroupId", "tag"),
        "GetInstance": reads(instance, "instanceId"),
        "ListDatabases": reads(databases, "instanceId", "external"),
        "CreateUser": writes(_create, "instanceId", "userName", "superUser"),
        "DropUser": writes(_drop, "instanceId", "userName", "superUser"),
        "GrantDatabasePermission": writes(_grant, "instanceId", "databaseName", "privileges", "userName"),
        "RevokeDatabasePermission": writes(_revoke, "instanceId", "databaseName", "privileges", "userName"),
        "ExecuteStatement": reads(
            statement, "instanceId", "dbName", "sql", "parameters", "queryTimeout", "maxRows", "maxBytes"
        ),
        "GetExecuteStatementEnabled": reads(enabled, "instanceId"),
        "EnableExecuteStatement": writes(partial(_switch, on=True), "instanceId"),
        "DisableExecuteStatement": writes(partial(_switch, on=False), "instanceId"),
    },
    _CODES,
    _about,
    routes=_ROUTES,
    arn="acs:hologram:cn-hangzhou:{account}:instance/{place}",
    refused=_refused,
    in_lower_case=_IN_LOWER_CASE,
    reachable=lambda call: call.membership.hologres.installed,
    observed=_observed,
)

# -- what is in it

SDK = "alibabacloud_hologram20220601"
RANKING, SEARCH = "hgprecn-cn-0ju1a2b3c4d", "hgprecn-cn-0ju5e6f7g8h"
STAND_IN = MemberStandIn(
    SERVICE,
    SDK,
    places=tuple(
        SeededPlace(
            instance_id,
            project,
            project.title(),
            (NORMAL, SUPERUSER),
            project=project,
            owner_role=SUPERUSER,
            bot_role=SUPERUSER,
            members=members,
            one_role=True,
        )
        for instance_id, project, members in (
            (RANKING, "ranking", (SeededMember("frank", NORMAL, 95),)),
            (SEARCH, "search", ()),
        )
    ),
    missing=database_missing,
)
