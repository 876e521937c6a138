"""Permissions in databases of Hologres instances, by the simple permission model: to have one is to be in the group
`<database>_<permission>`, which is for users of the instance alone.

Only viewer and developer are given. Whoever is a writer, an administrator or a superuser has more, and keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from approvals.errors import CloudError, CloudErrorKind
from approvals.own_codes import OwnCode
from approvals.people import Principal
from approvals.ports import Go, Receipt
from bot.cloud.members import PlaceMembership, ProductConnection
from bot.cloud.members.answers import seen, write_confirmed
from bot.cloud.members.hologres_api import HologresApi, connect_api
from bot.cloud.members.hologres_roles import SUPERUSER, HologresUser, has_group, user_in, user_name, users_in
from bot.cloud.sending import write_options

GIVEN = ("viewer", "developer")
MORE = ("writer", "admin")
"""What nobody is given from here."""


def connect(line: ProductConnection) -> HologresDatabase:
    """Load the SDK and make a client. ImportError where the extra `members` is missing."""
    return HologresDatabase(connect_api(line))


class HologresDatabase:
    """See `MemberProduct`. A place is `<instance>/<database>`."""

    def __init__(self, api: HologresApi) -> None:
        self._api = api

    def observe(self, place: str, user: Principal, role: str = "") -> PlaceMembership | None:
        """One RAM user there; None also for a user of the instance who has nothing in the database."""
        instance, database = _split(place)
        found = user_in(self._api, instance, user, database)
        return _membership(found, database) if found else None

    def members(self, place: str, role: str = "") -> tuple[PlaceMembership, ...]:
        """Every RAM user who has something there."""
        instance, database = _split(place)
        found = (_membership(user, database) for user in users_in(self._api, instance, database))
        return tuple(member for member in found if member is not None)

    def places(self) -> Mapping[str, str]:
        """Databases of all instances of this region, by id. One that is stopped does not tell its own, so that nothing
        is said of any.
        """
        instances = self._api.instances()
        if not all(instance.running for instance in instances.values()):
            raise CloudError(CloudErrorKind.REFUSED, code=OwnCode.INSTANCE_STOPPED, action="ListDatabases")
        return {f"{each}/{name}": name for each in instances for name in self._api.databases(each)}

    def add(self, place: str, role: str, user: Principal, go: Go) -> Receipt:
        """GrantDatabasePermission, to somebody who is a user of the instance."""
        instance, database = _split(place)
        action = "GrantDatabasePermission"
        found = user_in(self._api, instance, user, database)
        if found is None:
            raise CloudError(CloudErrorKind.REFUSED, code=OwnCode.NEEDS_USER, action=action)
        there = _membership(found, database)
        if there is not None and (role in there.roles or there.other_role):
            raise CloudError(CloudErrorKind.ALREADY_ATTACHED, action=action)
        if not has_group(self._api, instance, database, f"{database}_{role}"):
            raise CloudError(CloudErrorKind.NO_SUCH_ROLE, code=OwnCode.NOT_SIMPLE_MODEL, action=action)
        request = self._api.models.GrantDatabasePermissionRequest(
            database_name=database, privileges=[role], user_name=user_name(user)
        )
        write = partial(self._api.write, "grant_database_permission", instance, request, write_options(go()))
        holds = partial(self._holds, place, role, user)
        done = write_confirmed(write, holds, CloudErrorKind.ALREADY_ATTACHED, lambda: role in GIVEN)
        return seen(done, action, holds())

    def remove(self, place: str, role: str, user: Principal, go: Go, *, leave: bool, restores: str = "") -> Receipt:
        """RevokeDatabasePermission of the one permission, whatever else somebody has: nothing need be read first."""
        instance, database = _split(place)
        action = "RevokeDatabasePermission"
        request = self._api.models.RevokeDatabasePermissionRequest(
            database_name=database, privileges=[role], user_name=user_name(user)
        )
        write = partial(self._api.write, "revoke_database_permission", instance, request, write_options(go()))
        holds = partial(self._holds, place, role, user)
        done = write_confirmed(write, holds, CloudErrorKind.NOT_ATTACHED)
        return seen(done, action, not holds())

    def _holds(self, place: str, role: str, user: Principal) -> bool:
        there = self.observe(place, user)
        return there is not None and role in there.roles


def _split(place: str) -> tuple[str, str]:
    instance, _, database = place.rpartition("/")
    return instance, database


def _membership(found: HologresUser, database: str) -> PlaceMembership | None:
    known = {f"{database}_{role}": role for role in (*GIVEN, *MORE)}
    roles = {known[group] for group in found.groups if group in known} | ({SUPERUSER} if found.superuser else set())
    if not roles:
        return None
    more = sorted(roles - set(GIVEN))
    return PlaceMembership(Principal(found.user_id, ""), frozenset(roles), more[0] if more else "")
