"""Entries about access reviews: when each runs, what is under review, who said what of it, and what came of the rest.

Programs of before did not record what is under review: of such a review only what somebody said is known, and how many
items there are. Nor did they record what came of what another approver was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals import audit
from approvals.access_review import Moved, ReviewVerdict, Unreviewed
from approvals.audit_events import AuditEvent
from approvals.queries.audit_replay.expected import ACCESS_REVIEWS, Expected, ExpectedTables, Row

ASKED = ReviewVerdict.ASKED.value
AS_COLLECTED = ("ends_at", "account", "barred")
"""What else is known of each, of those that were collected since programs record it."""
NOTHING_SAID: Mapping[str, None] = dict.fromkeys(("verdict", "said_by", "said_at", "stays"))


def started(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """One that runs from then on."""
    tables.rows[ACCESS_REVIEWS][(fields["review"],)] = {
        "started_at": entry.moment,
        "started_by": fields["by"],
        "due_at": fields["due_at"],
        "complete": 1,
        "unreviewed": Unreviewed.ESCALATE.value,
        **dict.fromkeys(("collected_at", "ending_at", "ended_by", "closed_at", "signed_at", "signed_by")),
    }


def items(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """Some of what is under review, as it was collected."""
    for item_id, known in fields["items"].items():
        tables.review_items[item_id] = {
            "review_id": fields["review"],
            "access": (known["ram_user_id"], known["what"], known.get("via_group")),
            "requests": known["requests"],
            "harmless": int(known["harmless"]),
            **({"reviewer": known["reviewer"]} if "reviewer" in known else {}),
            **{name: known[name] for name in AS_COLLECTED if name in known},
            **NOTHING_SAID,
        }
    tables.whole_reviews.add(fields["review"])


def shared_out(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """Another one's part. Of what nobody decided on in a review of before, nothing is known yet."""
    for item_id, reviewer in fields["reviewers"].items():
        if item_id in tables.review_items:
            tables.review_items[item_id]["reviewer"] = reviewer


def collected(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """It is known what is under review, and what becomes in the end of what nobody reviews."""
    _row(tables, fields).update(
        collected_at=entry.moment,
        complete=int(fields["complete"]),
        unreviewed=fields.get("unreviewed", Unreviewed.ESCALATE.value),
    )
    tables.reviewed_items[fields["review"]] = fields["items"]


def moved(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """It ends later; or it began by a clock that was ahead, and none of its moments is yet to come but its end."""
    row = _row(tables, fields)
    row.update(started_at=fields["started_at"], due_at=fields["due_at"])
    if fields["why"] != Moved.CLOCK_WAS_AHEAD:
        return
    for name in ("collected_at", "ending_at", "closed_at", "signed_at"):
        if row[name] is not None:
            row[name] = min(row[name], entry.moment)


def reviewed(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """An approver's word."""
    item = _item(tables, fields)
    item |= {"verdict": fields["verdict"], "said_by": fields["by_slack"], "said_at": entry.moment, "stays": None}
    if fields["verdict"] == ASKED and fields["review"] not in tables.whole_reviews:
        for name in NOTHING_SAID:
            item.pop(name)


def answered(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """What came of what another approver was asked; without a verdict, it is to be decided anew."""
    item = tables.review_items[fields["item"]]
    item |= {"verdict": fields["verdict"]} if "verdict" in fields else NOTHING_SAID


def unreviewed(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """What came in the end of what nobody reviewed, or why it stays."""
    said = {**NOTHING_SAID, "verdict": fields.get("verdict"), "stays": fields.get("stays")}
    _item(tables, fields).update(said, reviewer=fields.get("reviewer"))


def ending(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """Nothing is said in it any more."""
    _row(tables, fields).update(ending_at=entry.moment, ended_by=fields.get("by"))


def closed(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """It is over; what was never read is missing in it."""
    row = _row(tables, fields)
    row.update(closed_at=entry.moment, complete=0 if row["collected_at"] is None else row["complete"])


def signed(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """An approver has read what came of it."""
    _row(tables, fields).update(signed_at=entry.moment, signed_by=fields["by_slack"])


def _row(tables: ExpectedTables, fields: Row) -> Expected:
    return tables.rows[ACCESS_REVIEWS][(fields["review"],)]


def _item(tables: ExpectedTables, fields: Row) -> Expected:
    """What is known of it already, or by this entry."""
    return tables.review_items.setdefault(
        fields["item"], {"review_id": fields["review"], "requests": fields["requests"]}
    )


ENTRIES: Mapping[str, Callable[[ExpectedTables, audit.Entry, Row], None]] = {
    AuditEvent.ACCESS_REVIEW_STARTED: started,
    AuditEvent.ACCESS_REVIEW_ITEMS: items,
    AuditEvent.ACCESS_REVIEW_COLLECTED: collected,
    AuditEvent.ACCESS_REVIEW_MOVED: moved,
    AuditEvent.ACCESS_REVIEW_SHARED: shared_out,
    AuditEvent.ACCESS_REVIEWED: reviewed,
    AuditEvent.ACCESS_REVIEW_ANSWERED: answered,
    AuditEvent.ACCESS_UNREVIEWED: unreviewed,
    AuditEvent.ACCESS_REVIEW_ENDING: ending,
    AuditEvent.ACCESS_REVIEW_CLOSED: closed,
    AuditEvent.ACCESS_REVIEW_SIGNED: signed,
}
