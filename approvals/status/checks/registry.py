"""Every kind of check. What is looked at, what can be found and what that means all come from here."""

from __future__ import annotations

from dataclasses import replace

from approvals.findings import CheckResult, CheckState
from approvals.status.checks import (
    connection,
    engine_role,
    expected_role,
    own_role,
    permission,
    policy,
    quota_route,
    service_role,
    task_owner,
    tenant_role,
    unseen,
)
from approvals.status.checks.kind import CheckKind, StatusRow
from approvals.status.terms import StatusTerms

KINDS: tuple[CheckKind, ...] = (
    service_role.KIND,
    permission.KIND,
    connection.KIND,
    engine_role.KIND,
    policy.KIND,
    tenant_role.KIND,
    quota_route.KIND,
    task_owner.KIND,
    own_role.KIND,
    expected_role.KIND,
)
"""In the order of the board."""
_RESULTS = {
    result.word: result for results in (unseen.RESULTS, *(kind.results for kind in KINDS)) for result in results
}


def result_named(word: str) -> CheckResult:
    """The result of that stored word. One that a newer program found is not known here, and nothing is concluded from
    it.
    """
    return _RESULTS.get(word) or CheckResult(word, CheckState.UNKNOWN)


def results() -> tuple[CheckResult, ...]:
    """All that can be found."""
    return tuple(_RESULTS.values())


def rows(terms: StatusTerms) -> tuple[StatusRow, ...]:
    """What a board shows, each row with the kinds of checks that it is made of."""
    kinds_of: dict[StatusRow, tuple[CheckKind, ...]] = {}
    for kind in KINDS:
        for row in kind.rows(terms):
            kinds_of[row] = (*kinds_of.get(row, ()), kind)
    return tuple(replace(row, kinds=kinds) for row, kinds in kinds_of.items())
