"""What is used by one job at a time, for all replicas together, and how soon again: each channel of Slack's is a lane,
and so are the writes to each product of the cloud. All times are real.
"""

from __future__ import annotations

from approvals.ledger import pace
from approvals.millis import MINUTE, SECOND, RealMillis
from approvals.transaction import Row, Tx

MAX_CLOUD_PAUSE_MS = MINUTE
"""However long the cloud asks to wait: one absurd value must not hold up what is to be taken back."""
MAX_SLACK_PAUSE_MS = 5 * MINUTE
"""Likewise for Slack, which is used to being obeyed."""
MAX_TURN_MS = 5 * SECOND
"""In a lane in which writes take turns: as long as all who may write at a time."""
TURNS = " write"
"""How the names of lanes end in which writes take turns."""
_SLACK = "slack:"


def slack(channel: str) -> str:
    """The lane of what is posted to a channel, or to a person."""
    return f"{_SLACK}{channel}"


APPROVALS = slack("approvals")
"""The lane of what is posted to the approvals channel, or else to each approver, wherever that is."""
WORKFLOWS = slack("workflows")
"""The lane of what steps of workflows ask and are told."""

UPDATES = slack("updates")
"""The lane in which messages are drawn anew, of all conversations together: Slack counts those calls for the whole app,
and not by channel. The version before knows lanes of this name, and makes its slots as wide as a channel's.
"""


def hold(tx: Tx, lane: str, until_real: RealMillis, *, real: RealMillis) -> None:
    """Keep a lane shut until then: its slot is taken, or the other side asked for a pause. What it is shut for longer
    than its longest pause was written by a clock that was wrong, and does not count.
    """
    latest = real + longest_pause(lane)
    tx.run(
        "INSERT INTO slots (lane, next_free_real) VALUES (:lane, :until)"
        " ON CONFLICT (lane) DO UPDATE SET next_free_real ="
        " CASE WHEN slots.next_free_real > :until AND slots.next_free_real <= :latest"
        " THEN slots.next_free_real ELSE :until END",
        lane=lane,
        until=min(until_real, latest),
        latest=latest,
    )


def take_slot(tx: Tx, lane: str, *, real: RealMillis, width: int) -> None:
    """Take the slot of a lane that is free, usually of so many milliseconds, from the end of the slot before: whoever
    takes it finds it free a little late, and the next one is free in time all the same. Of what is posted the slot
    begins now, since no turn keeps two apart besides.
    """
    slot = pace.slot(tx, lane)
    width, free = pace.width_of(slot, width), _next_free(slot)
    in_row = free is not None and not lane.startswith(_SLACK) and real - width < free <= real
    begins = free if free is not None and in_row else real
    hold(tx, lane, RealMillis(begins + width), real=real)


def longest_pause(lane: str) -> int:
    """Milliseconds for which a lane may be shut."""
    if lane.endswith(TURNS):
        return MAX_TURN_MS
    return MAX_SLACK_PAUSE_MS if lane.startswith(_SLACK) else MAX_CLOUD_PAUSE_MS


def shut_until(tx: Tx) -> dict[str, int]:
    """Until when each is shut, in real time."""
    return {row["lane"]: row["next_free_real"] for row in tx.rows("SELECT lane, next_free_real FROM slots")}


def reopen(tx: Tx, lane: str) -> None:
    """Nothing shuts it any more, and its slots are as wide as usual."""
    tx.run("DELETE FROM slots WHERE lane = :lane", lane=lane)


def next_turn(tx: Tx, lane: str, *, real: RealMillis, width: int) -> int:
    """Take the next slot, usually of so many milliseconds, of a lane in which writes take turns; how many milliseconds
    from now it begins.
    """
    turns, width = lane + TURNS, pace.width(tx, lane, width)
    free = _next_free(pace.slot(tx, turns))
    begins = free if free is not None and real < free <= real + MAX_TURN_MS else real
    hold(tx, turns, RealMillis(begins + width), real=real)
    return begins - real


def _next_free(slot: Row | None) -> int | None:
    """When its next slot begins; None of a lane that was never shut."""
    return slot["next_free_real"] if slot else None
