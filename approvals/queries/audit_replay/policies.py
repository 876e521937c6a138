"""Entries about policies: which document may be given, and who said so."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from approvals import audit
from approvals.audit_events import AuditEvent
from approvals.queries.audit_replay.expected import REVIEWS, ExpectedTables, ReviewWord, Row


def word(tables: ExpectedTables, _entry: audit.Entry, fields: Row) -> None:
    """The first approver's, which waits for another one's."""
    given = ReviewWord(fields["policy"], fields["hash"], fields["by_slack"], fields["by_ram_user_id"])
    tables.review_words.add(given)


def reviewed(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """The last word that was needed."""
    _may_be_given(tables, entry, fields, fields["reviewers"])
    tables.review_words = {given for given in tables.review_words if given.policy != fields["policy"]}


def published(tables: ExpectedTables, entry: audit.Entry, fields: Row) -> None:
    """It is as Alibaba Cloud publishes it, and nobody reviewed it."""
    _may_be_given(tables, entry, fields, [])


def _may_be_given(tables: ExpectedTables, entry: audit.Entry, fields: Row, by: list[str]) -> None:
    tables.rows[REVIEWS][(fields["policy"],)] = {
        "type": fields["policy_type"],
        "version": fields["version"],
        "hash": fields["hash"],
        "reviewed_by": by,
        "reviewed_at": entry.moment,
    }


ENTRIES: Mapping[str, Callable[[ExpectedTables, audit.Entry, Row], None]] = {
    AuditEvent.POLICY_APPROVAL: word,
    AuditEvent.POLICY_REVIEWED: reviewed,
    AuditEvent.POLICY_PUBLISHED: published,
}
