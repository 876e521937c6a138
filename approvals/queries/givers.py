"""Who gave what no request accounts for, by the cloud's own record.

The cloud says since when somebody has something, and the record who called what at that moment, for whom: both together
say who gave it. Where two people did the same then, nobody is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from approvals.cloud_events import KEPT_MS, Actor, CloudEvent
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


def calls_that_give(row: DriftRow) -> tuple[str, ...]:
    """The calls by which something can have been given at its date; none of what has no date."""
    if row.since is None or row.entitlement is None or row.entitlement.kind != POLICY or row.grant_id is not None:
        return ()
    # The date is that of whichever came later.
    return (_INTO_GROUP, _TO_GROUP, _TO_ANY) if row.via_group is not None else (_TO_USER, _TO_ANY)


def giver_among(row: DriftRow, events: Iterable[CloudEvent]) -> Giver | None:
    """Who made the one of these calls that gave it; None where none of them did, or those of several people."""
    found = {
        each.actor
        for each in events
        if not each.error_code and abs(each.at - (row.since or 0)) <= NEAR_MS and _gives(each, row)
    }
    if len(found) != 1:
        return None
    return _named(found.pop())


def with_givers(tx: Tx, rows: Collection[DriftRow], kept: Mapping[str, KeptRow], now: DomainMillis) -> dict[str, Giver]:
    """By what each is about: who gave it by what is kept of the record, of those of which that is not known yet."""
    forgotten = DomainMillis(now - KEPT_MS)
    wanted = [row for row in rows if calls_that_give(row) and _since(row) > forgotten and not is_known(row, kept)]
    told = defaultdict[str, list[CloudEvent]](list)
    if wanted:
        oldest = DomainMillis(min(map(_since, wanted)) - NEAR_MS)
        for each in cloud_events.of_names(tx, {_TO_USER, _TO_GROUP, _INTO_GROUP, _TO_ANY}, oldest):
            for name in _named_by(each.event):
                told[name].append(each.event)
    found = {row.about: giver_among(row, told[_named_in(row)]) for row in wanted} | _of_members(tx, rows, forgotten)
    return {about: giver for about, giver in found.items() if giver is not None}


def _since(row: DriftRow) -> DomainMillis:
    return row.since or DomainMillis(0)


def _named_in(row: DriftRow) -> str:
    """What every call that gave it names: the group through which it comes, or else the user."""
    return f"group {row.via_group}".casefold() if row.via_group is not None else f"user {row.principal.name}".casefold()


def _named_by(event: CloudEvent) -> tuple[str, ...]:
    return (f"group {event.group}".casefold(), f"user {event.user}".casefold())


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


def is_known(row: DriftRow, kept: Mapping[str, KeptRow]) -> bool:
    """Whether it was found out before who gave it as it is now."""
    giver = _known(row, kept)
    return giver is not None and giver != NOT_SAID


def was_asked(row: DriftRow, kept: Mapping[str, KeptRow]) -> bool:
    """Whether the record was asked about it as it is now, whatever it said."""
    return _known(row, kept) is not None


def _known(row: DriftRow, kept: Mapping[str, KeptRow]) -> Giver | None:
    before = kept.get(row.about)
    return before.row.giver if before is not None and row.is_as(before.row) else None


def _named(actor: Actor) -> Giver:
    return Giver(actor.name or actor.id, actor.id)


def _gives(event: CloudEvent, row: DriftRow) -> bool:
    if event.name not in calls_that_give(row):
        return False
    policy, group = row.entitlement.name if row.entitlement else "", (row.via_group or "").casefold()
    if event.name == _INTO_GROUP:
        return _is_user(event, row) and event.group.casefold() == group
    if event.params.get("PolicyName") != policy:
        return False
    return event.group.casefold() == group if row.via_group is not None else _is_user(event, row)


def _is_user(event: CloudEvent, row: DriftRow) -> bool:
    return bool(event.user) and event.user.casefold() == row.principal.name.casefold()
