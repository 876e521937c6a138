"""Which Slack messages show a request, so that every copy can be redrawn."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ledger.counters import next_number
from approvals.transaction import Query, Row, Tx


@dataclass(frozen=True, slots=True)
class Card:
    """One copy of a request's card, posted in Slack."""

    id: int
    request_id: int
    channel: str
    ts: str
    drawn_version: int


def add(tx: Tx, request_id: int, channel: str, ts: str, drawn_version: int) -> Card:
    """Register a copy; one that is known already is returned as it is, whatever request it shows."""
    known = at(tx, channel, ts)
    if known:
        return known
    card = Card(next_number(tx, "card"), request_id, channel, ts, drawn_version)
    tx.run(
        "INSERT INTO cards (id, request_id, channel, ts, drawn_version)"
        " VALUES (:id, :request_id, :channel, :ts, :version)",
        id=card.id,
        request_id=request_id,
        channel=channel,
        ts=ts,
        version=drawn_version,
    )
    return card


def at(tx: Tx, channel: str, ts: str) -> Card | None:
    """The copy that is this message of the channel's."""
    row = tx.row("SELECT * FROM cards WHERE channel = :channel AND ts = :ts", channel=channel, ts=ts)
    return _card(row) if row else None


def get(tx: Tx, card_id: int) -> Card | None:
    """None where that copy is forgotten."""
    row = tx.row("SELECT * FROM cards WHERE id = :id", id=card_id)
    return _card(row) if row else None


def of_request(tx: Tx, request_id: int) -> list[Card]:
    """Every copy of a request's card, in the order in which they were posted."""
    return [_card(row) for row in tx.rows("SELECT * FROM cards WHERE request_id = :id ORDER BY id", id=request_id)]


def ids_of_request(request_id: int) -> Query:
    """The same, by their ids."""
    return Query("SELECT CAST(id AS TEXT) AS what FROM cards WHERE request_id = :request", {"request": request_id})


def forget(tx: Tx, card_id: int) -> None:
    """Its message is gone, or out of reach: nothing is drawn there any more."""
    tx.run("DELETE FROM cards WHERE id = :id", id=card_id)


def drawn(tx: Tx, card_id: int, version: int) -> None:
    """It shows the request as of this version."""
    tx.run("UPDATE cards SET drawn_version = :version WHERE id = :id", id=card_id, version=version)


def _card(row: Row) -> Card:
    return Card(row["id"], row["request_id"], row["channel"], row["ts"], row["drawn_version"])
