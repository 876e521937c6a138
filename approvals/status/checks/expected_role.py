"""Whether everybody who has a bundle has the member role too that goes with it, where nobody is given it from here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from approvals.findings import CheckResult, CheckState, Finding
from approvals.people import Principal
from approvals.status.checks.kind import CheckKind, Judge, StatusRow
from approvals.status.reads import CloudReads
from approvals.status.terms import ExpectedRole, StatusTerms

EXPECTED_ROLE = CheckResult("expected_role", CheckState.OK)
NOBODY_EXPECTED = CheckResult("nobody_expected", CheckState.NOT_SET)
EXPECTED_ROLE_LACKING = CheckResult("expected_role_lacking", CheckState.FAILED)


def judge(
    check: str, wanted: ExpectedRole, people: Mapping[str, Sequence[Principal]], having: Mapping[str, Collection[str]]
) -> Finding:
    """By place, who should have the role there, and the UserIds of those who do, or have more."""
    lacking = [
        f"{person.name} in {place}"
        for place, expected in people.items()
        for person in expected
        if person.user_id not in having[place]
    ]
    if lacking:
        return Finding(check, EXPECTED_ROLE_LACKING, {"role": wanted.role, "people": lacking})
    count = sum(map(len, people.values()))
    return (
        Finding(check, EXPECTED_ROLE, {"role": wanted.role, "of": count}) if count else Finding(check, NOBODY_EXPECTED)
    )


def _rows(terms: StatusTerms) -> Sequence[StatusRow]:
    """A row for each such role."""
    return [StatusRow(name, role.title) for name, role in terms.expected_roles.items()]


def _ask(row: str, terms: StatusTerms, reads: CloudReads) -> Judge:
    wanted = terms.expected_roles[row]
    people = {place: reads.holders(items) for place, items in wanted.items.items()}
    having = {place: reads.members_with(wanted.product, place, wanted.role) for place in wanted.items}

    def judged(check: str, _now: object) -> Finding:
        expected = {place: answer() for place, answer in people.items()}
        return judge(check, wanted, expected, {place: answer() for place, answer in having.items()})

    return judged


def _product(row: str, terms: StatusTerms) -> str:
    return terms.expected_roles[row].ram_code


KIND = CheckKind("members", (EXPECTED_ROLE, NOBODY_EXPECTED, EXPECTED_ROLE_LACKING), _rows, _ask, product_of=_product)
