"""Whether this program has the role that it needs in each place, in a product that lets nobody else add members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from approvals.findings import CheckResult, CheckState, Finding
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.reads import CloudReads
from approvals.status.terms import OwnRole, StatusTerms

OWN_ROLE = CheckResult("own_role", CheckState.OK)
OWN_ROLE_LACKING = CheckResult("own_role_lacking", CheckState.FAILED)


def judge(check: str, wanted: OwnRole, had: Mapping[str, str]) -> Finding:
    """`had`: the role that the program has in each place in which it has one."""
    facts = {"product": wanted.title, "role": wanted.role}
    lacking = [place for place in wanted.places if had.get(place) != wanted.role]
    if lacking:
        return Finding(check, OWN_ROLE_LACKING, {**facts, "places": lacking})
    return Finding(check, OWN_ROLE, {**facts, "places": list(wanted.places)})


def _rows(terms: StatusTerms) -> Sequence[StatusRow]:
    """A row for each such product in which a place is named."""
    return [StatusRow(f"{product}-bot", f"{own.title}: this app") for product, own in terms.own_roles.items()]


def _ask(row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    product = row.rpartition("-")[0]
    had = reads.own_roles(product, terms.own_roles[product].places)
    return lambda check, _now: judge(check, terms.own_roles[product], had())


def _product(row: str, terms: StatusTerms) -> str:
    return terms.own_roles[row.rpartition("-")[0]].ram_code


KIND = CheckKind("membership", (OWN_ROLE, OWN_ROLE_LACKING), _rows, _ask, product_of=_product)
