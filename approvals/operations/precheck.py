"""What the ledger, and a list of RAM users that is a little old, say against a request before it is made.

For a form to show under its fields while it is open. It asks nothing of Slack or RAM and decides nothing: the same
rules judge again when the request is recorded, on what both say then.
"""

from __future__ import annotations

from approvals.catalog.model import Catalog
from approvals.errors import Refusal
from approvals.evidence import RamUser
from approvals.ledger import Tx, people, requests
from approvals.operations.ask import Ask
from approvals.operations.check_needed import already_pending
from approvals.operations.judge_claim import claim_refusals
from approvals.refusals.links import RequesterNotLinked


def precheck(
    tx: Tx, catalog: Catalog, ask: Ask, roster: tuple[RamUser, ...] | None, match: str | None
) -> list[Refusal]:
    """Everything at once. `match` is the UserId that the form found by the subject's e-mail address."""
    item = catalog.find(ask.item)
    if item is None or requests.by_asked_key(tx, ask.asked_key):
        # The same form once more has made its request already, and is answered with that.
        return []
    found: list[Refusal] = []
    if ask.subject != ask.requester and people.link_of(tx, ask.team_id, ask.requester) is None:
        found.append(RequesterNotLinked())
    link = people.link_of(tx, ask.team_id, ask.subject)
    if link is None and ask.claim:
        matches = tuple(user for user in roster or () if user.principal.user_id == match)
        found += claim_refusals(tx, ask, ask.claim, roster, matches)
    principal = link.principal if link else ask.claim
    if principal:
        found += already_pending(tx, ask, item, principal)
    return found
