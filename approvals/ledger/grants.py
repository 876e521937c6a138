"""Grants as rows and back. A state changes only from the state it was read in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from approvals.entitlements import Entitlement, Key
from approvals.errors import CloudError, CloudErrorKind
from approvals.grant import OPEN, EndCause, Grant, GrantState, Remains
from approvals.ledger.counters import next_number
from approvals.millis import DomainMillis, RealMillis
from approvals.people import Principal
from approvals.transaction import Row, Tx

OPEN_STATES = ", ".join(f"'{state}'" for state in OPEN)
"""As SQL's `IN` takes them."""
ERROR_KIND = "trouble"
"""The column of `Grant.error_kind`, by the name that it has in every ledger."""


def plan(tx: Tx, request_id: int, principal: Principal, entitlement: Entitlement, ends_at: DomainMillis | None) -> int:
    """A new grant in state `planned`; its id."""
    grant_id = next_number(tx, "grant")
    tx.run(
        "INSERT INTO grants (id, request_id, ram_user_id, ram_user_name, entitlement, state, ends_at)"
        " VALUES (:id, :request_id, :ram_id, :ram_name, :entitlement, 'planned', :ends_at)",
        id=grant_id,
        request_id=request_id,
        ram_id=principal.user_id,
        ram_name=principal.name,
        entitlement=str(entitlement),
        ends_at=ends_at,
    )
    return grant_id


def inherit(tx: Tx, heir: Grant, entitlement: Entitlement, now: DomainMillis) -> int:
    """The request of `heir` has this as well, which is there, and for as long; the new grant's id."""
    grant_id = plan(tx, heir.request_id, heir.principal, entitlement, heir.ends_at)
    tx.run("UPDATE grants SET state = 'active', active_at = :now WHERE id = :id", now=now, id=grant_id)
    return grant_id


def shorten(tx: Tx, request_id: int, ends_at: DomainMillis) -> None:
    """What a request gives, or may yet give, ends then, unless it ends sooner anyway."""
    tx.run(
        "UPDATE grants SET ends_at = :ends_at WHERE request_id = :request_id"
        " AND state IN ('planned', 'granting', 'active', 'failed') AND (ends_at IS NULL OR ends_at > :ends_at)",
        request_id=request_id,
        ends_at=ends_at,
    )


def move(tx: Tx, grant: Grant, state: GrantState, **changes: Any) -> Grant | None:
    """Change a grant's state (or keep it) and some of its fields; as it is then, or None when it is no longer as it was
    read.

    The names in `changes` are column names of this module's own callers, never a person's input.
    """
    sets = "".join(f", {name} = :{name}" for name in changes)
    row = tx.row(
        f"UPDATE grants SET state = :to_state{sets} WHERE id = :grant_id AND state = :from_state RETURNING *",
        to_state=state.value,
        grant_id=grant.id,
        from_state=grant.state.value,
        **changes,
    )
    return of_row(row) if row else None


def error_columns(kind: str | None, error: CloudError | None) -> dict[str, str | None]:
    """The kind of an error, with the call that it came from and with what the cloud itself calls both; without a kind,
    that there is none any more.
    """
    of = error if kind else None
    return {
        ERROR_KIND: kind,
        "trouble_action": of.action if of else None,
        "trouble_code": of.code if of else None,
        "trouble_request_id": of.request_id if of else None,
    }


def set_type(tx: Tx, key: Key, policy_type: str) -> int:
    """The open grants on a key are of this type of policy, where it was not known yet; how many those were."""
    return tx.changed(
        "UPDATE grants SET policy_type = :type WHERE ram_user_id = :user AND entitlement = :entitlement"
        f" AND policy_type IS NULL AND state IN ({OPEN_STATES})",
        type=policy_type,
        user=key.user_id,
        entitlement=str(key.entitlement),
    )


def detach_begun(tx: Tx, key: Key, real: RealMillis) -> None:
    """Remember it on the newest grant of the key, however that one stands."""
    tx.run(
        "UPDATE grants SET detach_at_real = :real WHERE id ="
        " (SELECT MAX(id) FROM grants WHERE ram_user_id = :user AND entitlement = :entitlement)",
        real=real,
        user=key.user_id,
        entitlement=str(key.entitlement),
    )


