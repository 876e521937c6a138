"""What was found is kept: what is new gets an id, and what is no longer so goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from approvals import rules
from approvals.catalog.model import Catalog
from approvals.drift import DriftKind, DriftRow, Giver
from approvals.evidence import Holders, UnreadSource
from approvals.ids import SlackUserId
from approvals.ledger import Ledger, Tx, drift_rows, people
from approvals.millis import DomainMillis
from approvals.operations.drift.decide import close_outdated
from approvals.operations.drift.givers import read_time
from approvals.people import Link, Person, Principal
from approvals.queries.access_report import AccessReport
from approvals.queries.actor import may_decide, standing
from approvals.queries.drift import DriftReport, drift_rows_of, list_drift
from approvals.queries.givers import with_givers
from approvals.rules import Act


def check_may_look(ledger: Ledger, team_id: str, actor: Person, admins: Holders) -> None:
    """Before anything is read of anybody.

    Raises:
        Refusal: the actor may not approve.
    """
    with ledger.read() as tx:
        rules.authorise(Act.DRIFT, actor, standing(tx, team_id, actor, admins))


def record_found(
    ledger: Ledger,
    catalog: Catalog,
    team_id: str,
    found: AccessReport,
    own_user: Principal | None,
    actor: Person,
    admins: Holders,
    now: DomainMillis,
) -> DriftReport:
    """Keep what an approver had read, and list it. `own_user`: the RAM user that this program is.

    Raises:
        Refusal: the actor may not approve.
    """
    with ledger.write() as tx:
        rules.authorise(Act.DRIFT, actor, standing(tx, team_id, actor, admins))
        record_in(tx, catalog, team_id, found, own_user, admins, now)
        return list_drift(tx, now, found.unread)


def record_in(
    tx: Tx,
    catalog: Catalog,
    team_id: str,
    found: AccessReport,
    own_user: Principal | None,
    admins: Holders,
    now: DomainMillis,
    givers: Mapping[str, Giver] | None = None,
) -> None:
    """Of what could not be read, what was found before stays. `givers`: who gave it, by what each is about, where the
    cloud's own record was asked.
    """
    links = people.links(tx, team_id)
    rows = drift_rows_of(tx, catalog, links, found, may_decide(tx, admins), own_user, now)
    kept = drift_rows.every_one(tx)
    seen = {row.about for row in rows}
    said = {**with_givers(tx, rows, kept, now, read_time(tx)), **(givers or {})}
    for row in rows:
        drift_rows.put(tx, replace(row, giver=said.get(row.about)), kept.get(row.about), now)
    linked = {(link.slack_user_id, link.principal.user_id) for link in links}
    for about, each in kept.items():
        if each.row.kind is DriftKind.LINK:
            over = (each.row.account, each.row.principal.user_id) not in linked
        else:
            over = about not in seen and not _is_unread(each.row, found.unread)
        if over:
            drift_rows.delete(tx, each.row)
    close_outdated(tx, now)


def record_accounts(tx: Tx, seen: Sequence[Link], gone: Collection[SlackUserId], now: DomainMillis) -> None:
    """Of the linked accounts that were looked at, those that are gone."""
    kept = drift_rows.every_one(tx)
    for link in seen:
        row = DriftRow(DriftKind.LINK, link.principal, since=link.linked_at, account=link.slack_user_id)
        if link.slack_user_id in gone:
            drift_rows.put(tx, row, kept.get(row.about), now)
        elif row.about in kept:
            drift_rows.delete(tx, row)


def _is_unread(row: DriftRow, unread: Sequence[UnreadSource]) -> bool:
    return (
        row.grant_id is None and row.entitlement is not None and any(each.is_about(row.entitlement) for each in unread)
    )
