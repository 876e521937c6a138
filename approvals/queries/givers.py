"""Who gave what no request accounts for, by the cloud's own record.

The cloud says since when somebody has something, and the record who called what at that moment, for whom: both together
say who gave it. Where two people did the same then, nobody is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import chain, product
from typing import NamedTuple

from approvals.cloud_events import KEPT_MS, Actor, CloudEvent, same_name
from approvals.drift import DriftRow, Giver, KeptRow
from approvals.entitlement_kind import POLICY
from approvals.ledger import Tx, cloud_events
from approvals.ledger.cloud_events import KeptEvent
from approvals.member_calls import calls_of, gives_role, member_call
from approvals.millis import MINUTE, DomainMillis

NEAR_MS = 5 * MINUTE
"""By so much our clock may be off when a date is read by it."""
NOT_SAID = Giver("", "")
_TO_USER, _TO_GROUP, _INTO_GROUP, _TO_ANY = (
    "AttachPolicyToUser",
    "AttachPolicyToGroup",
    "AddUserToGroup",
    "AttachPolicy",
)
"""The last one is Resource Management's."""
_Names = tuple[str, str]
"""Of a user, and of a group; empty where it is about none."""


class ReadTime(NamedTuple):
    """From when to when all that RAM was called is kept, of what matters to drift."""

    since: DomainMillis
    until: DomainMillis


def calls_that_give(row: DriftRow) -> tuple[str, ...]:
    """The calls by which something can have been given at its date; none of what has no date."""
    if row.since is None or row.entitlement is None or row.entitlement.kind != POLICY or row.grant_id is not None:
        return ()
    # The date is that of whichever came later.
    return (_INTO_GROUP, _TO_GROUP, _TO_ANY) if row.via_group is not None else (_TO_USER, _TO_ANY)


def giver_among(row: DriftRow, events: Iterable[CloudEvent]) -> Giver | None:
    """Who made the one of these calls that gave it; None where none of them did, those of several people, or one that
    names somebody else besides.
    """
    calls = [each for each in events if _may_give(each, row)]
    actors = {each.actor for each in calls}
    if len(actors) != 1 or any((each.users, each.groups) != _about(each, row) for each in calls):
        return None
    return _named(actors.pop())


def with_givers(
    tx: Tx, rows: Collection[DriftRow], kept: Mapping[str, KeptRow], now: DomainMillis, read: ReadTime
) -> dict[str, Giver]:
    """By what each is about: who gave it by what is kept of the record, where all of that time was read and the record
    itself was not asked.
    """
    forgotten = DomainMillis(now - KEPT_MS)
    since, until = max(read.since, forgotten) + NEAR_MS, read.until - NEAR_MS
    wanted = [
        row for row in rows if calls_that_give(row) and since <= _since(row) <= until and not was_asked(row, kept)
    ]
    told = defaultdict[_Names, list[CloudEvent]](list)
    if wanted:
        oldest = DomainMillis(min(map(_since, wanted)) - NEAR_MS)
        for each in cloud_events.of_names(tx, {_TO_USER, _TO_GROUP, _INTO_GROUP, _TO_ANY}, oldest):
            for names in _named_by(each.event):
                told[names].append(each.event)
    found = {row.about: giver_among(row, chain(*(told[each] for each in _named_in(row)))) for row in wanted}
    found |= _of_members(tx, rows, forgotten)
    return {about: giver for about, giver in found.items() if giver is not None}


def _since(row: DriftRow) -> DomainMillis:
    return row.since or DomainMillis(0)


def _named_in(row: DriftRow) -> tuple[_Names, ...]:
    """What one of the calls that gave it names."""
    user, group = same_name(row.principal.name), same_name(row.via_group or "")
    return ((user, ""),) if row.via_group is None else ((user, group), ("", group))


def _named_by(event: CloudEvent) -> list[_Names]:
    if event.name == _INTO_GROUP:
        return list(product(event.users, event.groups))
    return [*((user, "") for user in event.users), *(("", group) for group in event.groups)]


def _of_members(tx: Tx, rows: Collection[DriftRow], forgotten: DomainMillis) -> dict[str, Giver | None]:
    """No product says since when somebody has a role: whoever gave it last did, unless it was taken away since."""
    found: dict[str, Giver | None] = {}
    told: dict[str, list[KeptEvent]] = {}
    for row in rows:
        what = row.entitlement
        if what is None or not what.is_member_role or row.grant_id is not None:
            continue
        kind, places = what.kind.name, {what.kind.name: frozenset({what.place})}
        if kind not in told:
            told[kind] = cloud_events.of_names(tx, calls_of({kind}), forgotten)
        for event in reversed([each.event for each in told[kind]]):
            call = member_call(event, places)
            if event.error_code or call is None or call.place != what.place:
                continue
            gives = gives_role(call, row.principal.user_id, what.role)
            if gives is not None:
                found[row.about] = _named(event.actor) if gives else NOT_SAID
                break
    return found


def was_asked(row: DriftRow, kept: Mapping[str, KeptRow]) -> bool:
    """Whether the record was asked about it as it is now, whatever it said."""
    return _known(row, kept) is not None


def _known(row: DriftRow, kept: Mapping[str, KeptRow]) -> Giver | None:
    before = kept.get(row.about)
    return before.row.giver if before is not None and row.is_as(before.row) else None


def _named(actor: Actor) -> Giver:
    return Giver(actor.name or actor.id, actor.id)


def _may_give(event: CloudEvent, row: DriftRow) -> bool:
    if event.name not in calls_that_give(row) or event.error_code or abs(event.at - _since(row)) > NEAR_MS:
        return False
    policy = row.entitlement.name if row.entitlement else ""
    users, groups = _about(event, row)
    return (
        users <= event.users
        and groups <= event.groups
        and (event.name == _INTO_GROUP or same_name(event.params.get("PolicyName", "")) == same_name(policy))
    )


def _about(event: CloudEvent, row: DriftRow) -> tuple[frozenset[str], frozenset[str]]:
    """The users and the groups that such a call names when it gives this."""
    user, group = frozenset({same_name(row.principal.name)}), frozenset({same_name(row.via_group or "")})
    if event.name == _INTO_GROUP:
        return user, group
    return (frozenset(), group) if row.via_group is not None else (user, frozenset())
