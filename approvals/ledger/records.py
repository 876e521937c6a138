"""A request with all that a card, a message or a list shows of it, read in one go."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ledger import grants, requests
from approvals.ledger.tx import Tx
from approvals.model import OPEN, AccessRequest, Claim, Decision, Grant, RequestState, Verdict


@dataclass(frozen=True, slots=True)
class Record:
    request: AccessRequest
    decisions: tuple[Decision, ...]
    claim: Claim | None
    grants: tuple[Grant, ...]

    @property
    def approvals(self) -> tuple[Decision, ...]:
        """Approvals that count."""
        return tuple(word for word in self.decisions if word.verdict is Verdict.APPROVE and word.counted)

    @property
    def running(self) -> bool:
        """Whether something of it is, or will be, in the cloud."""
        return any(grant.state in OPEN for grant in self.grants)

    @property
    def pending(self) -> bool:
        """Still waiting for a decision."""
        return self.request.state is RequestState.PENDING


def read(tx: Tx, request_id: int) -> Record | None:
    request = requests.get(tx, request_id)
    return of(tx, request) if request else None


def of(tx: Tx, request: AccessRequest) -> Record:
    return Record(
        request,
        tuple(requests.decisions(tx, request.id)),
        requests.claim(tx, request.id),
        tuple(grants.of_request(tx, request.id)),
    )
