"""What Hologres answers to reads, and what all of its actions need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.sandbox.products.hologres.contents import SUPERUSER, role_name
from bot.sandbox.products.hologres.instance import RunningInstance, StatementRefused
from bot.sandbox.products.hologres.instances import RUNNING
from bot.sandbox.products.hologres.statement import (
    DEFAULT_ROWS,
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_ROWS,
    MAX_SECONDS,
    SqlStatement,
    execute,
)
from bot.sandbox.products.member_call import Answer, MemberCall, invalid, stamp
from bot.sandbox.products.places import Place
from bot.sandbox.ram.errors import RamError

_RESOURCE_GROUP = "rg-acfmworkshop01"


def done(**more: Any) -> Answer:
    """An answer that says that it was done."""
    return {"Success": "true", "HttpStatusCode": "200", **more}


def instance_place(call: MemberCall) -> Place:
    """The instance that is asked about; raises `PlaceRefused` where it does not exist."""
    return call.place(call.required("instanceId"))


def running_place(call: MemberCall) -> Place:
    """The same; raises `RamError` where it is stopped."""
    place = instance_place(call)
    if call.membership.hologres.status(place.key.id) != RUNNING:
        raise RamError(200, "InstanceNotRunning", f"The instance {place.key.id} is not running.")
    return place


def running(call: MemberCall) -> RunningInstance:
    """Its database; raises `RamError` where it is stopped."""
    return call.membership.hologres.started(running_place(call).key.id, call.membership.read())


def caller_name(call: MemberCall) -> str:
    """What the database calls whoever calls."""
    return role_name(call.role_id) if call.role_id else call.membership.hologres.name_of(call.caller)


@contextmanager
def answered() -> Iterator[None]:
    """What the database refuses is a refusal of the call."""
    try:
        yield
    except StatementRefused as refused:
        raise RamError(200, refused.code, refused.message) from refused


def statement(call: MemberCall) -> Answer:
    """ExecuteStatement."""
    if not call.membership.hologres.statements(instance_place(call).key.id):
        raise RamError(200, "ExecuteStatementNotEnabled", "ExecuteStatement is not enabled for this instance.")
    instance, database, sql = running(call), call.required("dbName"), call.required("sql")
    if len(sql) > MAX_CHARACTERS:
        raise invalid("sql", f"must have at most {MAX_CHARACTERS} characters")
    parameters = call.params.get("parameters", [])
    if not isinstance(parameters, list) or not all(
        each is None or isinstance(each, str | int | float) for each in parameters
    ):
        raise invalid("parameters", "must be a list of texts, numbers, true, false and null")
    seconds = call.number("queryTimeout", 1, MAX_SECONDS, MAX_SECONDS)
    rows = call.number("maxRows", 1, MAX_ROWS, DEFAULT_ROWS)
    size = call.number("maxBytes", 1, MAX_BYTES, MAX_BYTES)
    asked = SqlStatement(sql, tuple(parameters), seconds, rows, size)
    return done(data=execute(instance, caller_name(call), database, asked))


def enabled(call: MemberCall) -> Answer:
    """GetExecuteStatementEnabled."""
    on = call.membership.hologres.statements(instance_place(call).key.id)
    return {**done(Data=on), "Success": True}


def databases(call: MemberCall) -> Answer:
    """ListDatabases; those of others, which this one only refers to, there are none."""
    if call.text("external") not in ("", "true", "false"):
        raise invalid("external", "must be true or false")
    caller, place = caller_name(call), running_place(call)
    with answered():
        seen = call.membership.hologres.contents(place.key.id, call.membership.read())
    held = {grant.database: grant.permission for grant in seen.grants if grant.user == caller}
    listed = [
        {
            "Name": name,
            "PermissionModel": "SPM",
            "Privilege": SUPERUSER if seen.users.get(caller) else held.get(name, ""),
            "External": False,
        }
        for name in sorted(seen.databases)
    ]
    return done(DatabaseList=[] if call.text("external") == "true" else listed)


def instances(call: MemberCall) -> Answer:
    """ListInstances. None has tags."""
    if call.text("cmsInstanceType") not in ("", "standard") or call.params.get("tag"):
        return done(InstanceList=[])
    groups = ("", _RESOURCE_GROUP)
    found = [_shown(call, place) for place in call.places() if call.text("resourceGroupId") in groups]
    return done(InstanceList=[{**each, "EnableSSL": "true", "EnableHiveAccess": "false"} for each in found])


def instance(call: MemberCall) -> Answer:
    """GetInstance."""
    shown = _shown(call, instance_place(call))
    more = {"EnableSSL": True, "Cpu": 8, "Memory": 32, "InstanceOwner": call.membership.account.account_id}
    return {**done(Instance={**shown, **more}), "Success": True}


def _shown(call: MemberCall, place: Place) -> Answer:
    hologres = call.membership.hologres
    status, address = hologres.status(place.key.id), hologres.addresses.get(place.key.id)
    return {
        "InstanceId": place.key.id,
        "InstanceName": place.name,
        "InstanceStatus": status,
        "SuspendReason": "Manual" if status != RUNNING else "",
        "InstanceType": "Standard",
        "InstanceChargeType": "PostPaid",
        "CommodityCode": "hologram_postpay_public_cn",
        "CreationTime": stamp(place.created),
        "RegionId": "cn-hangzhou",
        "ZoneId": "cn-hangzhou-j",
        "ResourceGroupId": _RESOURCE_GROUP,
        "Version": "3.1.8",
        "Endpoints": [{"Type": "Internet", "Enabled": True, "Endpoint": address}] if address else [],
        "Tags": [],
    }
