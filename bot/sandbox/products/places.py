"""Workspaces and projects with their members, as plain values, and what can be done to a member's roles.

A change is a function from one set of places to the next, so that several make one write, and an earlier moment can
still be shown when reads are told to lag.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import NamedTuple


class PlaceKey(NamedTuple):
    """A place is known by its product and its id, which in MaxCompute is its name."""

    product: str
    id: str


class PlaceRefusalReason(Enum):
    """Why a change is refused. Each product has its own code for it."""

    NO_PLACE = auto()
    NO_USER = auto()
    NO_ROLE = auto()
    NOT_A_MEMBER = auto()
    ALREADY_A_MEMBER = auto()
    HAS_THE_ROLE = auto()
    LACKS_THE_ROLE = auto()
    NOT_AN_OWNER = auto()


class PlaceRefused(Exception):
    """One change that is not made. `what` is the place, user or role that stood in the way."""

    def __init__(self, reason: PlaceRefusalReason, what: str) -> None:
        super().__init__(f"{reason.name}: {what}")
        self.reason = reason
        self.what = what


class HandsOn(NamedTuple):
    """A role that whoever has it in a place is given in another place too, and loses there with it: a developer of a
    DataWorks workspace is one in its MaxCompute project.
    """

    role: str
    to: PlaceKey


class HeldRole(NamedTuple):
    """A role since when (domain time, epoch seconds), and whether another place handed it on."""

    since: float
    handed_on: bool = False


@dataclass(frozen=True, slots=True)
class PlaceMember:
    """Somebody in a place; `since` and what is held are domain time, in epoch seconds."""

    user_id: str
    name: str
    """What RAM called them when they joined, for those whom RAM does not have any more."""
    since: float
    roles: Mapping[str, HeldRole] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace or project. `created` is domain time, in epoch seconds."""

    key: PlaceKey
    name: str
    title: str
    roles: tuple[str, ...]
    """The codes that there are."""
    created: float
    hands_on: HandsOn | None = None
    standard: bool = False
    """Whether there is a development environment besides the production one: standard mode, not basic."""
    one_role: bool = False
    """Whether a member has one role, which another replaces, and is none without it."""
    members: Mapping[str, PlaceMember] = field(default_factory=dict)
    """By UserId."""


Places = Mapping[PlaceKey, Place]


def place_of(places: Places, key: PlaceKey) -> Place:
    """One place; raises `PlaceRefused` where it does not exist."""
    place = places.get(key)
    if place is None:
        raise PlaceRefused(PlaceRefusalReason.NO_PLACE, key.id)
    return place


def join(places: Places, key: PlaceKey, user_id: str, name: str, roles: Iterable[str], now: float) -> Places:
    """Make a member of somebody who is none."""
    place = place_of(places, key)
    if user_id in place.members:
        raise PlaceRefused(PlaceRefusalReason.ALREADY_A_MEMBER, user_id)
    return grant(_put(places, place, PlaceMember(user_id, name, now)), key, user_id, roles, now)


def grant(places: Places, key: PlaceKey, user_id: str, roles: Iterable[str], now: float) -> Places:
    """Give roles to a member: all of them or, if one is not there or is held already, none."""
    place = place_of(places, key)
    before = _member(place, user_id).roles
    held = {} if place.one_role else dict(before)
    for role in roles:
        _known(place, role)
        if role in before:
            raise PlaceRefused(PlaceRefusalReason.HAS_THE_ROLE, role)
        held[role] = HeldRole(now)
    return _with_roles(places, place, user_id, held, now)


def revoke(places: Places, key: PlaceKey, user_id: str, roles: Iterable[str], now: float) -> Places:
    """Take roles from a member, who stays one, also without any: but not where a member has one role."""
    place = place_of(places, key)
    held = dict(_member(place, user_id).roles)
    for role in roles:
        _known(place, role)
        if role not in held:
            raise PlaceRefused(PlaceRefusalReason.LACKS_THE_ROLE, role)
        del held[role]
    if place.one_role and not held:
        return leave(places, key, user_id, now)
    return _with_roles(places, place, user_id, held, now)


def leave(places: Places, key: PlaceKey, user_id: str, now: float) -> Places:
    """Take a member out, with all of their roles."""
    places = _with_roles(places, place_of(places, key), user_id, {}, now)
    place = places[key]
    return {**places, key: replace(place, members={at: m for at, m in place.members.items() if at != user_id})}


def without(places: Places, key: PlaceKey) -> Places:
    """The place is deleted. What it handed on stays where it is."""
    place_of(places, key)
    return {at: place for at, place in places.items() if at != key}


def _with_roles(places: Places, place: Place, user_id: str, roles: Mapping[str, HeldRole], now: float) -> Places:
    member = _member(place, user_id)
    changed = _put(places, place, replace(member, roles=roles))
    on = place.hands_on
    if on is not None and (on.role in roles) != (on.role in member.roles):
        return _handed_on(changed, on, member, on.role in roles, now)
    return changed


def _handed_on(places: Places, on: HandsOn, member: PlaceMember, given: bool, now: float) -> Places:
    """What was given there itself is left as it is, and what was taken there is not missed."""
    other = places.get(on.to)
    if other is None:
        return places
    there = other.members.get(member.user_id) or PlaceMember(member.user_id, member.name, now)
    held = there.roles.get(on.role)
    if given and held is None:
        return _put(places, other, replace(there, roles={**there.roles, on.role: HeldRole(now, handed_on=True)}))
    if not given and held is not None and held.handed_on:
        kept = {role: since for role, since in there.roles.items() if role != on.role}
        return _put(places, other, replace(there, roles=kept))
    return places


def _put(places: Places, place: Place, member: PlaceMember) -> Places:
    return {**places, place.key: replace(place, members={**place.members, member.user_id: member})}


def _member(place: Place, user_id: str) -> PlaceMember:
    member = place.members.get(user_id)
    if member is None:
        raise PlaceRefused(PlaceRefusalReason.NOT_A_MEMBER, user_id)
    return member


def _known(place: Place, role: str) -> None:
    if role not in place.roles:
        raise PlaceRefused(PlaceRefusalReason.NO_ROLE, role)
