"""A ledger from before policies were reviewed: none is, and reviews are kept from then on, on either engine."""

from __future__ import annotations

from contextlib import closing

from approvals.audit_events import AuditEvent
from approvals.ids import SlackUserId
from approvals.ledger import open_ledger, policy_reviews, trail
from approvals.policies.reviewed import PolicyNow, ReviewState, review_state
from tests.harness.builders import NOW
from tests.harness.older_ledgers import program_of_step

BEFORE = 27
BOTH = (SlackUserId("U0BOB"), SlackUserId("U0JUDY"))


def seen(version: str, action: str) -> PolicyNow:
    document = f'{{"Version": "1", "Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}]}}'
    return PolicyNow.of("PaiRecEngineAccess", "Custom", version, document)


def test_a_ledger_of_before_takes_reviews_and_keeps_its_trail(address: str) -> None:
    with program_of_step(BEFORE), closing(open_ledger(address)) as old, old.write() as tx:
        trail.append_event(tx, NOW, AuditEvent.SETUP_CHANGED, what="settings")
        head = trail.last(tx)
    first, second = seen("v1", "eas:*"), seen("v2", "ram:*")
    with closing(open_ledger(address)) as ledger, ledger.write() as tx:
        assert trail.last(tx) == head
        assert policy_reviews.every_one(tx) == {}
        policy_reviews.put(tx, first, BOTH, NOW)
        kept = policy_reviews.of_names(tx, [first.name, "another"])[first.name]
        assert (kept.by, kept.at, kept.policy.version) == (BOTH, NOW, "v1")
        assert review_state(kept.policy, first) is ReviewState.REVIEWED
        assert review_state(kept.policy, second) is ReviewState.CHANGED
        policy_reviews.put(tx, second, (), NOW)
        (kept,) = policy_reviews.every_one(tx).values()
        assert (kept.by, review_state(kept.policy, second)) == ((), ReviewState.REVIEWED)
        assert policy_reviews.of_names(tx, []) == {}
