"""Who has what: what the cloud shows, beside what this program gave.

The cloud is read between two looks at the ledger. What either of them has may be ours; only what both have can be said
to be missing in the cloud, since something may be given or taken away meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from approvals.entitlements import Entitlement, ImpliedRoles, Key
from approvals.evidence import Held, Survey, UnreadSource
from approvals.grant import OURS, Grant, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.ledger import Ledger, Tx, open_grants
from approvals.people import Principal
from approvals.queries import unknown_origin
from approvals.queries.by_hand import word_on


class AccessSource(StrEnum):
    """Where what somebody has is from; a report prints the value."""

    BOT = "bot"
    OTHERWISE = "otherwise"
    UNKNOWN = "origin unknown"
    """Perhaps given by this program, which has no record of it any more; approvers are asked."""
    NOT_SHOWN = "not shown"
    """Given by this program and not taken away by it, and yet the cloud does not show it."""
    BY_HAND = "by hand"
    """Given by people where no program looks: it is there by their word."""
    USER_GONE = "user gone"
    """Open here, for a user whom RAM no longer has."""


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One thing that somebody has in one way, and where it is from."""

    principal: Principal
    entitlement: Entitlement
    via_group: str | None
    source: AccessSource
    grants: tuple[Grant, ...] = ()
    """Grants of ours on it, oldest first."""
    implying: Entitlement | None = None
    """What the grants are on, where the product gives this by itself to whoever has that."""
    said_by: SlackUserId | None = None
    """Slack user id of who said that it was given by hand."""
    age: int | None = field(default=None, compare=False)
    """Milliseconds for which RAM had it attached when it was read; None where nobody says it."""

    @property
    def ends_at(self) -> int | None:
        """Until when it was granted, in milliseconds; None until revoked. Of several grants, the last to end."""
        lasting = [grant for grant in self.grants if grant.state is not GrantState.ENDING] or self.grants
        ends = [grant.ends_at for grant in lasting]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Who has what, and what could not be read."""

    rows: tuple[AccessRow, ...]
    unread: tuple[UnreadSource, ...]

    @property
    def complete(self) -> bool:
        """Whether everything could be read."""
        return all(each.proves_absence for each in self.unread)


def with_roles(entitlements: Iterable[Entitlement]) -> tuple[Entitlement, ...]:
    """These, and what the account's own roles have of the same policies."""
    found: dict[Entitlement, None] = {}
    for each in entitlements:
        found[each] = None
        if each.on_roles is not None:
            found[each.on_roles] = None
    return tuple(found)


def open_grants_of(tx: Tx, ram_user_id: RamUserId) -> list[Grant]:
    """The open grants of one RAM user."""
    return open_grants.of_principal(tx, ram_user_id)


def every_open_grant(tx: Tx) -> list[Grant]:
    """The open grants of everybody."""
    return open_grants.every(tx)


def open_grants_on(tx: Tx, wanted: Iterable[Entitlement], implied_by: ImpliedRoles) -> list[Grant]:
    """The open grants on these, and on what brings them along: that may be where somebody has them from."""
    about = {each for part in wanted for each in (part, implied_by.get(part)) if each is not None}
    return [grant for each in sorted(about, key=str) for grant in open_grants.with_entitlement(tx, each)]


def read_access_report(
    ledger: Ledger,
    granted: Callable[[Tx], list[Grant]],
    survey: Callable[[Sequence[Grant]], Survey],
    implied_by: ImpliedRoles,
) -> AccessReport:
    """Read the cloud between two looks at the ledger, and lay one beside the other.

    Args:
        granted: the open grants that it is about.
        survey: reads the cloud, given the grants that should be there; called outside of any transaction.
        implied_by: which member role a product gives by itself to whoever has which other.
    """
    with ledger.read() as tx:
        before = granted(tx)
    shown = survey(
        [
            grant
            for grant in before
            if grant.state is GrantState.ACTIVE and not (grant.entitlement.irrevocable or grant.entitlement.by_hand)
        ]
    )
    with ledger.read() as tx:
        after, unknown = granted(tx), unknown_origin.unknown(tx)
        said = _by_hand(tx, after)
    found = rows(shown, before, after, implied_by, unknown)
    there = {(row.principal.user_id, row.entitlement) for row in found}
    more = [row for row in said if (row.principal.user_id, row.entitlement) not in there]
    return AccessReport(tuple(sorted([*found, *more], key=_order)), shown.unread)


