"""A request with all that a card, a message or a list shows of it, read in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from approvals.audit import Entry
from approvals.audit_events import AuditEvent
from approvals.emergency import Emergency
from approvals.entitlements import Entitlement
from approvals.grant import OPEN, EndCause, Grant
from approvals.ids import SlackUserId
from approvals.ledger import away as absences
from approvals.ledger import decisions, emergencies, extensions, grants, identity_claims, requests, trail
from approvals.millis import DomainMillis
from approvals.model import AccessRequest, Decision, RequestState, Verdict
from approvals.people import Claim
from approvals.queries.away import TooFewHere, too_few_here
from approvals.queries.by_hand import HandWord, word_on
from approvals.queries.policy_reviews import never_reviewed, under_review_anew
from approvals.transaction import Tx

STANDING = (RequestState.PENDING, RequestState.APPROVED)
"""In which an extension still says something about what it extends."""
EARLY = (EndCause.GIVEN_BACK, EndCause.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class EarlyEnd:
    """The word with which somebody ended access before its time."""

    cause: EndCause
    """`GIVEN_BACK` or `TAKEN_BACK`."""
    by: SlackUserId
    """Slack user id."""
    at: DomainMillis
    reason: str | None


@dataclass(frozen=True, slots=True)
class Shortening:
    """The word of an approver by which access ends sooner than it was granted for."""

    by: SlackUserId
    """Slack user id."""
    at: DomainMillis


@dataclass(frozen=True, slots=True)
class Extended:
    """What a request extends."""

    ref: str
    begun_at: DomainMillis
    """When the first of all that are one access with it was approved."""
    ends_at: DomainMillis


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with its decisions, its claim and its grants."""

    request: AccessRequest
    decisions: tuple[Decision, ...]
    claim: Claim | None
    grants: tuple[Grant, ...]
    early_end: EarlyEnd | None = None
    by_hand: Mapping[int, HandWord] = field(default_factory=dict)
    """What people said of the grants that they give by hand, by the grant's number."""
    extended: Extended | None = None
    """What it asks more time for, where it does."""
    following: AccessRequest | None = None
    """The request that was approved, or asks, to go on where this one ends."""
    unreviewed: tuple[str, ...] = ()
    """While it waits: the policies among what is asked for that nobody ever reviewed."""
    changed: tuple[str, ...] = ()
    """While it waits: those that changed since they were reviewed."""
    away: frozenset[SlackUserId] = frozenset()
    """While it waits: those of the workspace who are away."""
    too_few: TooFewHere | None = None
    """Where fewer of those who are asked are here than have to approve it yet."""
    emergency: Emergency | None = None
    """Where nobody approved it, since it was taken at once in an emergency."""
    shortened: Shortening | None = None
    """The last such word."""

    @property
    def approvals(self) -> tuple[Decision, ...]:
        """Approvals that count."""
        return tuple(word for word in self.decisions if word.verdict is Verdict.APPROVE and word.counted)

    @property
    def left_out(self) -> tuple[Entitlement, ...]:
        """What was asked and, by an approval so far, is not to be given."""
        return tuple(
            part
            for part in self.request.entitlements
            if any(word.parts is not None and part not in word.parts for word in self.approvals)
        )

    @property
    def shortened_to(self) -> int | None:
        """Milliseconds, where an approval is for a shorter time than was asked."""
        return min((word.duration for word in self.approvals if word.duration is not None), default=None)

    @property
    def new_end(self) -> DomainMillis | None:
        """When the access ends that it asks more time for, once it is approved as it stands."""
        if self.request.ends_at is not None or self.extended is None:
            return self.request.ends_at
        more = self.request.duration if self.shortened_to is None else self.shortened_to
        return None if more is None else DomainMillis(self.extended.ends_at + more)

    @property
    def running(self) -> bool:
        """Whether something of it is, or will be, in the cloud."""
        return any(grant.state in OPEN for grant in self.grants)

    @property
    def under_review(self) -> bool:
        """Whether it was taken in an emergency, and nobody has said yet what they think of that."""
        return self.emergency is not None and self.emergency.under_review

    @property
    def scheduled(self) -> bool:
        """Approved, and yet to begin."""
        return self.request.state is RequestState.SCHEDULED

    @property
    def pending(self) -> bool:
        """Still waiting for a decision."""
        return self.request.state is RequestState.PENDING


