"""Probes of the products' members."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.errors import CloudError, CloudErrorKind
from bot.check.assumed.verdict import judged, undecided
from bot.check.context import CheckContext
from bot.check.row import CheckRow
from bot.cloud.members import PlaceMembership

DATAWORKS, MAXCOMPUTE, PAI, FLINK, HOLOGRES = "dataworks", "maxcompute", "pai", "flink", "hologres"
LISTING = (DATAWORKS, PAI)
MADE_UP = "9" * 15
DEVELOPER = "role_project_dev"


def everybody(context: CheckContext, *kinds: str) -> Iterator[PlaceMembership]:
    """Who is in the places of these products.

    Raises:
        NotTried: none of them is named.
    """
    places = [(kind, place) for kind in kinds for place in context.resources().places(kind)]
    if not places:
        raise undecided(f"PAIREC_RESOURCES names no place of {' or '.join(kinds)}")
    for kind, place in places:
        yield from context.place_members(kind, place)


def list_totals(name: str, context: CheckContext) -> CheckRow:
    """A list that falls short of its total is not believed, and would have failed."""
    found = len(list(everybody(context, *LISTING)))
    return judged(name, True, f"{found} members, as many as the totals say")


def list_roles(name: str, context: CheckContext) -> CheckRow:
    """Somebody without a role has to be listed for it."""
    if all(member.roles for member in everybody(context, *LISTING)):
        raise undecided("everybody who is listed has a role")
    return judged(name, True, "somebody without a role comes with an empty list")


def empty_list(name: str, context: CheckContext) -> CheckRow:
    """Some place has to be empty for it."""
    for kind in (*LISTING, MAXCOMPUTE, FLINK):
        for place in context.resources().places(kind):
            if not context.place_members(kind, place):
                return judged(name, True, "nobody is an empty list")
    raise undecided("somebody is in every place")


def unknown_place(name: str, context: CheckContext) -> CheckRow:
    """What the members of a workspace are that there is not."""
    kinds = [kind for kind in LISTING if context.resources().places(kind)]
    if not kinds:
        raise undecided("PAIREC_RESOURCES names no place of dataworks or pai")
    said = []
    for kind in kinds:
        try:
            context.members()[kind].product.members(MADE_UP)
        except CloudError as error:
            if error.kind is not CloudErrorKind.NO_PLACE:
                said.append(f"{kind} says {error.code or error.kind.value}")
        else:
            said.append(f"{kind} answers")
    return judged(name, not said, "; ".join(said) or "a workspace that there is not is known as one")


def ids_are_rams(kind: str, name: str, context: CheckContext) -> CheckRow:
    """Whether members of a product are named so that RAM's users are found among them."""
    members = list(everybody(context, kind))
    if not members:
        raise undecided("nobody is in its places")
    known = {user.principal.user_id for user in context.ram().users.roster()}
    found = sum(member.user.user_id in known for member in members)
    return judged(name, found > 0, f"{found} of {len(members)} members are users of RAM")


def maps_to_maxcompute(name: str, context: CheckContext) -> CheckRow:
    """Whether DataWorks' developers have the role in MaxCompute."""
    developers = have = 0
    for project in context.resources().projects.values():
        if DATAWORKS in project.places and MAXCOMPUTE in project.places:
            there = context.place_members(DATAWORKS, project.places[DATAWORKS])
            mapped = {each.user.user_id for each in context.place_members(MAXCOMPUTE, project.places[MAXCOMPUTE])}
            wanted = {each.user.user_id for each in there if DEVELOPER in each.roles}
            developers, have = developers + len(wanted), have + len(wanted & mapped)
    if not developers:
        raise undecided("nobody is a developer in DataWorks in a project that has both")
    return judged(name, have == developers, f"{have} of {developers} developers of DataWorks have it in MaxCompute")


def flink_roles(name: str, context: CheckContext) -> CheckRow:
    """Whether anybody has a role of these names."""
    found = {role for member in everybody(context, FLINK) for role in (*member.roles, member.other_role) if role}
    if not found:
        raise undecided("nobody is in its namespaces")
    return judged(name, bool(found & {"EDITOR", "VIEWER"}), f"roles there: {', '.join(sorted(found))}")


def own_role(kind: str, name: str, context: CheckContext) -> CheckRow:
    """Whether the product shows the bot's own role."""
    places = list(context.resources().places(kind))
    if not places:
        raise undecided(f"PAIREC_RESOURCES names no place of {kind}")
    found = context.members()[kind].own_roles(places)
    return judged(name, bool(found), f"the bot's role is shown in {len(found)} of {len(places)} places")


def lists_are_read(kind: str, name: str, context: CheckContext) -> CheckRow:
    """What would not be as assumed could not have been read."""
    found = len(list(everybody(context, kind)))
    return judged(name, True, f"{found} members were read by it")


def unknown_project(name: str, context: CheckContext) -> CheckRow:
    """What MaxCompute says of a project that there is not."""
    if not context.resources().places(MAXCOMPUTE):
        raise undecided("PAIREC_RESOURCES names no project of maxcompute")
    try:
        owner = context.members()[MAXCOMPUTE].owner("pairec_access_check_0")
    except CloudError as error:
        return judged(name, False, f"it says {error.code or error.kind.value} of a project that there is not")
    return judged(name, owner is None, "a project that there is not is known as one")


def pai_members(context: CheckContext) -> Iterator[tuple[str, str, str]]:
    """Place, UserId and MemberId of each member of PAI's workspaces."""
    for place in context.resources().places(PAI):
        for entry in context.members()[PAI].product.listed(place):  # type: ignore[attr-defined]
            yield place, str(entry.user_id), str(entry.member_id)


def pai_member_id(name: str, context: CheckContext) -> CheckRow:
    """Whether a member's id is put together as it would be for somebody who is not listed."""
    found = list(pai_members(context))
    if not found:
        raise undecided("nobody is in a workspace of PAI")
    alike = sum(member == f"{place}-{user}" for place, user, member in found)
    return judged(name, alike == len(found), f"{alike} of {len(found)} are <workspace>-<UserId>")


def pai_user_filter(name: str, context: CheckContext) -> CheckRow:
    """Whether a list that is to be about one user is."""
    for place, user, _ in pai_members(context):
        product = context.members()[PAI].product
        if len(list(product.listed(place))) > 1:  # type: ignore[attr-defined]
            found = list(product.listed(place, user))  # type: ignore[attr-defined]
            return judged(name, len(found) == 1, f"a list about one user has {len(found)} in it")
    raise undecided("no workspace has two members")
