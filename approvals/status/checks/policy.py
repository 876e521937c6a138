"""Whether the account has one of the catalogue's policies, and how many hold it."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.errors import CloudErrorKind
from approvals.findings import CheckResult, CheckState, Finding
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.checks.unseen import REFUSED
from approvals.status.reads import CloudReads
from approvals.status.seen import PolicySummary
from approvals.status.terms import StatusTerms

INITIALISED = CheckResult("initialised", CheckState.OK)
NOT_INITIALISED = CheckResult("not_initialised", CheckState.FAILED)


def judge(check: str, name: str, summary: PolicySummary) -> Finding:
    """`summary`: what the account has of the policy of that name."""
    if summary.error is CloudErrorKind.NO_POLICY:
        return Finding(check, NOT_INITIALISED, {"policy": name})
    if summary.error is not None:
        return Finding(check, REFUSED, {"code": summary.error.value, "action": "GetPolicy"})
    return Finding(check, INITIALISED, {"policy": name, "holders": summary.holders})


def _rows(terms: StatusTerms) -> Sequence[StatusRow]:
    """Their titles are no words for them: a catalogue may use one twice."""
    return [StatusRow(policy.name, policy.title, typed_by_title=False) for policy in terms.policies]


def _ask(row: str, _terms: StatusTerms, reads: CloudReads) -> Judge:
    summary = reads.policy(row)
    return lambda check, _now: judge(check, row, summary())


KIND = CheckKind("policy", (INITIALISED, NOT_INITIALISED), _rows, _ask)
