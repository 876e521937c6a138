"""The cloud account, and who the program is in it."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.ledger import identity
from approvals.operations import belonging
from bot.check.context import ACCOUNT, CheckContext
from bot.check.row import CheckRow, NotTried, failed, ok, warning
from bot.cloud.own_identity import ROOT

NAME = ACCOUNT


def check_account(context: CheckContext) -> Iterator[CheckRow]:
    """As STS says it, beside the ledger's."""
    found = context.identity.raw()
    try:
        ours = belonging.owner(context.ledger(), identity.ACCOUNT)
    except NotTried:
        ours = None
    if ours not in (None, found.account_id):
        remedy = f"Give it a key of {ours}, or another ledger."
        yield failed(NAME, f"the key is of {found.account_id}, the ledger of {ours}", remedy)
    elif found.kind == ROOT:
        remedy = "Give it a RAM user or a role of its own: this key may do everything."
        yield warning(NAME, f"{found.account_id}, as {found}", remedy)
    else:
        yield ok(NAME, f"{found.account_id}, as {found}")
