"""Whether the engine can run under its role without an access key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from approvals.findings import REPAIR, CheckResult, CheckState, Finding
from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import UnreadableDocument, read_trust
from approvals.policies.ruling import PolicyVerdict, rule
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.checks.roles import NO_ROLE, ROLE_READY
from approvals.status.checks.unseen import unreadable
from approvals.status.reads import CloudReads
from approvals.status.seen import RoleSeen
from approvals.status.terms import EngineRole, StatusTerms

ENGINE_ROLE = "engine-role"
"""The row, and the repair that attaches the policy."""
NOT_TRUSTED = CheckResult("not_trusted", CheckState.FAILED)
TRUST_CONDITIONAL = CheckResult("trust_conditional", CheckState.CONDITIONAL)
NO_POLICY = CheckResult("no_policy", CheckState.FAILED)


def judge(check: str, wanted: EngineRole, role: RoleSeen | None) -> Finding:
    """`role`: the one of the wanted name, or None."""
    if role is None:
        return Finding(check, NO_ROLE, {"role": wanted.name, "trusts": wanted.trusts})
    facts: dict[str, Any] = {"role": role.name, "trusts": wanted.trusts, "policy": wanted.policy}
    try:
        trust = rule("sts:AssumeRole", read_trust(role.trust_document, wanted.trusts), EvaluationContext())
    except UnreadableDocument as error:
        return unreadable(check, role.name, str(error))
    if trust.verdict in (PolicyVerdict.MISSING, PolicyVerdict.DENIED):
        return Finding(check, NOT_TRUSTED, facts)
    if wanted.policy not in {policy.name for policy in role.policies}:
        return Finding(check, NO_POLICY, {**facts, REPAIR: ENGINE_ROLE})
    if trust.verdict is PolicyVerdict.CONDITIONAL:
        return Finding(check, TRUST_CONDITIONAL, {**facts, "limits": list(trust.limits)})
    return Finding(check, ROLE_READY, {"role": role.name, "policies": [wanted.policy]})


def _rows(terms: StatusTerms) -> Sequence[StatusRow]:
    role = terms.engine_role
    return (StatusRow(ENGINE_ROLE, role.title, (*role.also, role.name)),)


def _ask(_row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    wanted = terms.engine_role
    role = reads.role(wanted.name)
    return lambda check, _now: judge(check, wanted, role())


KIND = CheckKind("role", (ROLE_READY, NO_ROLE, NOT_TRUSTED, TRUST_CONDITIONAL, NO_POLICY), _rows, _ask)
