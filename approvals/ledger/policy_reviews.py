"""Which policies were reviewed, as they were then: of each name the newest review counts."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from approvals.ids import SlackUserId
from approvals.millis import DomainMillis
from approvals.policies.reviewed import PolicyNow, ReviewedPolicy
from approvals.transaction import Row, Tx


@dataclass(frozen=True, slots=True)
class PolicyReview:
    """A policy, and who said that it may be given so."""

    policy: ReviewedPolicy
    by: tuple[SlackUserId, ...]
    """Nobody, where it is the one that Alibaba Cloud publishes."""
    at: DomainMillis


def every_one(tx: Tx) -> dict[str, PolicyReview]:
    """By the policy's name."""
    return {row["policy"]: _review(row) for row in tx.rows("SELECT * FROM policy_reviews ORDER BY policy")}


def of_names(tx: Tx, names: Collection[str]) -> dict[str, PolicyReview]:
    """The same of these policies alone; what nobody reviewed is left out."""
    named = {f"name{number}": name for number, name in enumerate(sorted(names))}
    if not named:
        return {}
    places = ", ".join(f":{name}" for name in named)
    return {
        row["policy"]: _review(row)
        for row in tx.rows(f"SELECT * FROM policy_reviews WHERE policy IN ({places})", **named)
    }


def put(tx: Tx, now: PolicyNow, by: Collection[SlackUserId], at: DomainMillis) -> None:
    """From now on this is the one that may be given."""
    tx.run(
        "INSERT INTO policy_reviews (policy, type, version, hash, document, reviewed_by, reviewed_at)"
        " VALUES (:policy, :type, :version, :hash, :document, :by, :at)"
        " ON CONFLICT (policy) DO UPDATE SET type = excluded.type, version = excluded.version, hash = excluded.hash,"
        " document = excluded.document, reviewed_by = excluded.reviewed_by, reviewed_at = excluded.reviewed_at",
        policy=now.name,
        type=now.type,
        version=now.version,
        hash=now.hash,
        document=now.document,
        by=json.dumps(list(by)),
        at=at,
    )


def _review(row: Row) -> PolicyReview:
    by = tuple(map(SlackUserId, json.loads(row["reviewed_by"])))
    policy = ReviewedPolicy(row["policy"], row["type"], row["version"], row["document"], row["hash"], bool(by))
    return PolicyReview(policy, by, row["reviewed_at"])
