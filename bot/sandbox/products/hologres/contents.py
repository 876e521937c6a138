"""Who is in an instance and may do what in its databases: what the account's places say, and what the database says.

Users are named as Hologres names them (help/hologres, account overview): `p4_` and the UserId of a RAM user, `v4_` and
the id of a role that somebody assumed, and the account itself by its id. In the simple permission model a database has
a group for each permission, a role called `<database>_viewer` and so on, which is given to users (help/hologres, simple
permission model).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.sandbox.products.places import HeldRole, Place, PlaceKey, PlaceMember, Places

INSTANCES, DATABASES = "hologres", "hologres_database"
"""The products whose places are instances, and the databases in them: `<instance>/<database>`."""
NORMAL, SUPERUSER = "normal", "superuser"
PERMISSIONS = ("admin", "developer", "writer", "viewer")
_RAM_USER, _ROLE = "p4_", "v4_"


class DatabaseGrant(NamedTuple):
    """One permission of one user."""

    database: str
    permission: str
    user: str

    @property
    def group(self) -> str:
        """The role that has the permission, and is given."""
        return f"{self.database}_{self.permission}"


@dataclass(frozen=True, slots=True)
class InstanceContents:
    """One instance at one moment."""

    users: Mapping[str, bool]
    """By name, as the database has it: whether they are superusers."""
    databases: frozenset[str] = frozenset()
    grants: frozenset[DatabaseGrant] = frozenset()
    owners: frozenset[str] = frozenset()
    """Who owns something in a database."""


NOTHING = InstanceContents({})


def user_name(user_id: str, account_id: str) -> str:
    """What the database calls whoever has this UserId."""
    return user_id if user_id == account_id else f"{_RAM_USER}{user_id}"


def role_name(role_id: str) -> str:
    """What the database calls whoever assumed a role."""
    return f"{_ROLE}{role_id}"


def user_id_of(name: str, account_id: str) -> str | None:
    """The other way round; None for a user who is neither."""
    if name == account_id:
        return name
    user_id = name.removeprefix(_RAM_USER)
    return user_id if user_id != name and user_id.isascii() and user_id.isdigit() else None


def contents_of(places: Places, instance: str, account_id: str) -> InstanceContents:
    """What the places say of an instance; nothing of one that does not exist."""
    there = places.get(PlaceKey(INSTANCES, instance))
    if there is None:
        return NOTHING
    databases = dict(_databases(places, instance))
    users = {user_name(each, account_id): SUPERUSER in member.roles for each, member in there.members.items()}
    grants = {
        DatabaseGrant(database, permission, user_name(each, account_id))
        for database, place in databases.items()
        for each, member in place.members.items()
        for permission in member.roles
    }
    return InstanceContents(users, frozenset(databases), frozenset(grants))


def shown_in(
    places: Places, instance: str, account_id: str, seen: InstanceContents, name_of: Callable[[str], str], now: float
) -> Places:
    """The places, once an instance and its databases were seen like this. One that was deleted stays so."""
    key = PlaceKey(INSTANCES, instance)
    if key not in places:
        return places
    roles = {name: {SUPERUSER if is_super else NORMAL} for name, is_super in seen.users.items()}
    changed = {**places, key: _with(places[key], roles, account_id, name_of, now)}
    for database, place in _databases(places, instance):
        held: dict[str, set[str]] = {}
        for grant in seen.grants:
            if grant.database == database:
                held.setdefault(grant.user, set()).add(grant.permission)
        changed[place.key] = _with(place, held, account_id, name_of, now)
    return changed


def consistent(before: Places, after: Places, now: float) -> Places:
    """What was changed by hand, as a database has it: nobody has a permission in a database who is no user of its
    instance, and the databases go with the instance.
    """
    places = dict(after)
    for key, place in after.items():
        if key.product != DATABASES:
            continue
        outer = PlaceKey(INSTANCES, key.id.partition("/")[0])
        if outer not in after:
            del places[key]
            continue
        users, were = places[outer].members, before[outer].members if outer in before else {}
        gone = were.keys() - users.keys()
        members = {each: member for each, member in place.members.items() if each not in gone}
        added = {
            each: PlaceMember(each, member.name, now, {NORMAL: HeldRole(now)})
            for each, member in members.items()
            if each not in users
        }
        places[key] = replace(place, members=members)
        places[outer] = replace(places[outer], members={**users, **added})
    return places


def _with(
    place: Place, roles: Mapping[str, set[str]], account_id: str, name_of: Callable[[str], str], now: float
) -> Place:
    members = {}
    for name, held in roles.items():
        user_id = user_id_of(name, account_id)
        if user_id is None:
            continue
        known = place.members.get(user_id) or PlaceMember(user_id, name_of(user_id), now)
        members[user_id] = replace(known, roles={role: known.roles.get(role) or HeldRole(now) for role in sorted(held)})
    # In the order of before, so that nobody moves about on the page.
    order = [*(each for each in place.members if each in members), *(each for each in members)]
    return replace(place, members={each: members[each] for each in order})


def _databases(places: Places, instance: str) -> Iterator[tuple[str, Place]]:
    for key, place in places.items():
        where, _, database = key.id.partition("/")
        if key.product == DATABASES and where == instance:
            yield database, place
