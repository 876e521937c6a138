"""Users of Hologres instances: the role `normal` is that somebody is one, who may do nothing until they are given it.

A superuser is never touched. Somebody who has permissions of others' giving, or owns anything, is not dropped: what
hangs on them is told to whoever has to decide about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from approvals.errors import CloudError, CloudErrorKind, Obstacles
from approvals.own_codes import OwnCode
from approvals.people import Principal
from approvals.ports import Go, Receipt
from bot.cloud.members import PlaceMembership, ProductConnection
from bot.cloud.members.answers import seen, write_confirmed
from bot.cloud.members.hologres_api import HologresApi, connect_api
from bot.cloud.members.hologres_roles import (
    MAX_NAMED,
    SUPERUSER,
    HologresUser,
    identifier,
    obstacles,
    own_role,
    user_in,
    user_name,
    users_in,
)
from bot.cloud.sending import write_options

NORMAL = "normal"


def connect(line: ProductConnection) -> Hologres:
    """Load the SDK and make a client. ImportError where the extra `members` is missing."""
    return Hologres(connect_api(line))


class Hologres:
    """See `MemberProduct`. A place is an instance's id."""

    def __init__(self, api: HologresApi) -> None:
        self._api = api

    def observe(self, place: str, user: Principal, role: str = "") -> PlaceMembership | None:
        """One RAM user there."""
        found = user_in(self._api, place, user)
        return _membership(found) if found else None

    def members(self, place: str, role: str = "") -> tuple[PlaceMembership, ...]:
        """Every RAM user who is one there."""
        return tuple(map(_membership, users_in(self._api, place)))

    def places(self) -> Mapping[str, str]:
        """Instances of this region, by id."""
        return {each: instance.name for each, instance in self._api.instances().items()}

    def own_roles(self, places: Iterable[str]) -> Mapping[str, str]:
        """The role that the bot itself has in each of these; `superuser` is what it needs."""
        found = {}
        for place in places:
            try:
                found[place] = own_role(self._api, place)
            except CloudError as error:
                if error.kind is not CloudErrorKind.NO_PLACE:
                    raise
        return found

    def add(self, place: str, role: str, user: Principal, go: Go) -> Receipt:
        """CreateUser, and nothing else: what somebody may do is another role."""
        if user_in(self._api, place, user) is not None:
            raise CloudError(CloudErrorKind.ALREADY_ATTACHED, action="CreateUser")
        request = self._api.models.CreateUserRequest(user_name=user_name(user), super_user=False)
        write = partial(self._api.write, "create_user", place, request, write_options(go()))
        holds = partial(self._is_user, place, user)
        done = write_confirmed(write, holds, CloudErrorKind.ALREADY_ATTACHED, lambda: role == NORMAL)
        return seen(done, "CreateUser", holds())

    def remove(self, place: str, role: str, user: Principal, go: Go, *, leave: bool, restores: str = "") -> Receipt:
        """DropUser. Raises IN_USE with what hangs on somebody who cannot be dropped, and whatever kept that from being
        read: they may be a superuser by now, or have what somebody else gave them, which would go as well.
        """
        there = user_in(self._api, place, user)
        if there is None or there.superuser:
            raise CloudError(CloudErrorKind.NOT_ATTACHED, action="DropUser")
        if there.groups:
            # PostgreSQL drops a member of groups without a word.
            raise _in_use(_of_groups(there, user))
        request = self._api.models.DropUserRequest(user_name=user_name(user), super_user="false")
        write = partial(self._api.write, "drop_user", place, request, write_options(go()))
        holds = partial(self._is_user, place, user)
        try:
            done = write_confirmed(write, holds, CloudErrorKind.NOT_ATTACHED)
        except CloudError as error:
            if error.kind not in (CloudErrorKind.REFUSED, CloudErrorKind.UNCLEAR):
                raise
            # No code is published for it: what PostgreSQL itself goes by says whether it is that.
            found = obstacles(self._api, place, user)
            if found is None:
                raise
            raise _in_use(found, error) from error
        return seen(done, "DropUser", not holds())

    def _is_user(self, place: str, user: Principal) -> bool:
        return user_in(self._api, place, user) is not None


def _membership(found: HologresUser) -> PlaceMembership:
    role = SUPERUSER if found.superuser else NORMAL
    return PlaceMembership(Principal(found.user_id, ""), frozenset({role}), SUPERUSER if found.superuser else "")


def _of_groups(there: HologresUser, user: Principal) -> Obstacles:
    name = identifier(user_name(user))
    groups = sorted(there.groups)[:MAX_NAMED]
    return Obstacles(
        tuple(f"member of {group}" for group in groups),
        (*(f"REVOKE {identifier(group)} FROM {name};" for group in groups), f"DROP USER {name};"),
    )


def _in_use(found: Obstacles, error: CloudError | None = None) -> CloudError:
    return CloudError(
        CloudErrorKind.IN_USE,
        code=error.code if error else OwnCode.HAS_PERMISSIONS,
        action="DropUser",
        request_id=error.request_id if error else None,
        obstacles=found,
    )
