"""Who may approve: whether there are enough of them for each rule, before the day on which there are not."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.entitlements import ADMIN_POLICY
from approvals.ledger import people
from approvals.queries.actor import may_decide
from bot.check.context import CheckContext
from bot.check.row import CheckRow, NotTried, failed, ok, warning

NAME = "approvers"
LINK = "Link each: pairec-access link SLACK-USER-ID RAM-USER."
NOBODY_LEFT = f"If none is left, only the account's owner can attach {ADMIN_POLICY} in the RAM console."


def check_approvers(context: CheckContext) -> Iterator[CheckRow]:
    """Nobody decides on their own request, so that one more than a rule asks for has to be there."""
    holders = context.ram().holders(ADMIN_POLICY)
    held = len(holders.user_ids)
    if not held:
        yield failed(NAME, f"nobody holds {ADMIN_POLICY}", f"Attach it to three people in the RAM console. {LINK}")
        return
    try:
        with context.ledger().read() as tx:
            deciding = may_decide(tx, holders)
            linked = sum(people.link_of_principal(tx, user) is not None for user in deciding)
    except NotTried as why:
        seen = f"{held} hold {ADMIN_POLICY}; who is linked is not known: {why}"
        yield warning(NAME, seen, f"The ledger comes first. {LINK}")
        return
    most = max((item.approvals for item in context.catalog().items.values()), default=1)
    seen = f"{held} hold {ADMIN_POLICY}, {linked} of them are linked and may decide"
    if not linked:
        yield failed(NAME, f"{seen}: nothing can be approved", f"{LINK} {NOBODY_LEFT}")
    elif linked < most:
        yield warning(NAME, f"{seen}: what wants {most} approvals can never be approved", LINK)
    elif linked == most:
        yield warning(NAME, f"{seen}: none of them can be given what wants {most} approvals", f"{LINK} {NOBODY_LEFT}")
    else:
        yield ok(NAME, f"{seen}; no rule wants more than {most}")
