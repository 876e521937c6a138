"""What PostgreSQL's catalogue says of a Hologres instance's users: who is there, in which groups, and what hangs on
them. Every text here is fixed; what changes is a value beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from approvals.errors import CloudError, CloudErrorKind, Obstacles
from approvals.ids import RamUserId
from approvals.people import Principal
from bot.cloud.members.hologres_api import HologresApi

FIRST_DATABASE = "postgres"
"""It is in every instance."""
USER_PREFIX = "p4_"
"""Of a RAM user; `v4_` is a role that somebody took on, and without a prefix it is the account itself."""
SUPERUSER = "superuser"
PAGE = 500
MAX_PAGES = 100
MAX_NAMED = 10
"""Objects that are named, and databases that are looked into for them."""

_USERS = (
    "SELECT u.rolname::text, CASE WHEN u.rolsuper THEN 'superuser' ELSE '' END,"
    " COALESCE(string_agg(replace(g.rolname::text, ',', '?'), ','), '')"
    " FROM pg_catalog.pg_roles u"
    " LEFT JOIN pg_catalog.pg_auth_members m ON m.member = u.oid"
    " LEFT JOIN pg_catalog.pg_roles g ON g.oid = m.roleid"
)
_ONE = f"{_USERS} WHERE u.rolname::text = $1::text GROUP BY 1, 2"
_PAGE = (
    f"{_USERS} WHERE u.rolname::text ~ '^(p4_)?[0-9]+$' AND u.rolname::text > $1::text GROUP BY 1, 2 ORDER BY 1"
    f" LIMIT {PAGE}"
)
_OWN = (
    "SELECT CASE WHEN rolsuper THEN 'superuser' ELSE 'normal' END FROM pg_catalog.pg_roles WHERE rolname = current_user"
)
_GROUP = "SELECT g.rolname::text FROM pg_catalog.pg_roles g WHERE g.rolname::text = $1::text"
_DEPENDENTS = (
    "FROM pg_catalog.pg_shdepend s LEFT JOIN pg_catalog.pg_database d ON d.oid = s.dbid"
    " WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass"
    " AND s.refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname::text = $1::text)"
)
_DATABASES = (
    f"SELECT COALESCE(d.datname::text, ''), COUNT(*)::text {_DEPENDENTS} GROUP BY 1 ORDER BY 1 LIMIT {MAX_NAMED}"
)
_OBJECTS = (
    "SELECT s.deptype::text, pg_catalog.pg_describe_object(s.classid, s.objid, s.objsubid)"
    f" {_DEPENDENTS} AND d.datname = current_database() ORDER BY 2 LIMIT {MAX_NAMED}"
)
_OWNS = "o"
"""The type of a dependency of what somebody owns; the others are permissions on what is somebody else's."""


@dataclass(frozen=True, slots=True)
class HologresUser:
    """A RAM user, or the account itself, as a user of an instance."""

    user_id: RamUserId
    superuser: bool
    groups: frozenset[str]


def user_name(user: Principal) -> str:
    """What a RAM user is called in every instance."""
    return f"{USER_PREFIX}{user.user_id}"


def user_in(api: HologresApi, instance: str, user: Principal, database: str = FIRST_DATABASE) -> HologresUser | None:
    """None for somebody who is no user there. Asked of a database that has to be there."""
    found = api.rows(instance, database, _ONE, user_name(user))
    return _user(found[0]) if found else None


def users_in(api: HologresApi, instance: str, database: str = FIRST_DATABASE) -> Iterator[HologresUser]:
    """Every RAM user who is one there, and the account itself.

    Raises:
        CloudError: SILENT for a list without an end; or what it was answered.
    """
    last = ""
    for _ in range(MAX_PAGES):
        found = api.rows(instance, database, _PAGE, last)
        yield from map(_user, found)
        if len(found) < PAGE:
            return
        last = found[-1][0]
    raise CloudError(CloudErrorKind.SILENT, action="ExecuteStatement")


def own_role(api: HologresApi, instance: str) -> str:
    """The role of this program's own user: superuser or normal."""
    found = api.rows(instance, FIRST_DATABASE, _OWN)
    if not found:
        raise CloudError(CloudErrorKind.SILENT, action="ExecuteStatement")
    return found[0][0]


def has_group(api: HologresApi, instance: str, database: str, group: str) -> bool:
    """Whether there is such a group of users."""
    return bool(api.rows(instance, database, _GROUP, group))


def obstacles(api: HologresApi, instance: str, user: Principal) -> Obstacles | None:
    """What hangs on a user so that they cannot be dropped, and the statements that take that away; None where nothing
    does.
    """
    name = user_name(user)
    databases = api.rows(instance, FIRST_DATABASE, _DATABASES, name)
    if not databases:
        return None
    what: list[str] = []
    remedy: list[str] = []
    for database, count in databases:
        what += _objects(api, instance, database, name) or [f"{count} in database {database or '?'}"]
        if database:
            remedy += [
                f"\\c {identifier(database)}",
                f"REASSIGN OWNED BY {identifier(name)} TO CURRENT_USER;",
                f"DROP OWNED BY {identifier(name)};",
            ]
    return Obstacles(tuple(what[:MAX_NAMED]), (*remedy, f"DROP USER {identifier(name)};"))


def identifier(name: str) -> str:
    """As SQL and psql have a name, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _objects(api: HologresApi, instance: str, database: str, name: str) -> list[str]:
    """Only within a database itself are its objects known by name."""
    if not database:
        return []
    try:
        found = api.rows(instance, database, _OBJECTS, name)
    except CloudError:
        return []
    return [
        f"{'owner of' if kind == _OWNS else 'privileges for'} {described} in database {database}"
        for kind, described in found
    ]


def _user(row: tuple[str, ...]) -> HologresUser:
    if len(row) != 3:
        raise CloudError(CloudErrorKind.SILENT, action="ExecuteStatement")
    return HologresUser(
        RamUserId(row[0].removeprefix(USER_PREFIX)), row[1] == SUPERUSER, frozenset(filter(None, row[2].split(",")))
    )
