"""What whatever is said to approvers is sent with: to their channel, or else to each in person."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.ledger import Ledger
from approvals.ports import Clock
from bot.directory.approvers import Approvers
from bot.slack.outgoing import Outgoing
from bot.worker.approvals_channel import ApprovalsChannel
from bot.worker.postpone import Postpone


@dataclass(frozen=True, slots=True)
class ToApprovers:
    """The ways to them, and the record."""

    out: Outgoing
    ledger: Ledger
    clock: Clock
    channel: ApprovalsChannel
    approvers: Approvers
    postpone: Postpone
