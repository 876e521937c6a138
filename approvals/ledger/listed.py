"""Requests and grants as somebody who keeps the ledger lists them: the newest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.grant import Grant
from approvals.ledger import grants, requests
from approvals.model import AccessRequest
from approvals.transaction import Tx

NEWEST = 2**62
"""Greater than every number."""
_OF_STATE = "CASE WHEN scheduled = 1 THEN 'scheduled' ELSE state END IN ({})"
"""What was approved for later is stored as approved."""


def requests_before(
    tx: Tx, before: int, *, states: Sequence[str], person: str | None, limit: int
) -> list[AccessRequest]:
    """Requests whose number is less than `before`, in these states or, where none is named, in any; `person`: only
    those of whom this is the Slack user id, RAM UserId or RAM user name, whether they asked or it was for them.
    """
    theirs = "(requester = :person OR requester_ram_id = :person OR subject = :person OR subject_ram_id = :person"
    where, values = _conditions("id", before, states, person, f"{theirs} OR subject_ram_name = :person)", _OF_STATE)
    return requests.of_rows(
        tx.rows(f"SELECT * FROM requests{where} ORDER BY id DESC LIMIT :limit", limit=limit, **values)
    )


def grants_before(tx: Tx, before: int, *, states: Sequence[str], person: str | None, limit: int) -> list[Grant]:
    """Grants whose number is less than `before`, in these states or, where none is named, in any; `person`: only those
    of the RAM user of this UserId or name.
    """
    where, values = _conditions("id", before, states, person, "(ram_user_id = :person OR ram_user_name = :person)")
    return grants.of_rows(tx.rows(f"SELECT * FROM grants{where} ORDER BY id DESC LIMIT :limit", limit=limit, **values))


def _conditions(
    number: str, before: int, states: Sequence[str], person: str | None, theirs: str, of_state: str = "state IN ({})"
) -> tuple[str, dict[str, Any]]:
    parts = [f"{number} < :before"]
    values: dict[str, Any] = {"before": before}
    if states:
        named = {f"state{at}": state for at, state in enumerate(states)}
        parts.append(of_state.format(", ".join(f":{name}" for name in named)))
        values.update(named)
    if person is not None:
        parts.append(theirs)
        values["person"] = person
    return f" WHERE {' AND '.join(parts)}", values
