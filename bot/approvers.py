"""Whom to tell in person where no channel takes what approvers must know."""

from __future__ import annotations

from approvals.ledger import Ledger
from approvals.operations.standing import linked_approvers, may_decide
from approvals.ports import Directory


class Approvers:
    def __init__(self, ledger: Ledger, directory: Directory, team_id: str) -> None:
        self._ledger = ledger
        self._directory = directory
        self._team_id = team_id

    def now(self) -> tuple[str, ...]:
        """Slack user ids of the linked who may approve, by what RAM says now.

        Raises:
            Refusal: RAM does not say it.
        """
        admins = self._directory.admins()
        with self._ledger.read() as tx:
            return tuple(slack for _, slack in linked_approvers(tx, self._team_id, may_decide(tx, admins), ()))
