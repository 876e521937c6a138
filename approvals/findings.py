"""What one check found, as data. Words for it are in handlers/views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from approvals.ids import SlackUserId
from approvals.millis import DomainMillis


class CheckState(StrEnum):
    """How it stands with what a check looks at; the ledger stores the value."""

    OK = "ok"
    CONDITIONAL = "conditional"
    """Granted under conditions whose outcome cannot be known here."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It could not be looked at; nothing is concluded from that."""
    NOT_SET = "not set"
    """Nothing to look at is configured."""


WORST_FIRST = (CheckState.FAILED, CheckState.UNKNOWN, CheckState.CONDITIONAL, CheckState.OK, CheckState.NOT_SET)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a kind of check can find; each is declared with its kind, in `approvals.status.checks`."""

    word: str
    """As the ledger has it: it stays for ever, and means one thing in all kinds."""
    state: CheckState


REPAIR = "mend"
"""The fact that names what would put a finding right with one click. Its stored name stays: a replica of the version
before draws boards from what it finds there, and would draw them without the button.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found when it looked last."""

    check: str
    """`oss/permission`: the row, and which of its sources."""
    result: CheckResult
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What fills the sentence, as JSON has it; and REPAIR, where there is one."""

    @property
    def state(self) -> CheckState:
        """The state that its result means."""
        return self.result.state

    @property
    def repair(self) -> str | None:
        """The name of the repair that would put it right; None where nothing here can."""
        repair: str | None = self.facts.get(REPAIR)
        return repair


def worst(states: list[CheckState]) -> CheckState:
    """What a row of several findings shows."""
    return min(states, key=WORST_FIRST.index)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who or what brought a change about, by what is recorded here."""

    ref: str
    """The request through which it came, or was there."""
    by: SlackUserId | None
    """Whose click it was; None where it was nobody's here."""


@dataclass(frozen=True, slots=True)
class Change:
    """A check that found another state than it did the time before; `at` is when, and `was` what it had found."""

    id: int
    at: DomainMillis
    was: CheckState
    finding: Finding
    doer: Doer | None = None
    """None where nothing here says who did it."""
