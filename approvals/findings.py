"""What one check found, as data. Words for it are in handlers/views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from approvals.millis import DomainMillis


class CheckState(StrEnum):
    OK = "ok"
    CONDITIONAL = "conditional"
    """Granted under conditions whose outcome cannot be known here."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It could not be looked at; nothing is concluded from that."""
    NOT_SET = "not set"
    """Nothing to look at is configured."""


WORST_FIRST = (CheckState.FAILED, CheckState.UNKNOWN, CheckState.CONDITIONAL, CheckState.OK, CheckState.NOT_SET)


class CheckResult(StrEnum):
    # permissions of PAI-Rec's own role, by RAM's texts
    GRANTED = "granted"
    MISSING = "missing"
    CONDITIONAL = "conditional"
    UNREADABLE = "unreadable"
    # roles
    ROLE_READY = "role_ready"
    NO_ROLE = "no_role"
    NOT_SERVICE_LINKED = "not_service_linked"
    NOT_TRUSTED = "not_trusted"
    TRUST_CONDITIONAL = "trust_conditional"
    NO_POLICY = "no_policy"
    # policies
    INITIALISED = "initialised"
    NOT_INITIALISED = "not_initialised"
    # PAI-Rec's own look at the resources of its instances
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    NOT_CHECKED = "not_checked"
    NO_INSTANCE = "no_instance"
    NO_INSTANCES_SET = "no_instances_set"
    NO_RESOURCES = "no_resources"
    NO_CHECK = "no_check"
    # training
    TENANT_READY = "tenant_ready"
    NO_TENANT_ROLE = "no_tenant_role"
    WRONG_GRANTS = "wrong_grants"
    NO_PROJECT_SET = "no_project_set"
    ROUTE_ON = "route_on"
    ROUTE_OFF = "route_off"
    NOT_DEDICATED = "not_dedicated"
    ACCOUNT_OWNS = "account_owns"
    OTHERS_OWN = "others_own"
    NO_PROJECT = "no_project"
    NOT_INSTALLED = "not_installed"
    SDK_NOT_INSTALLED = "sdk_not_installed"
    # nothing could be seen
    NO_ANSWER = "no_answer"
    MAY_NOT_LOOK = "may_not_look"
    BOT_UNWELL = "bot_unwell"
    REFUSED = "refused"


_STATES = {
    CheckState.OK: (
        CheckResult.GRANTED,
        CheckResult.ROLE_READY,
        CheckResult.INITIALISED,
        CheckResult.REACHED,
        CheckResult.TENANT_READY,
        CheckResult.ROUTE_ON,
        CheckResult.ACCOUNT_OWNS,
    ),
    CheckState.CONDITIONAL: (CheckResult.CONDITIONAL, CheckResult.TRUST_CONDITIONAL),
    CheckState.UNKNOWN: (
        CheckResult.UNREADABLE,
        CheckResult.NOT_CHECKED,
        CheckResult.NOT_INSTALLED,
        CheckResult.SDK_NOT_INSTALLED,
        CheckResult.NO_ANSWER,
        CheckResult.MAY_NOT_LOOK,
        CheckResult.BOT_UNWELL,
        CheckResult.REFUSED,
    ),
    CheckState.NOT_SET: (
        CheckResult.NO_INSTANCES_SET,
        CheckResult.NO_RESOURCES,
        CheckResult.NO_CHECK,
        CheckResult.NO_PROJECT_SET,
        CheckResult.NOT_DEDICATED,
    ),
}
_STATE_OF = {result: state for state, results in _STATES.items() for result in results}


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    """`oss/permission`: the row, and which of its sources."""
    result: CheckResult
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What fills the sentence, as JSON has it; `repair` names what would put it right with one click."""

    @property
    def state(self) -> CheckState:
        return state_of(self.result)

    @property
    def repair(self) -> str | None:
        repair: str | None = self.facts.get("mend")
        return repair


def state_of(result: CheckResult) -> CheckState:
    return _STATE_OF.get(result, CheckState.FAILED)


def worst(states: list[CheckState]) -> CheckState:
    """What a row of several findings shows."""
    return min(states, key=WORST_FIRST.index)


@dataclass(frozen=True, slots=True)
class Change:
    """A check that found another state than it did the time before; `at` is when, and `was` what it had found."""

    id: int
    at: DomainMillis
    was: CheckState
    finding: Finding
