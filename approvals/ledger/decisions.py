"""What was decided on requests, one word for each principal and request, as rows and back."""

from __future__ import annotations

import json

from approvals.entitlements import Entitlement
from approvals.ids import RamUserId
from approvals.model import Decision, Verdict
from approvals.people import Principal
from approvals.transaction import Tx


def add(tx: Tx, decision: Decision) -> None:
    """A principal's latest word on a request; one who approved before may still deny."""
    tx.run(
        "INSERT INTO decisions (request_id, ram_user_id, ram_user_name, slack_user_id, verdict, reason, at, counted,"
        " parts, duration)"
        " VALUES (:request_id, :ram_id, :ram_name, :slack_user_id, :verdict, :reason, :at, :counted, :parts, :duration)"
        " ON CONFLICT (request_id, ram_user_id) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason,"
        " at = excluded.at, counted = excluded.counted, slack_user_id = excluded.slack_user_id,"
        " parts = excluded.parts, duration = excluded.duration",
        request_id=decision.request_id,
        ram_id=decision.principal.user_id,
        ram_name=decision.principal.name,
        slack_user_id=decision.slack_user_id,
        verdict=decision.verdict.value,
        reason=decision.reason,
        at=decision.at,
        counted=int(decision.counted),
        parts=None if decision.parts is None else json.dumps([str(part) for part in decision.parts]),
        duration=decision.duration,
    )


def discount(tx: Tx, request_id: int, ram_user_id: RamUserId) -> None:
    """This principal's approval does not count any more; they may give it again."""
    tx.run(
        "UPDATE decisions SET counted = 0 WHERE request_id = :id AND ram_user_id = :user",
        id=request_id,
        user=ram_user_id,
    )


def of_request(tx: Tx, request_id: int) -> list[Decision]:
    """Each principal's latest word, oldest first."""
    rows = tx.rows("SELECT * FROM decisions WHERE request_id = :id ORDER BY at, ram_user_id", id=request_id)
    return [
        Decision(
            request_id=row["request_id"],
            principal=Principal(row["ram_user_id"], row["ram_user_name"]),
            slack_user_id=row["slack_user_id"],
            verdict=Verdict(row["verdict"]),
            reason=row["reason"],
            at=row["at"],
            counted=bool(row["counted"]),
            parts=None if row["parts"] is None else tuple(map(Entitlement.parse, json.loads(row["parts"]))),
            duration=row["duration"],
        )
        for row in rows
    ]
