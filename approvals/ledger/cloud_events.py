"""What the cloud's own record told of calls, and what we made of each."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import NamedTuple

from approvals.cloud_events import Actor, CloudEvent
from approvals.millis import DomainMillis
from approvals.transaction import Row, Tx

_OTHERS = "verdict <> 'ours'"
"""Ours are kept for ever, and whoever asks for others reads none of them: there is an index of the others, which both
engines use where the condition is written out.
"""


class KeptEvent(NamedTuple):
    """A call, and whose it is."""

    event: CloudEvent
    verdict: str


def add(tx: Tx, event: CloudEvent, verdict: str) -> bool:
    """False where it is there already."""
    return bool(
        tx.changed(
            "INSERT INTO cloud_events (id, at, name, service, request_id, write_id, actor_type, actor_id, actor_name,"
            " source_ip, policy, params, error_code, verdict)"
            " VALUES (:id, :at, :name, :service, :request_id, :write_id, :actor_type, :actor_id, :actor_name,"
            " :source_ip, :policy, :params, :error_code, :verdict)"
            " ON CONFLICT DO NOTHING",
            id=event.id,
            at=event.at,
            name=event.name,
            service=event.service,
            request_id=event.request_id,
            write_id=event.write_id,
            actor_type=event.actor.type,
            actor_id=event.actor.id,
            actor_name=event.actor.name,
            source_ip=event.source_ip,
            policy=event.params.get("PolicyName"),
            params=_written(event.params),
            error_code=event.error_code,
            verdict=verdict,
        )
    )


def _written(params: Mapping[str, str]) -> str:
    return json.dumps(dict(params), sort_keys=True)


def are_there(tx: Tx, ids: Collection[str]) -> set[str]:
    """Those of these events that were told of before."""
    return {row["id"] for row in _where(tx, "id", ids)}


def of_writes(tx: Tx, write_ids: Collection[str], request_ids: Collection[str]) -> list[KeptEvent]:
    """The calls that carried one of these ids of ours, or are known by one of these to the cloud; the oldest first."""
    rows = {row["id"]: row for row in (*_where(tx, "write_id", write_ids), *_where(tx, "request_id", request_ids))}
    return sorted(map(_kept, rows.values()), key=lambda each: (each.event.at, each.event.id))


def last_on_policy(tx: Tx, policy: str, names: Collection[str]) -> CloudEvent | None:
    """The newest call of one of these names that was about a policy, in whatever case, and was carried out."""
    rows = tx.rows(
        "SELECT * FROM cloud_events WHERE LOWER(policy) = LOWER(:policy) AND error_code = '' ORDER BY at DESC, id",
        policy=policy,
    )
    return next((_kept(row).event for row in rows if row["name"] in names), None)


def of_names(tx: Tx, names: Collection[str], at: DomainMillis) -> list[KeptEvent]:
    """The calls of these names from then on that are not ours; the oldest first."""
    return sorted(
        map(_kept, _where(tx, "name", names, f"AND {_OTHERS} AND at >= :at", at=at)),
        key=lambda each: (each.event.at, each.event.id),
    )


def of_verdict(tx: Tx, verdict: str, at: DomainMillis) -> list[CloudEvent]:
    """The calls of others from then on of which that was made; the oldest first."""
    rows = tx.rows(
        f"SELECT * FROM cloud_events WHERE {_OTHERS} AND at >= :at AND verdict = :verdict ORDER BY at, id",
        at=at,
        verdict=verdict,
    )
    return [_kept(row).event for row in rows]


def judge_anew(tx: Tx, event_id: str, verdict: str) -> None:
    """Something else is made of a call than before."""
    tx.run("UPDATE cloud_events SET verdict = :verdict WHERE id = :id", id=event_id, verdict=verdict)


def since(tx: Tx, at: DomainMillis) -> dict[str, int]:
    """How many there are from then on, by verdict."""
    rows = tx.rows("SELECT verdict, COUNT(*) AS number FROM cloud_events WHERE at >= :at GROUP BY verdict", at=at)
    return {row["verdict"]: int(row["number"]) for row in rows}


def rename_person(tx: Tx, ram_user_id: str, name: str) -> None:
    """A RAM user is called by the UserId from then on, who made calls, and whom calls were about."""
    tx.run("UPDATE cloud_events SET actor_name = actor_id WHERE actor_id = :actor_id", actor_id=ram_user_id)
    # What is ours says nobody's name.
    rows = tx.rows(f"SELECT * FROM cloud_events WHERE {_OTHERS} AND LOWER(params) LIKE :part", part=f"%{name.lower()}%")
    for event in (_kept(row).event for row in rows):
        tx.run(
            "UPDATE cloud_events SET params = :params WHERE id = :id",
            params=_written(event.renamed(name, ram_user_id).params),
            id=event.id,
        )


def forget_others(tx: Tx, before: DomainMillis) -> None:
    """All that is older, but for what is ours."""
    tx.run(f"DELETE FROM cloud_events WHERE at < :before AND {_OTHERS}", before=before)


def forget_of_verdict(tx: Tx, verdict: str, before: DomainMillis) -> None:
    """Of others' calls that are older, those of which that was made."""
    tx.run(
        f"DELETE FROM cloud_events WHERE at < :before AND {_OTHERS} AND verdict = :verdict",
        before=before,
        verdict=verdict,
    )


def _where(tx: Tx, column: str, values: Collection[str], more: str = "", **params: object) -> list[Row]:
    named = {f"value{number}": value for number, value in enumerate(sorted(set(values)))}
    if not named:
        return []
    places = ", ".join(f":{name}" for name in named)
    return tx.rows(f"SELECT * FROM cloud_events WHERE {column} IN ({places}) {more}", **named, **params)


def _kept(row: Row) -> KeptEvent:
    event = CloudEvent(
        id=row["id"],
        at=row["at"],
        name=row["name"],
        service=row["service"],
        request_id=row["request_id"],
        user_agent=f"pairec-access-write/{row['write_id']}" if row["write_id"] else "",
        source_ip=row["source_ip"],
        actor=Actor(row["actor_type"], row["actor_id"], row["actor_name"]),
        params=json.loads(row["params"]),
        error_code=row["error_code"],
    )
    return KeptEvent(event, row["verdict"])
