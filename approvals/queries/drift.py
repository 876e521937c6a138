"""What no request accounts for, found by laying who has what beside the record and the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from approvals.catalog.model import Catalog
from approvals.drift import Acceptance, Barred, DriftKind, DriftRow, KeptRow, Unfit
from approvals.entitlements import ADMIN_POLICY, Entitlement, Key, policy
from approvals.evidence import UnreadSource
from approvals.grant import Grant, GrantState
from approvals.ids import RamUserId, SlackUserId
from approvals.kinds import NoticeKind, NoticeOutcome
from approvals.ledger import Tx, drift_rows, notices, open_grants, requests
from approvals.millis import DomainMillis
from approvals.people import Link, Principal
from approvals.queries.access_report import AccessReport, AccessRow, AccessSource

APPROVERS_NEEDED = 2
"""One proposes it, and another one approves."""


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What was found, as the ledger keeps it, and what could not be read."""

    rows: tuple[KeptRow, ...]
    """Without those that somebody accepted; the most pressing first."""
    accepted: int
    unread: tuple[UnreadSource, ...] = ()


def drift_rows_of(
    tx: Tx,
    catalog: Catalog,
    links: Sequence[Link],
    found: AccessReport,
    approvers: frozenset[RamUserId],
    own_user: Principal | None,
    now: DomainMillis,
) -> list[DriftRow]:
    """All but the links of accounts that are gone.

    Args:
        links: who is linked to whom.
        found: who has what.
        approvers: UserIds of those who may approve.
        own_user: the RAM user that this program is, which is left out.
        now: domain time.
    """
    known = _Record(
        {link.principal.user_id: link.slack_user_id for link in links},
        drift_rows.gone_accounts(tx),
        _kept_by(tx),
        approvers,
        frozenset(Key(row.principal.user_id, row.entitlement) for row in found.rows),
    )
    outside = [row for row in found.rows if _is_outside(row, catalog, own_user)]
    return [*(_outside(row, catalog, known, now) for row in outside), *_unfit(tx, catalog, known, now)]


def list_drift(tx: Tx, now: DomainMillis, unread: Sequence[UnreadSource] = ()) -> DriftReport:
    """As it was found last."""
    kept = drift_rows.every_one(tx).values()
    shown = sorted((each for each in kept if not each.is_quiet(now)), key=lambda each: _pressing(each.row))
    return DriftReport(tuple(shown), len(kept) - len(shown), tuple(unread))


def as_it_is_now(tx: Tx, rows: Iterable[DriftRow], now: DomainMillis) -> Iterator[tuple[DriftRow, Acceptance | None]]:
    """These, with who gave them where that is known, and the links of accounts that are gone; each with the word of
    whoever accepted it. Nothing is changed.
    """
    kept = drift_rows.every_one(tx)
    links = (each.row for each in kept.values() if each.row.kind is DriftKind.LINK)
    for row in sorted([*rows, *links], key=_pressing):
        before = kept.get(row.about)
        if before is None or not before.row.is_as(row):
            yield row, None
        else:
            known = replace(row, giver=before.row.giver)
            yield known, before.acceptance if before.is_quiet(now) else None


def drift_row(tx: Tx, row_id: str) -> KeptRow | None:
    """The row that a button names; None once it is not so any more."""
    return drift_rows.get(tx, row_id)


_KINDS = list(DriftKind)


def _pressing(row: DriftRow) -> tuple[object, ...]:
    """The most pressing first."""
    admin = row.entitlement == policy(ADMIN_POLICY)
    return _KINDS.index(row.kind), not admin, row.principal.name.casefold(), row.about


@dataclass(frozen=True, slots=True)
class _Record:
    """What is known besides who has what."""

    linked: Mapping[RamUserId, SlackUserId]
    gone: frozenset[SlackUserId]
    """Slack accounts that are linked and gone."""
    kept_by: Mapping[str, SlackUserId]
    """Who said of a key, as text, that it may stay, or that whoever has it may approve."""
    approvers: frozenset[RamUserId]
    there: frozenset[Key]
    """All that was read."""


