"""Whether the texts of the policies of PAI-Rec's own role let it do what counts for a service."""

from __future__ import annotations

from collections.abc import Sequence

from approvals.audit import iso
from approvals.findings import REPAIR, CheckResult, CheckState, Finding
from approvals.millis import DomainMillis
from approvals.policies.conditions import EvaluationContext
from approvals.policies.document import Statement, UnreadableDocument, read_document
from approvals.policies.matching import ResourcePattern
from approvals.policies.ruling import PolicyVerdict, rule
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.checks.roles import NO_ROLE
from approvals.status.checks.service_role import SERVICE_ROLE
from approvals.status.checks.unseen import unreadable
from approvals.status.reads import CloudReads
from approvals.status.seen import RoleSeen
from approvals.status.terms import ServiceTerms, StatusTerms

GRANTED = CheckResult("granted", CheckState.OK)
MISSING = CheckResult("missing", CheckState.FAILED)
CONDITIONAL = CheckResult("conditional", CheckState.CONDITIONAL)


def judge(check: str, service: ServiceTerms, name: str, role: RoleSeen | None, now: DomainMillis) -> Finding:
    """`role`: the one of that `name` with its policies' texts, or None; they are judged at `now`."""
    if role is None:
        return Finding(check, NO_ROLE, {"role": name, REPAIR: SERVICE_ROLE})
    statements: list[Statement] = []
    for policy in role.policies:
        try:
            statements += read_document(policy.document or "")
        except UnreadableDocument as error:
            return unreadable(check, policy.name, str(error))
    context = EvaluationContext({"acs:CurrentTime": iso(now)})
    everything = ResourcePattern(account_id=role.account_id)
    rulings = {action: rule(action, statements, context, everything) for action in service.actions}
    missing = [action for action, ruling in rulings.items() if ruling.verdict is PolicyVerdict.MISSING]
    denied = [action for action, ruling in rulings.items() if ruling.verdict is PolicyVerdict.DENIED]
    if missing or denied:
        return Finding(check, MISSING, {"missing": missing, "denied": denied, "role": role.name})
    limits = list(dict.fromkeys(limit for ruling in rulings.values() for limit in ruling.limits))
    return Finding(check, CONDITIONAL, {"limits": limits}) if limits else Finding(check, GRANTED)


def service_rows(terms: StatusTerms) -> Sequence[StatusRow]:
    """A row for each service."""
    return [StatusRow(name, service.title, service.also) for name, service in terms.services.items()]


def _ask(row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    service, name = terms.services[row], terms.service_role.name
    role = reads.role_with_documents(name)
    return lambda check, now: judge(check, service, name, role(), now)


KIND = CheckKind("permission", (GRANTED, MISSING, CONDITIONAL, NO_ROLE), service_rows, _ask, one_read=True)