def _by_hand(tx: Tx, grants: Sequence[Grant]) -> list[AccessRow]:
    """What people said that they gave, and nobody that it was taken away."""
    given: dict[Key, list[Grant]] = {}
    for grant in grants:
        if grant.entitlement.by_hand and grant.state in OURS and grant.active_at is not None:
            given.setdefault(grant.key, []).append(grant)
    return [
        AccessRow(
            of[-1].principal,
            key.entitlement,
            None,
            AccessSource.BY_HAND,
            tuple(of),
            said_by=word_on(tx, of[-1]).given_by,
        )
        for key, of in given.items()
    ]


def rows(
    survey: Survey,
    before: Sequence[Grant],
    after: Sequence[Grant],
    implied_by: ImpliedRoles,
    unknown: Collection[Key] = frozenset(),
) -> tuple[AccessRow, ...]:
    """By name, then by what it is. `unknown`: of which nobody knows who gave them."""
    ours: dict[Key, list[Grant]] = {}
    for grant in {each.id: each for each in (*before, *after)}.values():
        if grant.state in OURS:
            ours.setdefault(grant.key, []).append(grant)
    still = {grant.id for grant in before if grant.state is GrantState.ACTIVE} & {
        grant.id for grant in after if grant.state is GrantState.ACTIVE
    }
    found = [_row(held, ours, implied_by, unknown) for held in dict.fromkeys(survey.held)]
    for key in survey.absent:
        missing = tuple(grant for grant in ours.get(key, ()) if grant.id in still)
        if missing:
            found.append(AccessRow(missing[-1].principal, key.entitlement, None, AccessSource.NOT_SHOWN, missing))
    gone = _of_users_gone(survey, before, after)
    there = [row for row in found if row.via_group or Key(row.principal.user_id, row.entitlement) not in gone]
    return tuple(sorted([*there, *gone.values()], key=_order))


def _of_users_gone(survey: Survey, before: Sequence[Grant], after: Sequence[Grant]) -> dict[Key, AccessRow]:
    """Whatever the cloud shows of it: what was open all the while for somebody whom RAM no longer has."""
    if survey.users is None:
        return {}
    still: dict[Key, list[Grant]] = {}
    for grant in after:
        ours = not grant.entitlement.of_account and grant.id in {each.id for each in before}
        if ours and grant.principal.user_id not in survey.users:
            still.setdefault(grant.key, []).append(grant)
    return {
        key: AccessRow(given[-1].principal, key.entitlement, None, AccessSource.USER_GONE, tuple(given))
        for key, given in still.items()
    }


def _row(held: Held, ours: Mapping[Key, list[Grant]], implied_by: ImpliedRoles, unknown: Collection[Key]) -> AccessRow:
    """What comes through a group is never ours: the program attaches to users."""
    user_id, what = held.principal.user_id, held.entitlement
    if held.via_group is None:
        for given, implying in ((what, None), (implied_by.get(what), implied_by.get(what))):
            mine = ours.get(Key(user_id, given)) if given else None
            if mine:
                return AccessRow(held.principal, what, None, AccessSource.BOT, tuple(mine), implying)
        if Key(user_id, what) in unknown:
            return AccessRow(held.principal, what, None, AccessSource.UNKNOWN)
    return AccessRow(held.principal, what, held.via_group, AccessSource.OTHERWISE, age=held.age)


def _order(row: AccessRow) -> tuple[str, ...]:
    """RAM's own first: it is what is asked for most."""
    return (
        row.principal.name.casefold(),
        row.principal.name,
        row.principal.user_id,
        row.entitlement.kind.product or "",
        row.entitlement.name,
        row.entitlement.kind.name,
        row.via_group or "",
        row.source.value,
    )