def last_detach(tx: Tx, key: Key) -> int | None:
    """Real time at which a detach of the key was begun last."""
    row = tx.row(
        "SELECT detach_at_real AS last FROM grants WHERE ram_user_id = :user AND entitlement = :entitlement"
        " AND detach_at_real IS NOT NULL ORDER BY detach_at_real DESC LIMIT 1",
        user=key.user_id,
        entitlement=str(key.entitlement),
    )
    return row["last"] if row else None


def remains_as_text(remains: Remains) -> str | None:
    """As the column `remains` has it."""
    if remains == Remains():
        return None
    kept: dict[str, Any] = {"requests": remains.requests, "groups": remains.groups}
    return json.dumps(kept | ({"other_role": remains.other_role} if remains.other_role else {}))


def get(tx: Tx, grant_id: int) -> Grant | None:
    """None where there is no such grant."""
    row = tx.row("SELECT * FROM grants WHERE id = :id", id=grant_id)
    return of_row(row) if row else None


def of_request(tx: Tx, request_id: int) -> list[Grant]:
    """In the order in which they were planned."""
    return of_rows(tx.rows("SELECT * FROM grants WHERE request_id = :id ORDER BY id", id=request_id))


def last_on_key(tx: Tx, key: Key) -> Grant | None:
    """The newest grant on a key, whatever became of it."""
    row = tx.row(
        "SELECT * FROM grants WHERE ram_user_id = :user AND entitlement = :entitlement ORDER BY id DESC LIMIT 1",
        user=key.user_id,
        entitlement=str(key.entitlement),
    )
    return of_row(row) if row else None


def newest_of(tx: Tx, entitlement: Entitlement, ram_name: str) -> Grant | None:
    """The last one through which the role or user of that name has it, or had it."""
    row = tx.row(
        "SELECT * FROM grants WHERE state IN ('active', 'ending', 'ended') AND entitlement = :entitlement"
        " AND ram_user_name = :name ORDER BY id DESC LIMIT 1",
        entitlement=str(entitlement),
        name=ram_name,
    )
    return of_row(row) if row else None


def was_active(tx: Tx, key: Key) -> bool:
    """Whether a grant on this key was active once, or is."""
    return (
        tx.row(
            "SELECT 1 AS found FROM grants WHERE ram_user_id = :user AND entitlement = :entitlement"
            " AND active_at IS NOT NULL LIMIT 1",
            user=key.user_id,
            entitlement=str(key.entitlement),
        )
        is not None
    )


def removed_outside_since(tx: Tx, since: int) -> int:
    """How many somebody took away outside of this program since a moment of domain time."""
    # The cause is in the text, since a partial index serves no parameter.
    row = tx.row(
        f"SELECT COUNT(*) AS number FROM grants WHERE end_cause = '{EndCause.REMOVED_OUTSIDE.value}'"
        " AND COALESCE(ending_at, ended_at) >= :since",
        since=since,
    )
    return int(row["number"]) if row else 0


def of_rows(rows: Iterable[Row]) -> list[Grant]:
    """Rows of `grants`, all columns."""
    return [of_row(row) for row in rows]


def of_row(row: Row) -> Grant:
    """A row of `grants`, all columns."""
    return Grant(
        id=row["id"],
        request_id=row["request_id"],
        principal=Principal(row["ram_user_id"], row["ram_user_name"]),
        entitlement=Entitlement.parse(row["entitlement"]).of_type(row["policy_type"]),
        state=GrantState(row["state"]),
        ends_at=row["ends_at"],
        active_at=row["active_at"],
        ending_at=row["ending_at"],
        ended_at=row["ended_at"],
        end_cause=EndCause(row["end_cause"]) if row["end_cause"] else None,
        detaches=row["detaches"],
        detached=bool(row["detached"]),
        missing_since_real=row["missing_since_real"],
        error_kind=_error_kind(row[ERROR_KIND]),
        error_action=row["trouble_action"],
        error_code=row["trouble_code"],
        error_request_id=row["trouble_request_id"],
        remains=_remains(row["remains"]),
    )


def _error_kind(word: str | None) -> CloudErrorKind | None:
    """A word that a newer program wrote, and this one does not know, is a refusal: that says least of why."""
    if word is None:
        return None
    try:
        return CloudErrorKind(word)
    except ValueError:
        return CloudErrorKind.REFUSED


def _remains(text: str | None) -> Remains:
    kept = json.loads(text or "{}")
    return Remains(tuple(kept.get("requests", ())), tuple(kept.get("groups", ())), kept.get("other_role", ""))