def _is_outside(row: AccessRow, catalog: Catalog, own_user: Principal | None) -> bool:
    """Not what the account's own roles have: that is what the status board is about."""
    return (
        row.source is AccessSource.OTHERWISE
        and row.entitlement in catalog.entitlements
        and not row.entitlement.of_account
        and not row.principal.is_one_with(own_user)
    )


def _outside(row: AccessRow, catalog: Catalog, known: _Record, now: DomainMillis) -> DriftRow:
    user_id, what = row.principal.user_id, row.entitlement
    account = known.linked.get(user_id)
    kind = DriftKind.OUTSIDE
    if account in known.gone:
        kind = DriftKind.LEFT
    elif what == policy(ADMIN_POLICY) and row.via_group is not None:
        kind = DriftKind.ADMIN_GROUP
    return DriftRow(
        kind,
        row.principal,
        what,
        row.via_group,
        since=None if row.age is None else DomainMillis(now - row.age),
        account=account,
        known_by=known.kept_by.get(str(Key(user_id, what))),
        barred=_barred(row, catalog, known),
    )


def _barred(row: AccessRow, catalog: Catalog, known: _Record) -> Barred | None:
    user_id, what = row.principal.user_id, row.entitlement
    implying = catalog.implied_by.get(what)
    if row.via_group is not None:
        return Barred.GROUP
    if not user_id:
        return Barred.NAMELESS
    if implying is not None and Key(user_id, implying) in known.there:
        return Barred.COMES_WITH
    if what == policy(ADMIN_POLICY) and len(known.approvers - {user_id}) < APPROVERS_NEEDED:
        return Barred.FEW_ADMINS
    return None


def _kept_by(tx: Tx) -> dict[str, SlackUserId]:
    found: dict[str, SlackUserId] = {}
    for notice in notices.resolved_as(tx, NoticeKind.NEW_ADMIN, NoticeOutcome.CONFIRMED):
        if notice.resolved_by is not None:
            for holder in notice.details["holders"]:
                if "id" in holder:
                    found[str(Key(RamUserId(holder["id"]), policy(ADMIN_POLICY)))] = notice.resolved_by
    for notice in notices.resolved_as(tx, NoticeKind.UNKNOWN_ORIGIN, NoticeOutcome.KEPT):
        if notice.resolved_by is not None:
            found[notice.about] = notice.resolved_by
    return found


def _unfit(tx: Tx, catalog: Catalog, known: _Record, now: DomainMillis) -> Iterator[DriftRow]:
    longest = longest_times(catalog)
    for grant in open_grants.every(tx):
        if grant.state is not GrantState.ACTIVE or grant.entitlement.irrevocable:
            continue
        why = _why_unfit(tx, catalog, grant, longest, now)
        if why is not None:
            yield DriftRow(
                DriftKind.UNFIT,
                grant.principal,
                grant.entitlement,
                since=grant.active_at,
                account=known.linked.get(grant.principal.user_id),
                request_id=grant.request_id,
                grant_id=grant.id,
                unfit=why,
            )


def _why_unfit(
    tx: Tx, catalog: Catalog, grant: Grant, longest: Mapping[Entitlement, int], now: DomainMillis
) -> Unfit | None:
    if grant.entitlement not in longest:
        return Unfit.GONE
    if grant.ends_at is not None and grant.ends_at - now <= longest[grant.entitlement]:
        return None
    request = requests.get(tx, grant.request_id)
    item = catalog.named(request.item) if request else None
    if item is None:
        # The whole of what was asked for is gone, and this part can be asked for otherwise.
        return None
    if grant.ends_at is None:
        return None if item.until_revoked else Unfit.ENDLESS
    return Unfit.LONGER if grant.ends_at - now > item.longest else None


def longest_times(catalog: Catalog) -> dict[Entitlement, int]:
    """By entitlement, the least of the longest times of what has it, in milliseconds: what ends sooner fits."""
    found: dict[Entitlement, int] = {}
    items: Iterable[tuple[Entitlement, int]] = (
        (part, item.longest)
        for item in (*catalog.items.values(), *catalog.repairs.values())
        for part in item.entitlements
    )
    for part, most in items:
        found[part] = min(found.get(part, most), most)
    return found