def read(tx: Tx, request_id: int) -> RequestView | None:
    """The request of that number; None where there is none."""
    request = requests.get(tx, request_id)
    return of(tx, request) if request else None


def named(tx: Tx, public_id: str) -> RequestView | None:
    """By what a button or a form carries."""
    request = requests.by_public_id(tx, public_id)
    return of(tx, request) if request else None


def of(tx: Tx, request: AccessRequest) -> RequestView:
    """This request, with what the ledger has of it besides."""
    given = tuple(grants.of_request(tx, request.id))
    words = tuple(decisions.of_request(tx, request.id))
    pending = request.state is RequestState.PENDING
    extended = _extended(tx, request)
    away = absences.every_one(tx, request.team_id) if pending else {}
    return RequestView(
        request,
        words,
        identity_claims.of_request(tx, request.id),
        given,
        _early_end(tx, request.id) if any(grant.end_cause in EARLY for grant in given) else None,
        {grant.id: word_on(tx, grant) for grant in given if grant.entitlement.by_hand},
        extended,
        next((each for each in extensions.of_request(tx, request.id) if each.state in STANDING), None),
        never_reviewed(tx, request.entitlements) if pending else (),
        under_review_anew(tx, request.entitlements) if pending else (),
        frozenset(away),
        _too_few(tx, request, words, away) if away else None,
        emergencies.of_request(tx, request.id),
        _shortened(tx, request, words, extended),
    )


def _too_few(
    tx: Tx, request: AccessRequest, words: Sequence[Decision], away: Mapping[SlackUserId, DomainMillis]
) -> TooFewHere | None:
    approved = {word.slack_user_id for word in words if word.verdict is Verdict.APPROVE and word.counted}
    asked = [each for each in request.asked_approvers if each not in approved]
    return too_few_here(tx, request.team_id, request.approvals_needed - len(approved), asked, away)


def _extended(tx: Tx, request: AccessRequest) -> Extended | None:
    before = extensions.extended(tx, request)
    if before is None or before.ends_at is None:
        return None
    return Extended(before.ref, extensions.begun(extensions.first_of(tx, before)), before.ends_at)


def _early_end(tx: Tx, request_id: int) -> EarlyEnd | None:
    """Who said so, and why, stands in the trail alone."""
    for entry in reversed(trail.of_request(tx, request_id)):
        said = entry.fields
        if said["event"] in EARLY:
            return EarlyEnd(EndCause(said["event"]), said["by_slack"], entry.moment, said.get("reason"))
    return None


def _shortened(
    tx: Tx, request: AccessRequest, words: Sequence[Decision], extended: Extended | None
) -> Shortening | None:
    """Likewise. Of what runs for as long as it was approved for, the trail is not read."""
    usual = _usual_end(request, words, extended)
    if request.ends_at is None or (usual is not None and request.ends_at >= usual):
        return None
    for entry in reversed(trail.of_request(tx, request.id)):
        if entry.fields["event"] == AuditEvent.SHORTENED:
            return Shortening(entry.fields["by_slack"], entry.moment)
    return None


def _usual_end(request: AccessRequest, words: Sequence[Decision], extended: Extended | None) -> DomainMillis | None:
    """When it would end as it was approved; None until revoked."""
    lengths = [request.duration, *(word.duration for word in words if word.counted)]
    known = [each for each in lengths if each is not None]
    if not known:
        return None
    begun = max(request.closed_at or 0, request.starts_at or 0) if extended is None else extended.ends_at
    end = DomainMillis(begun + min(known))
    return end if request.ends_by is None else min(end, request.ends_by)


def history(tx: Tx, request_id: int) -> list[Entry]:
    """Everything that the audit trail has of one request, oldest first."""
    return trail.of_request(tx, request_id)


def asked_with(tx: Tx, asked_key: str) -> AccessRequest | None:
    """The request that one submission made, however often it is delivered."""
    return requests.by_asked_key(tx, asked_key)
