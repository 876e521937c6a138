"""Say something about a request that waits, to its requester or its approvers."""

from __future__ import annotations

from collections.abc import Sequence

from approvals import rules, text_input
from approvals.audit import Entry
from approvals.audit_events import AuditEvent
from approvals.comments import MAX_CHARACTERS, MOST_AN_HOUR, Comment
from approvals.errors import Refusal
from approvals.evidence import Holders
from approvals.ledger import Ledger, requests, trail
from approvals.millis import HOUR, DomainMillis
from approvals.model import AccessRequest, RequestState
from approvals.operations.close_request import already_closed
from approvals.outbox import comments
from approvals.people import Person
from approvals.queries.actor import standing
from approvals.refusals.comments import CommentMissing, CommentTooLong, TooManyComments
from approvals.refusals.request import UnknownRequest
from approvals.rules import Act


def against_comment(text: str) -> list[Refusal]:
    """What speaks against it as a comment, whoever writes it."""
    if text_input.is_blank(text):
        return [CommentMissing()]
    if len(text) > MAX_CHARACTERS:
        return [CommentTooLong(characters=len(text), most=MAX_CHARACTERS)]
    return text_input.refusals_of(text)


def comment(
    ledger: Ledger,
    team_id: str,
    request_id: int,
    said: Comment,
    actor: Person,
    admins: Holders | None,
    now: DomainMillis,
) -> AccessRequest:
    """Record it, and have those told whom it is for. The same one once more is nothing. `admins`: who may approve; None
    for somebody whose request it is.

    Raises:
        Refusal: they are not concerned, it is unknown or no longer pending, or the comment is not fit, or one too many.
    """
    for refusal in against_comment(said.text):
        raise refusal
    with ledger.write() as tx:
        request = requests.get(tx, request_id)
        principal = rules.authorise(Act.COMMENT, actor, standing(tx, team_id, actor, admins, request), request)
        if request is None:
            raise UnknownRequest()
        before = [e for e in trail.of_request(tx, request_id) if e.fields["event"] == AuditEvent.COMMENTED]
        if any(entry.fields["key"] == said.key for entry in before):
            return request
        if request.state is not RequestState.PENDING:
            raise already_closed(request)
        _check_not_too_many(request, before, now)
        comments.tell(tx, request, said, now)
        trail.append_event(
            tx,
            now,
            AuditEvent.COMMENTED,
            request_id=request.id,
            by_slack=said.by,
            by_ram_user_id=principal.user_id if principal else None,
            addressee=said.to.value,
            key=said.key,
            comment=text_input.checked(said.text),
        )
    return request


def _check_not_too_many(request: AccessRequest, before: Sequence[Entry], now: DomainMillis) -> None:
    lately = [entry.moment for entry in before if entry.moment > now - HOUR]
    if len(lately) >= MOST_AN_HOUR:
        raise TooManyComments(request=request.ref, until=DomainMillis(lately[-MOST_AN_HOUR] + HOUR))
